"""Putting a list of people into cohorts, one for all or one for each line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.utils.translation import gettext as _

from lykeion.catalog import api as catalog
from lykeion.teaching.models import PeopleLine
from lykeion.teaching.people.kinds import Done, Kind, Work, find_owners, unknown, whose
from lykeion.teaching.types import Capability, TeachingError


def _cohort(work: Work, line: PeopleLine) -> str:
    return str(work.options.get("cohort") or line.details.get("cohort") or "")


def _plan(work: Work, lines: Sequence[PeopleLine]) -> None:
    now_in = catalog.cohort_names(work.run.id, {line.user_id for line in lines if line.user_id})
    for line in lines:
        line.plan = _planned(work, line, now_in)


def _planned(work: Work, line: PeopleLine, now_in: dict[int, str]) -> str:
    wanted = _cohort(work, line)
    if wanted not in work.cohorts:
        return "no_cohort" if wanted else "cohortless"
    if line.user_id is None:
        return unknown(line) or "preassign"
    current = now_in.get(line.user_id)
    if current is None:
        return "place"
    line.before = {"cohort": current}
    return "present" if current == wanted else "move"


def _do(work: Work, line: PeopleLine) -> Done:
    cohort = work.cohorts.get(_cohort(work, line))
    if cohort is None:
        return Done("no_cohort")
    user_id = line.user_id
    placed = catalog.place(work.run, cohort, line.entry, at=work.at, by=work.by)
    if placed.outcome in ("added", "moved", "preassigned"):
        work.record("cohort", user_id, cohort=cohort.name, **({"was": placed.previous} if placed.previous else {}))
    return Done(_OUTCOMES.get(placed.outcome, placed.outcome), {"cohort": placed.previous})


_OUTCOMES: Final = {"added": "placed", "invalid": "bad_address"}


def _undo(work: Work, line: PeopleLine) -> None:
    """Back into the cohort before; who had none has none until their next visit."""
    if line.outcome == "preassigned":
        if not catalog.forget_address(work.run, line.entry):
            raise TeachingError(_("Somebody has confirmed the address in between."))
        work.record("cohort", None, cohort="")
        return
    user_id = whose(line)
    previous = work.cohorts.get(line.before.get("cohort", ""))
    if previous is None:
        catalog.remove_from_cohort(work.run.key, user_id, at=work.at, by=work.by)
    else:
        catalog.place_person(work.run, previous, user_id, at=work.at, by=work.by)
    work.record("cohort", user_id, cohort=previous.name if previous else "")


KIND: Final = Kind(
    "cohort",
    Capability.COHORTS,
    ("username", "email", "cohort"),
    find_owners,
    _plan,
    _do,
    _undo,
    frozenset({"placed", "moved", "preassigned"}),
    ("cohort",),
)
