"""Values that cross the door of ``catalog``: runs as offered, enrolments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from lykeion.core.errors import LykeionError
from lykeion.core.keys import CourseLocator


class CohortError(LykeionError):
    """A cohort cannot become what was asked for; the message says why. Nothing was changed."""


class EnrolmentRefused(LykeionError):
    """A person may not enrol; ``code`` is Open edX's word for why, the message is fit for a learner."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Run:
    """A course run as offered: what cards, the about page and the access rules need without its content.

    ``image`` is the path of a file of the course ('' when it has none); ``prerequisites`` are keys of runs.
    ``audit_ends``: free access ends some weeks after it began (by ``weeks_to_complete``); ``gates_graded``: graded
    content is for those who pay; both only where a verified track is offered. ``cohorted``: learners are in cohorts;
    ``cohorts_decided``: the team said whether they are, and what the course says does not count.
    """

    id: int
    key: CourseLocator
    title: str
    org: str
    number: str
    short_description: str
    image: str
    language: str
    start: datetime | None
    end: datetime | None
    advertised_start: str
    enrollment_start: datetime | None
    enrollment_end: datetime | None
    self_paced: bool
    catalog_visibility: Literal["both", "about", "none"]
    course_visibility: Literal["private", "public_outline", "public"]
    invitation_only: bool
    max_enrolments: int | None
    days_early_for_beta: float | None
    mobile_available: bool
    effort: str
    prerequisites: tuple[str, ...] = ()
    audit_ends: bool = False
    weeks_to_complete: int | None = None
    gates_graded: bool = False
    cohorted: bool = False
    cohorts_decided: bool = False


@dataclass(frozen=True, slots=True)
class Enrolment:
    """That a learner takes (``is_active``) or took a run; state and grades stay when it ends.

    ``schedule_start`` is what their relative due dates count from (None: the rule); ``own_dates``: whether they have
    due dates of their own.
    """

    user_id: int
    run_id: int
    mode: str
    is_active: bool
    created: datetime
    schedule_start: datetime | None = None
    own_dates: bool = False


@dataclass(frozen=True, slots=True)
class Enrolled:
    """One line of a run's roll: somebody who takes or took it. ``cohort`` is '' for none; ``cohort_group`` are the ids
    of partition and group of its content group."""

    user_id: int
    mode: str
    is_active: bool
    created: datetime
    cohort: str = ""
    cohort_group: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """One value a list can be narrowed to, and its name for people."""

    value: str
    name: str


@dataclass(frozen=True, slots=True)
class RunQuery:
    """What somebody looks for in the catalog; empty texts ask for everything. ``page`` is 1-based."""

    text: str = ""
    org: str = ""
    language: str = ""
    mode: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class RunPage:
    """One page of the catalog: ``total`` runs on ``pages`` pages, and what the list can be narrowed to."""

    runs: tuple[Run, ...]
    total: int
    page: int
    pages: int
    orgs: tuple[Choice, ...]
    languages: tuple[str, ...]
    modes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prerequisite:
    """A run to pass before this one opens; ``title`` is its key when it is not offered here."""

    key: str
    title: str
    offered: bool


@dataclass(frozen=True, slots=True)
class Cohort:
    """A cohort of a run. ``partition`` and ``group`` are those of its content group, None without one."""

    id: int
    name: str
    automatic: bool
    partition: int | None
    group: int | None
    members: int = 0


@dataclass(frozen=True, slots=True)
class Takers:
    """Some of those who take a run: the members of ``cohorts`` (ids), those in ``modes``, and everybody but the people
    ``all_but`` (None: not everybody); each once."""

    all_but: frozenset[int] | None = None
    cohorts: frozenset[int] = frozenset()
    modes: frozenset[str] = frozenset()


Outcome = Literal["added", "moved", "present", "preassigned", "unknown", "invalid", "no_cohort"]


@dataclass(frozen=True, slots=True)
class Placed:
    """What became of one entry of a list of people for cohorts.

    ``moved``: out of the cohort ``previous``. ``preassigned``: the address is remembered until somebody proves that it
    is theirs. ``unknown``: nobody has that user name. ``invalid``: neither name nor address. ``no_cohort``: there is no
    such cohort. ``line`` counts the lines of a file from 1 (its head); 0 outside files.
    """

    entry: str
    cohort: str
    outcome: Outcome
    previous: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class RosterQuery:
    """Which learners of a run are looked for: by a part of a name or address, a mode, the name of a cohort; and which
    page: past the cursor ``after``, or those up to ``before``."""

    text: str = ""
    mode: str = ""
    cohort: str = ""
    after: str = ""
    before: str = ""
    limit: int = 50


@dataclass(frozen=True, slots=True)
class RosterLine:
    """A learner of a run; ``cohort`` is '' for none."""

    user_id: int
    username: str
    email: str
    full_name: str
    mode: str
    cohort: str = ""
    cursor: str = ""


@dataclass(frozen=True, slots=True)
class Roster:
    """A page of learners by user name; ``before`` and ``after`` are the cursors of the pages around it, or ''. A page
    that is not full, or empty, may have some: then it was looked no further yet."""

    lines: tuple[RosterLine, ...]
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Invitation:
    """That whoever owns ``email`` may enrol; with ``auto_enroll`` they are as soon as they prove it, in ``mode`` (''
    for the free one)."""

    id: int
    email: str
    auto_enroll: bool
    mode: str
    created: datetime
