"""Values of ``events``: who and what a request is, what pages send, and the payloads of what the server tells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, NotRequired, TypedDict

from lykeion.core.errors import LykeionError

VIDEO_NAMES: Final[Mapping[str, str]] = {
    "edx.video.loaded": "load_video",
    "edx.video.played": "play_video",
    "edx.video.paused": "pause_video",
    "edx.video.stopped": "stop_video",
    "edx.video.position.changed": "seek_video",
    "edx.video.transcript.shown": "show_transcript",
    "edx.video.transcript.hidden": "hide_transcript",
    "edx.video.speed.changed": "speed_change_video",
}
"""The newer names of what players tell, and the older ones that consumers of the log know (openedx.md §9.2)."""


class BadEvent(LykeionError):
    """A browser sent something that is no event; nothing was written."""


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """What every event says about the request it came from; all empty outside a request.

    ``session`` is 32 hex digits made from the session's key, never the key.
    """

    username: str = ""
    user_id: int | None = None
    session: str = ""
    ip: str = ""
    agent: str = ""
    host: str = ""
    referer: str = ""
    accept_language: str = ""
    path: str = ""
    course_id: str = ""
    org_id: str = ""


@dataclass(frozen=True, slots=True)
class BrowserEvent:
    """An event a page sent: ``event`` is the JSON text exactly as it came, ``page`` the address of the page; it
    happened ``age`` seconds before it was sent, by the browser's own clock."""

    name: str
    event_type: str
    event: str
    page: str
    age: float = 0.0


# Payloads of the events that the server writes (openedx.md §9.2), with the names that Open edX gives their fields. At
# run time they are plain dicts. tests/events/test_table.py says which event has which, and holds the log to it.

Payload = Mapping[str, Any]
"""Any of those below, or what a block of others publishes."""


class EnrolmentPayload(TypedDict):
    """``edx.course.enrollment.{activated,deactivated,mode_changed}``."""

    course_id: str
    user_id: int
    mode: str


Answers = dict[str, Any]
"""Answers by input: a text, a list of texts, or what the JSON of a drawing or a formula says."""


class Verdict(TypedDict):
    """What ``correct_map`` says of one input; ``npoints`` None means 1 for a right or partly right answer, else 0."""

    correctness: str
    npoints: float | None
    msg: str
    hint: str
    hintmode: str | None
    queuestate: dict[str, Any] | None
    answervariable: str | None


class ProblemState(TypedDict):
    """What a learner has in a problem."""

    seed: int
    student_answers: Answers
    has_saved_answers: bool
    correct_map: dict[str, Verdict]
    input_state: dict[str, Any]
    done: bool


class Submitted(TypedDict):
    """An answer in words; ``correct`` is '' before a verdict, ``variant`` the seed or ''."""

    question: str
    answer: Any
    response_type: str
    input_type: str
    correct: bool | Literal[""]
    variant: int | Literal[""]
    group_label: str


class AnswersPayload(TypedDict):
    """``save_problem_success``."""

    state: ProblemState
    problem_id: str
    answers: Answers


class AnswersRefusedPayload(AnswersPayload):
    """``problem_check_fail`` (``closed``, ``unreset``) and ``save_problem_fail`` (``closed``, ``done``)."""

    failure: str


class ProblemCheckPayload(AnswersPayload):
    """``problem_check``; ``permutation`` where choices or their order were drawn: the kind, and the names as shown."""

    grade: float
    max_grade: float
    correct_map: dict[str, Verdict]
    success: Literal["correct", "incorrect"]
    attempts: int
    submission: dict[str, Submitted]
    permutation: NotRequired[dict[str, list[Any]]]


class ResetPayload(TypedDict):
    """``reset_problem``."""

    old_state: ProblemState
    new_state: ProblemState
    problem_id: str


class ResetRefusedPayload(TypedDict):
    """``reset_problem_fail``: ``closed`` or ``not_done``."""

    old_state: ProblemState
    problem_id: str
    failure: str


