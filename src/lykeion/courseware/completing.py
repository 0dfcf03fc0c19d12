"""What learners do to a unit by looking at it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Final

from lykeion.content.types import Outline, OutlineBlock
from lykeion.courseware.access import wall_refusal
from lykeion.courseware.completion import COMPLETE
from lykeion.courseware.entering import check_taking_part, plan
from lykeion.courseware.models import LearnerState
from lykeion.courseware.places import remember_place, unit_at, unit_holding
from lykeion.courseware.types import Visitor
from lykeion.courseware.units import completes_by_view
from lykeion.courseware.visit import Work, keeping

UNIT_DEPTH: Final = 3  # course 0, section 1, subsection 2
MOST_LEAVES: Final = 500  # of one report


def complete(visitor: Visitor, completions: Mapping[str, float]) -> None:
    """See :func:`lykeion.courseware.api.complete`."""
    user_id = check_taking_part(visitor)
    outline, here = visitor.outline, plan(visitor)

    def see(work: Work) -> None:
        for one, value in islice(_leaves(outline, completions), MOST_LEAVES):
            if here.is_open(one) and completes_by_view(one):
                work.sink.completion(one.ref, value, user_id=user_id)

    keeping(visitor, see)


def _leaves(outline: Outline, completions: Mapping[str, float]) -> Iterator[tuple[OutlineBlock, float]]:
    """What ``completions`` stand for. Nobody sees more than a unit at once; a whole course would hold up others."""
    for ref, value in completions.items():
        block = outline.get(ref)
        if block is not None and block.depth >= UNIT_DEPTH:
            yield from ((one, value) for one in outline.subtree(block))


def is_done(visitor: Visitor, ref: str) -> bool:
    """See :func:`lykeion.courseware.api.is_done`."""
    user_id, here = check_taking_part(visitor), plan(visitor)
    held = unit_holding(visitor.outline, here, ref)
    units = here.subsections[here.home[held]].units if held else ()
    leaves = next((unit.leaves for unit in units if unit.ref == held), ())
    rows = LearnerState.objects.filter(user_id=user_id, run_id=visitor.run.id, ref__in=leaves, completion__gte=COMPLETE)
    return bool(leaves) and rows.count() == len(leaves)


def goto_position(visitor: Visitor, ref: str, position: int) -> None:
    """See :func:`lykeion.courseware.api.goto_position`."""
    user_id = check_taking_part(visitor)
    here = plan(visitor)
    unit = visitor.outline.get(unit_at(visitor.outline, here, ref, position))
    if unit is None:
        raise wall_refusal("staff_only", visitor.outline.course, beta=False)
    remember_place(visitor, user_id, unit, here.total)
