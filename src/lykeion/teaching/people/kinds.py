"""What can be done to a list of people: each kind says what it plans, does and takes back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from lykeion.accounts import api as accounts
from lykeion.catalog.types import Cohort, Run
from lykeion.teaching.api import deeds
from lykeion.teaching.models import PeopleLine
from lykeion.teaching.people.reading import is_address
from lykeion.teaching.types import Capability, Teacher

BAD_PLANS: Final = frozenset(
    {
        "unknown",
        "nobody",
        "bad_address",
        "no_track",
        "twice",
        "cohortless",
        "no_cohort",
        "not_enrolled",
        "taken",
        "empty",
        "not_tester",
    }
)
"""Plans of lines with which nothing is done."""


@dataclass(slots=True)
class Work:
    """What the lines of one list have in common. ``tracks`` and ``cohorts`` are those the course has."""

    teacher: Teacher
    number: int
    options: dict[str, Any]
    at: datetime
    tracks: frozenset[str] = frozenset()
    cohorts: dict[str, Cohort] = field(default_factory=dict)

    @property
    def run(self) -> Run:
        """The course."""
        return self.teacher.run

    @property
    def by(self) -> int:
        """The id of who does it."""
        return self.teacher.person.id

    def record(self, what: str, user_id: int | None, **details: Any) -> None:
        """Writes a line of the audit log; addresses of people without an account do not get into it."""
        deeds.record(
            self.teacher,
            what,
            about=user_id or 0,
            reason=str(self.options.get("reason", "")),
            details={**details, "list": self.number},
            at=self.at,
        )


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a line: a word for it, what undoing needs, and a reason in words."""

    outcome: str
    before: dict[str, Any] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """One thing to do to a list. ``find`` finds whom lines mean, when they are planned and again when they are done:
    accounts come and go in between. ``undoable``: outcomes that ``undo`` takes back."""

    name: str
    needs: Capability
    columns: tuple[str, ...]
    find: Callable[[Sequence[PeopleLine]], None]
    plan: Callable[[Work, Sequence[PeopleLine]], None]
    do: Callable[[Work, PeopleLine], Done]
    undo: Callable[[Work, PeopleLine], None] | None = None
    undoable: frozenset[str] = frozenset()
    needed: tuple[str, ...] = ()


def find_owners(lines: Sequence[PeopleLine]) -> None:
    """Finds whom the entries mean: an address means only who proved that it is theirs. Two queries."""
    _look_up(lines, accounts.owners)


def find_anybody(lines: Sequence[PeopleLine]) -> None:
    """Finds whom the entries mean, by addresses that were only typed, too: where nothing is given. Two queries."""
    _look_up(lines, accounts.ids_addressed)


def _look_up(lines: Sequence[PeopleLine], find: Callable[[set[str]], dict[str, int]]) -> None:
    entries = {line.entry for line in lines}
    by_name = accounts.ids_named({entry for entry in entries if "@" not in entry})
    by_address = find({entry for entry in entries if "@" in entry})
    for line in lines:
        key = line.entry.lower()
        line.user_id = by_address.get(key) if "@" in key else by_name.get(key)


def whose(line: PeopleLine) -> int:
    """Who was meant by a line that was done to somebody with an account."""
    if line.user_id is None:
        raise LookupError(f"Line {line.number} of list {line.people_id} names nobody, but was done to somebody.")
    return int(line.user_id)


def unknown(line: PeopleLine) -> str:
    """The plan for an entry that is nobody's and cannot be invited; '' for an address."""
    if not line.entry:
        return "empty"
    if "@" not in line.entry:
        return "unknown"
    return "" if is_address(line.entry) else "bad_address"