class RescorePayload(TypedDict):
    """``problem_rescore``."""

    state: ProblemState
    problem_id: str
    orig_score: float
    orig_total: float
    new_score: float
    new_total: float
    correct_map: dict[str, Verdict]
    success: Literal["correct", "incorrect"]
    attempts: int


class RescoreRefusedPayload(TypedDict):
    """``problem_rescore_fail``: ``unsupported``, ``unanswered``, ``input_error`` or ``unexpected``."""

    state: ProblemState
    problem_id: str
    failure: str


class AttemptsResetPayload(TypedDict):
    """``problem_reset_attempts``."""

    old_attempts: int
    new_attempts: int


class EmptyPayload(TypedDict):
    """``problem_delete_state``: which problem, ``context.module`` says."""


class ShowAnswerPayload(TypedDict):
    """``showanswer``."""

    problem_id: str


class DemandHintPayload(TypedDict):
    """``edx.problem.hint.demandhint_displayed`` (openedx.md §4.8); ``hint_index`` counts from 0."""

    module_id: str
    hint_index: int
    hint_len: int
    hint_text: str


class FeedbackPayload(TypedDict):
    """``edx.problem.hint.feedback_displayed`` (openedx.md §4.8); ``choice_all`` for checkboxes."""

    module_id: str
    problem_part_id: str
    trigger_type: Literal["single", "compound"]
    hint_label: str
    hints: list[dict[str, Any]]
    correctness: bool
    student_answer: list[Any]
    question_type: str
    choice_all: NotRequired[list[str]]


class BookmarkPayload(TypedDict):
    """``edx.bookmark.{added,removed,accessed}``."""

    course_id: str
    bookmark_id: str
    component_type: str
    component_usage_id: str


class BookmarksListedPayload(TypedDict):
    """``edx.bookmark.listed``."""

    course_id: str
    list_type: str
    bookmarks_count: int
    page_number: int
    page_size: int


class TransactionPayload(TypedDict):
    """``edx.course.grade.{now_passed,now_failed,passed.first_time}``; the other events of grades have more. The
    transaction's id is that of all events of one change, its type the name of the event that began it."""

    user_id: int
    course_id: str
    event_transaction_id: str
    event_transaction_type: str


class ScorePayload(TransactionPayload):
    """``edx.grades.problem.submitted``."""

    problem_id: str
    weighted_earned: float
    weighted_possible: float


class NewScorePayload(TransactionPayload):
    """``edx.grades.problem.{rescored,score_overridden,state_deleted}``; ``instructor_id``: who of the team did it."""

    problem_id: str
    new_weighted_earned: float
    new_weighted_possible: float
    only_if_higher: bool | None
    instructor_id: int | None


class SubsectionGradePayload(TransactionPayload):
    """``edx.grades.subsection.grade_calculated``; ``first_attempted`` as ISO 8601."""

    block_id: str
    course_version: str
    weighted_total_earned: float
    weighted_total_possible: float
    weighted_graded_earned: float
    weighted_graded_possible: float
    first_attempted: str | None
    subtree_edited_timestamp: str | None
    visible_blocks_hash: str


class SubsectionOverriddenPayload(TransactionPayload):
    """``edx.grades.subsection.score_overridden``; ``problem_id`` is the subsection."""

    problem_id: str
    only_if_higher: bool | None
    override_deleted: bool


class CourseGradePayload(TransactionPayload):
    """``edx.grades.course.grade_calculated``; ``percent_grade`` from 0 to 1, ``letter_grade`` '' for none."""

    course_version: str
    percent_grade: float
    letter_grade: str
    course_edited_timestamp: str | None
    grading_policy_hash: str


class CompletionPayload(TypedDict):
    """``edx.completion.block_completion.changed``; ``completion`` from 0 to 1."""

    user_id: int
    course_id: str
    context_key: str
    block_id: str
    block_type: str
    completion: float
    is_new: bool


class CertificatePayload(TypedDict):
    """What all events of certificates have."""

    course_id: str
    certificate_id: str
    certificate_url: str
    enrollment_mode: str


