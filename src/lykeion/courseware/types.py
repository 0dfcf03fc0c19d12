"""Values that cross the door of ``courseware``: what the pages of a course show to one learner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

from lykeion.blocks.types import Rendered, Urls, Viewer
from lykeion.catalog.types import Enrolment, Run
from lykeion.content.types import Outline
from lykeion.core.errors import LykeionError
from lykeion.grades.types import CourseGrade, Score

TRACK_GROUPS: Final[Mapping[str, int]] = {
    "audit": 1, "verified": 2, "professional": 3, "no-id-professional": 4, "credit": 5, "honor": 6, "masters": 7,
    "executive-education": 8, "unpaid-executive-education": 9, "paid-executive-education": 10,
    "unpaid-bootcamp": 11, "paid-bootcamp": 12,
}  # fmt: skip
"""Groups of the enrolment-track partition (Open edX: COURSE_ENROLLMENT_MODES)."""


class AccessDenied(LykeionError):
    """Somebody may not see something. ``code`` is Open edX's word (course_not_started, enrollment_required,
    authentication_required, not_found, not_visible_to_user, audit_expired, survey_required), or a :data:`Wall` that may
    be told of; the message is for the person. ``ref`` is the block that they must do first, '' if there is none."""

    def __init__(self, message: str, code: str, until: datetime | None = None, ref: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.until = until
        self.ref = ref


Wall = Literal[
    "",
    "not_chosen",
    "staff_only",
    "group",
    "track",
    "not_released",
    "closed_after_due",
    "prerequisite",
    "entrance_exam",
    "exam_not_started",
    "exam_over",
    "elsewhere",
]
"""What stands between a viewer and a block; '' = nothing. ``not_chosen``: the block above chooses among its children,
and chose others. ``track``: only for those who pay. ``elsewhere``: another site would take whoever
looks for the learner."""


@dataclass(frozen=True, slots=True)
class LearnerFacts:
    """What decides about one learner alone, not about all of their audience. Equal facts, equal walls.

    ``chosen`` pairs the ref of each block that chooses with the refs of the children it shows this learner, in order;
    a conditional whose condition holds names itself before them.
    ``own`` pairs refs of sections and subsections (not of the course) with the wall that this learner's work and dates
    put there; '' opens again what closed for others after the due date.
    """

    chosen: tuple[tuple[str, tuple[str, ...]], ...] = ()
    own: tuple[tuple[str, Wall], ...] = ()


NO_FACTS: Final = LearnerFacts()


@dataclass(frozen=True, slots=True)
class Mask:
    """As whom somebody of the course team looks at a run: any ``learner``, one of ``group`` of ``partition`` (a track
    is a group too), or the ``person`` of ``user_id``."""

    kind: Literal["learner", "group", "person"]
    user_id: int = 0
    partition: int = 0
    group: int = 0


@dataclass
class StateCopy:
    """What a member of the team did to blocks as another person: text of documents by ref, in place of the learner's
    own, for the member's session only."""

    documents: dict[str, str] = field(default_factory=dict)
    changed: bool = False

    def keep(self, documents: Mapping[str, str]) -> None:
        """Takes further documents in; the oldest make room."""
        for ref, text in documents.items():
            self.documents.pop(ref, None)
            self.documents[ref] = text
            self.changed = True
        while len(self.documents) > MOST_COPIED:
            del self.documents[next(iter(self.documents))]


MOST_COPIED: Final = 50  # documents


@dataclass(frozen=True, slots=True)
class MaskChoice:
    """Somebody the team may look as, and the words for them."""

    mask: Mask
    name: str


@dataclass(frozen=True, slots=True)
class Gate:
    """Subsection ``ref`` is shut until ``prerequisite``, another one, is done as far as this: percents of its points
    and of what can be completed in it."""

    ref: str
    prerequisite: str
    min_score: float
    min_completion: float


@dataclass(frozen=True, slots=True)
class EntranceExam:
    """The section ``ref`` that must be passed before the rest opens: what was earned in it and what is needed, as
    fractions."""

    ref: str
    earned: float
    needed: float


AttemptStatus = Literal["created", "started", "ready_to_submit", "submitted"]
"""Open edX's words (edx-proctoring, statuses.py). An attempt whose time ran out is ``submitted`` at that moment."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One learner's attempt at the exam ``ref``. From the start on ``ends`` is when its time is over;
    ``allowed_minutes`` are those given at the start."""

    id: int
    ref: str
    status: AttemptStatus
    code: str
    allowed_minutes: int
    started: datetime | None
    ends: datetime | None
    completed: datetime | None


@dataclass(frozen=True, slots=True)
class OwnWork:
    """What a learner's own work opens and shuts for them. ``gates`` are those still shut, by the ref of what they shut;
    ``entrance`` is the entrance exam while it is not passed; ``attempts`` are at timed exams, by ref of the exam."""

    gates: Mapping[str, Gate] = field(default_factory=dict)
    entrance: EntranceExam | None = None
    attempts: Mapping[str, Attempt] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Limits:
    """What holds for somebody who takes a run for free that others pay for. ``ends``: when their access ends (None:
    never); ``gated``: graded content is shut; ``upgrade_until``: the last moment to change the track (None: any)."""

    ends: datetime | None = None
    gated: bool = False
    upgrade_until: datetime | None = None


