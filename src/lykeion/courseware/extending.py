"""Due dates that the team gives to one learner: set, reset, listed (openedx.md §2.1, Date Extensions)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from lykeion.accounts import api as accounts
from lykeion.catalog import api as catalog
from lykeion.catalog.types import Enrolment, Run
from lykeion.content import api as content
from lykeion.content.types import Outline, OutlineBlock
from lykeion.core.keys import CourseLocator
from lykeion.core.upsert import upsert
from lykeion.courseware.models import OwnDue
from lykeion.courseware.needs import needs_of
from lykeion.courseware.pacing import original_due
from lykeion.courseware.plan import SUBSECTION_DEPTH
from lykeion.courseware.types import DueLine, DueRefused


def set_due(run_key: CourseLocator, user_id: int, ref: str, due: datetime, *, by: int | None, at: datetime) -> DueLine:
    """Gives a learner a due date of their own for the subsection ``ref`` and all in it; another replaces the first.
    It touches nobody else, nor any score. ``by``: the member of the team; who may do so is for the caller to check.

    Raises :class:`DueRefused` when there is no such subsection, when it has no due date, when the new one is not later
    than that, or when the person does not take the run; ``RunMissing``.
    """
    run, outline = catalog.run(run_key), content.outline(run_key)
    block = _subsection(outline, ref)
    with transaction.atomic():
        enrolment = _held(run, user_id)
        _check_later(block, original_due(run, enrolment, block, _due_after(run, outline)), due)
        row = OwnDue(user_id=user_id, run_id=run.id, ref=ref, due=due, set_by=by, set_at=at)
        upsert([row], ["due", "set_by", "set_at"])
        catalog.set_own_dates(user_id, run.id, own_dates=True)
    return _lines(outline, [row])[0]


def reset_due(run_key: CourseLocator, user_id: int, ref: str) -> bool:
    """Takes a learner's own due date for the subsection ``ref`` back; whether there was one. Raises ``RunMissing``."""
    run = catalog.run(run_key)
    with transaction.atomic():
        catalog.hold(user_id, run.id)
        mine = OwnDue.objects.filter(user_id=user_id, run_id=run.id)
        gone, _kinds = mine.filter(ref=ref).delete()
        if not mine.exists():
            catalog.set_own_dates(user_id, run.id, own_dates=False)
    return bool(gone)


def own_dues(
    run_key: CourseLocator,
    *,
    user_id: int | None = None,
    ref: str | None = None,
    after: int = 0,
    limit: int | None = None,
) -> tuple[DueLine, ...]:
    """The due dates given to single learners of a run: to one of them, for one subsection, or all. Three reads.

    With ``limit`` so many at most, of the learners past the id ``after``."""
    asked = {"user_id": user_id, "ref": ref}
    rows = OwnDue.objects.filter(run_id=catalog.run(run_key).id, **{k: v for k, v in asked.items() if v is not None})
    if limit is not None:
        rows = rows.filter(user_id__gt=after).order_by("user_id")[:limit]
    return _lines(content.outline(run_key), list(rows))


def extendable(run_key: CourseLocator) -> tuple[OutlineBlock, ...]:
    """The subsections that are due, at a date or some time after a learner began: those that can be extended."""
    run, outline = catalog.run(run_key), content.outline(run_key)
    after = _due_after(run, outline)
    subsections = (block for block in outline.blocks if block.depth == SUBSECTION_DEPTH)
    return tuple(block for block in subsections if block.settings.get("due") or block.ref in after)


def _subsection(outline: Outline, ref: str) -> OutlineBlock:
    block = outline.get(ref)
    if block is None or block.depth != SUBSECTION_DEPTH:
        raise DueRefused(_("“{ref}” is no subsection of this course; dates are given for subsections.").format(ref=ref))
    return block


def _held(run: Run, user_id: int) -> Enrolment:
    """The learner's enrolment, so that two members of the team take turns."""
    enrolment = catalog.hold(user_id, run.id)
    if enrolment is None:
        raise DueRefused(_("This person does not take the course. Enrol them first."))
    return enrolment


def _due_after(run: Run, outline: Outline) -> Mapping[str, timedelta]:
    return needs_of(outline).due_after if run.self_paced else {}


def _check_later(block: OutlineBlock, original: datetime | None, due: datetime) -> None:
    if original is None:
        raise DueRefused(_("“{title}” has no due date that could be extended.").format(title=block.title))
    if due <= original:
        words = _("“{title}” is due on {date} already. Choose a later date.")
        raise DueRefused(words.format(title=block.title, date=date_format(localtime(original), "DATETIME_FORMAT")))


def _lines(outline: Outline, rows: list[OwnDue]) -> tuple[DueLine, ...]:
    """By user name, then in course order; what the course does not have any more comes last, under its ref."""
    names = {one.id: one.username for one in accounts.people([row.user_id for row in rows]).values()}
    known = {row.ref: outline.get(row.ref) for row in rows}
    titles = {ref: block.title if block else ref for ref, block in known.items()}
    place = {ref: block.index if block else len(outline.blocks) for ref, block in known.items()}
    rows = sorted(rows, key=lambda row: (names.get(row.user_id, ""), place[row.ref]))
    return tuple(DueLine(row.user_id, names.get(row.user_id, ""), row.ref, titles[row.ref], row.due) for row in rows)