class CertificateRevokedPayload(CertificatePayload):
    """``edx.certificate.revoked``."""

    user_id: int


class CertificateCreatedPayload(CertificateRevokedPayload):
    """``edx.certificate.created``."""

    generation_mode: Literal["batch", "self"]


class CertificateSharedPayload(CertificatePayload):
    """``edx.certificate.shared``."""

    social_network: str


class CertificateVisitedPayload(CertificateSharedPayload):
    """``edx.certificate.evidence_visited``; ``user_id`` is the learner, not who looks."""

    user_id: int


class CohortPayload(TypedDict):
    """``edx.cohort.{created,creation_requested}``."""

    cohort_id: int
    cohort_name: str


class CohortMemberPayload(CohortPayload):
    """``edx.cohort.{user_added,user_removed}``."""

    user_id: int


class CohortMovePayload(CohortMemberPayload):
    """``edx.cohort.user_add_requested``."""

    previous_cohort_id: int | None
    previous_cohort_name: str | None


class CohortEmailPayload(CohortPayload):
    """``edx.cohort.email_address_preassigned``."""

    user_email: str


class ExamPayload(TypedDict):
    """``edx.special_exam.timed.{created,updated}``."""

    exam_id: int
    exam_content_id: str
    exam_name: str
    exam_default_time_limit_mins: int
    exam_is_proctored: bool
    exam_is_practice_exam: bool
    exam_is_active: bool


class ExamAttemptPayload(ExamPayload):
    """``edx.special_exam.timed.attempt.{created,started,ready_to_submit,submitted,deleted}``; moments as ISO 8601."""

    attempt_id: int
    attempt_user_id: int
    attempt_started_at: str | None
    attempt_completed_at: str | None
    attempt_code: str
    attempt_allowed_time_limit_mins: int
    attempt_status: str
    attempt_event_elapsed_time_secs: float | None


class ExamAllowancePayload(ExamPayload):
    """``edx.special_exam.timed.allowance.{created,deleted}``; the value is the minutes, as a text."""

    allowance_user_id: int
    allowance_key: str
    allowance_value: str


class BlockOrigin(TypedDict):
    """A block, and what it is a copy of."""

    usage_key: str
    original_usage_key: str | None
    original_usage_version: str | int | None


class BankBlock(BlockOrigin):
    """A block that a bank gave somebody, and what is below it."""

    descendants: list[BlockOrigin]


class BankPayload(TypedDict):
    """What both events of a bank have: ``result`` is what the learner has now, ``previous_count`` how many before."""

    location: str
    result: list[BankBlock]
    previous_count: int
    max_count: int


class BankAssignedPayload(BankPayload):
    """``edx.{librarycontentblock,itembankblock}.content.assigned``."""

    added: list[BankBlock]


class BankRemovedPayload(BankPayload):
    """``edx.{librarycontentblock,itembankblock}.content.removed``."""

    reason: Literal["invalid", "overlimit"]
    removed: list[BankBlock]


class GroupPayload(TypedDict):
    """``xmodule.partitions.assigned_user_to_partition``."""

    partition_id: int
    partition_name: str
    group_id: int
    group_name: str


class ChildRenderPayload(TypedDict):
    """``xblock.split_test.child_render``."""

    child_id: str


class DeadlinesPayload(TypedDict):
    """``edx.ui.lms.reset_deadlines.clicked``; ``location`` and ``block_id`` say where on the site, if that is known."""

    courserun_key: str
    is_masquerading: bool
    is_staff: bool
    org_key: str
    user_id: int
    location: NotRequired[str]
    block_id: NotRequired[str]


class ReportPayload(TypedDict):
    """``edx.instructor.report.requested``."""

    report_type: str


class ReportFilePayload(ReportPayload):
    """``edx.instructor.report.downloaded``."""

    report_url: str


class CourseTeamPayload(TypedDict):
    """``lykeion.course_team.changed``, an event of ours: which roles somebody had and has in a course."""

    user_id: int
    before: list[str]
    after: list[str]