NO_LIMITS: Final = Limits()


@dataclass(frozen=True, slots=True)
class Visitor:
    """One person in one run now: the result of :func:`courseware.api.enter`, asked for by everything else.

    ``facts`` are what decides about this learner alone. ``dues`` are their own due dates by ref of a subsection; they
    hold for all in it, instead of what the author set. Under a ``mask`` the viewer is whom the team looks as;
    ``masked_by`` is the id of who does. What they do as a person goes into ``copy`` (and nowhere else: the face takes
    back whatever reached the database).
    """

    run: Run
    outline: Outline
    viewer: Viewer
    enrolment: Enrolment | None
    at: datetime
    facts: LearnerFacts = NO_FACTS
    dues: Mapping[str, datetime] = field(default_factory=dict)
    limits: Limits = NO_LIMITS
    mask: Mask | None = None
    masked_by: int | None = None
    copy: StateCopy | None = None
    work: OwnWork = field(default_factory=OwnWork)
    urls: Urls | None = None  # of drafts, which have addresses of their own

    @property
    def is_staff(self) -> bool:
        """Staff see everything, whatever its dates."""
        return self.viewer.is_staff


@dataclass(frozen=True, slots=True)
class SubsectionLine:
    """A subsection in the outline. ``locked`` says in words why it cannot be opened ('' when it can); ``unlock`` is the
    ref of what must be done first. ``note`` is what there is to know before it is opened; ``gated`` counts
    the problems in it that are for those who pay."""

    ref: str
    title: str
    format: str
    graded: bool
    due: datetime | None
    problems: int
    done: int
    total: int
    locked: str = ""
    unlock: str = ""
    note: str = ""
    gated: int = 0

    @property
    def complete(self) -> bool:
        """All that can be completed is."""
        return self.total > 0 and self.done >= self.total


@dataclass(frozen=True, slots=True)
class SectionLine:
    """A section in the outline; ``subsections`` is empty while it is collapsed."""

    ref: str
    title: str
    complete: bool
    open: bool
    subsections: tuple[SubsectionLine, ...]


@dataclass(frozen=True, slots=True)
class Resume:
    """Where to go on: the unit, its title, and whether anything was done before."""

    ref: str
    title: str
    started: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """How far somebody is in a run: the block to go on at, and how many of how many blocks they completed."""

    ref: str
    done: int
    total: int

    @property
    def share(self) -> float | None:
        """The completed share, 0 to 1; None where nothing can be completed or no unit was looked at."""
        return min(self.done / self.total, 1.0) if self.total else None


@dataclass(frozen=True, slots=True)
class CourseDate:
    """A date worth showing. ``kind``: course-start, course-end, due, today, enrollment-end ... ``missed``: it is past,
    and the learner may shift it."""

    at: datetime
    kind: str
    title: str
    ref: str | None = None
    done: bool = False
    missed: bool = False


@dataclass(frozen=True, slots=True)
class Shifted:
    """That a learner's schedule was made to start at ``to``; it started at ``was`` (None: by the rule) before."""

    was: datetime | None
    to: datetime


class DueRefused(LykeionError):
    """A date that cannot be given to a learner; the message says why, and is for the team."""


@dataclass(frozen=True, slots=True)
class DueLine:
    """A due date that the team gave to one learner for a subsection."""

    user_id: int
    username: str
    ref: str
    title: str
    due: datetime


@dataclass(frozen=True, slots=True)
class HomePage:
    """Course home. ``updates`` newest first (date, html); handouts is html. ``missed``: something is past due that
    the learner may shift. ``entrance`` is the entrance exam while it must be passed first; ``warnings`` tell the team
    what to mend."""

    sections: tuple[SectionLine, ...]
    resume: Resume | None
    dates: tuple[CourseDate, ...]
    updates: tuple[tuple[str, str], ...]
    handouts: str
    done: int
    total: int
    missed: bool = False
    entrance: EntranceExam | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UnitTab:
    """One unit in the strip of its subsection."""

    ref: str
    title: str
    icon: Literal["problem", "video", "other"]
    complete: bool
    bookmarked: bool
    current: bool


@dataclass(frozen=True, slots=True)
class UnitBlock:
    """One rendered block of a unit. ``view_completes``: seeing it for 5 s completes it. ``instead``: what to say where
    the block is behind a wall; then there is no html."""

    ref: str
    usage: str
    type: str
    html: str
    complete: bool
    view_completes: bool
    instead: str = ""


