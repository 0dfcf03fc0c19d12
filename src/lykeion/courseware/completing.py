"""What learners do to a unit by looking at it."""

from __future__ import annotations

from collections.abc import Mapping

from lykeion.courseware.access import wall_refusal
from lykeion.courseware.entering import check_taking_part, plan
from lykeion.courseware.places import remember_place, unit_at
from lykeion.courseware.types import Visitor
from lykeion.courseware.units import completes_by_view
from lykeion.courseware.visit import Work, keeping


def complete(visitor: Visitor, completions: Mapping[str, float]) -> None:
    """See :func:`lykeion.courseware.api.complete`."""
    user_id = check_taking_part(visitor)
    outline, here = visitor.outline, plan(visitor)

    def see(work: Work) -> None:
        for ref, value in completions.items():
            block = outline.get(ref)
            for one in outline.subtree(block) if block is not None else ():
                if here.is_open(one) and completes_by_view(one):
                    work.sink.completion(one.ref, value, user_id=user_id)

    keeping(visitor, see)


def goto_position(visitor: Visitor, ref: str, position: int) -> None:
    """See :func:`lykeion.courseware.api.goto_position`."""
    user_id = check_taking_part(visitor)
    unit = visitor.outline.get(unit_at(visitor.outline, plan(visitor), ref, position))
    if unit is None:
        raise wall_refusal("staff_only", visitor.outline.course, beta=False)
    remember_place(visitor, user_id, unit)
