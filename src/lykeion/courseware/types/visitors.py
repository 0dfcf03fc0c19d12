"""Who somebody is in a run, and what stands between them and its blocks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

from lykeion.blocks.types import Urls, Viewer
from lykeion.catalog.types import Enrolment, Run
from lykeion.content.types import Outline
from lykeion.core.errors import LykeionError
from lykeion.courseware.types.exams import Attempt
from lykeion.grades.types import CourseGrade

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
class HandlerReply:
    """What a block's handler answered, ready to be turned into an HTTP response; ``grade`` is the learner's new course
    grade (without lines) if the call made one."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    grade: CourseGrade | None = None