@dataclass(frozen=True, slots=True)
class UnitPage:
    """A unit as one learner sees it. ``previous``/``next`` are refs of units, across subsections and sections.
    ``missed``: its subsection is past due, and the learner may shift that."""

    section: str
    section_ref: str
    subsection: str
    subsection_ref: str
    title: str
    ref: str
    usage: str
    tabs: tuple[UnitTab, ...]
    blocks: tuple[UnitBlock, ...]
    page: Rendered
    previous: str | None
    next: str | None
    bookmarked: bool
    due: datetime | None
    graded: bool
    format: str
    position: int
    count: int
    missed: bool = False


@dataclass(frozen=True, slots=True)
class SubsectionProgress:
    """A subsection on the progress page. ``scores`` is None when they are hidden; ``hidden`` says why in words."""

    ref: str
    title: str
    format: str
    graded: bool
    due: datetime | None
    earned: float
    possible: float
    percent: float
    scores: tuple[tuple[str, Score], ...] | None
    hidden: str = ""


@dataclass(frozen=True, slots=True)
class SectionProgress:
    """A section on the progress page."""

    title: str
    subsections: tuple[SubsectionProgress, ...]


@dataclass(frozen=True, slots=True)
class ProgressPage:
    """Progress. Completion counts only what the learner can reach; ``pass_mark`` and cutoffs are fractions."""

    grade: CourseGrade
    cutoffs: tuple[tuple[str, float], ...]
    pass_mark: float
    complete: int
    incomplete: int
    locked: int
    sections: tuple[SectionProgress, ...]


@dataclass(frozen=True, slots=True)
class BookmarkLine:
    """A bookmarked unit with its way from the course; ``ref`` is None when it is gone or out of reach."""

    ref: str | None
    title: str
    way: tuple[str, ...]
    created: datetime


ExamState = Literal["entry", "running", "ready_to_submit", "submitted", "expired"]


@dataclass(frozen=True, slots=True)
class ExamPage:
    """What stands in the place of a timed exam's units: its ``entry``, the question whether to submit it
    (``ready_to_submit``), that it is ``submitted`` (by the clock: ``timed_out``), or that it was missed (``expired``).

    ``minutes`` are those allowed, ``extra`` of them granted to this learner alone. ``shown_later``: after the due date
    the answers can be seen. ``unproctored``: the author wants somebody to watch, and this site has nobody.
    ``previous`` and ``next`` are where the course goes on, as in :class:`UnitPage`.
    """

    ref: str
    usage: str
    title: str
    section: str
    section_ref: str
    state: ExamState
    minutes: int
    extra: int
    due: datetime | None
    is_practice: bool
    unproctored: bool
    shown_later: bool
    timed_out: bool
    previous: str | None
    next: str | None


@dataclass(frozen=True, slots=True)
class ExamClock:
    """A running exam: seconds since it was asked for until the end, and seconds allowed in all."""

    ref: str
    usage: str
    title: str
    status: AttemptStatus
    ends: datetime
    seconds_left: int
    seconds_allowed: int


@dataclass(frozen=True, slots=True)
class ExamLine:
    """An attempt or an allowance of one learner, for those who run exams. ``extra`` are further minutes granted."""

    user_id: int
    username: str
    ref: str
    title: str
    extra: int
    attempt: Attempt | None


@dataclass(frozen=True, slots=True)
class Granted:
    """Minutes that a learner has for an exam on top of its own; those they had ``before``; and whether they have begun
    it already, so that these minutes count for the next attempt only."""

    minutes: int
    before: int
    begun: bool


class ExamError(LykeionError):
    """Something about a timed exam or the entrance exam cannot be done; the message says why."""


Rework = Literal["reset_attempts", "rescore", "rescore_higher", "delete_state"]
"""What the team may do to a learner's work in a block."""


class ReworkRefused(LykeionError):
    """Work that cannot be changed as it was asked; nothing was."""


@dataclass(frozen=True, slots=True)
class Reworked:
    """In how many blocks something was changed (``done``) and could not be (``failed``, with ``words``); where there
    was nothing to change neither counts."""

    done: int = 0
    failed: int = 0
    words: str = ""


NO_REWORK: Final = Reworked()


@dataclass(frozen=True, slots=True)
class Submission:
    """One attempt at a problem: the answers in the order of the questions, and the raw score they got."""

    number: int
    answers: tuple[str, ...]
    earned: float | None
    possible: float | None


@dataclass(frozen=True, slots=True)
class WorkInBlock:
    """What one learner did in one block. Points are weighted; ``earned`` None: not scored yet. ``submissions``: the
    newest first, those that are kept."""

    ref: str
    title: str
    earned: float | None
    possible: float | None
    attempts: int
    last: datetime | None
    submissions: tuple[Submission, ...]
    has_state: bool


@dataclass(frozen=True, slots=True)
class GradeColumn:
    """A graded subsection of a run, as a column of its gradebook; ``possible``: by somebody who sees all of it."""

    ref: str
    title: str
    format: str
    label: str
    possible: float


@dataclass(frozen=True, slots=True)
class HandlerReply:
    """What a block's handler answered, ready to be turned into an HTTP response; ``grade`` is the learner's new course
    grade (without lines) if the call made one."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    grade: CourseGrade | None = None
