"""Every event of openedx.md §9.2 that is caused on the server here, with the type of its payload.

One story causes them all, so that none can vanish, and none can be added without its line in the table.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, get_type_hints

import msgspec
import orjson
import pytest
from django.test import Client

from lykeion.accounts import api as accounts
from lykeion.accounts.models import User
from lykeion.accounts.types import Role
from lykeion.catalog import api as catalog
from lykeion.certificates import api as certificates
from lykeion.courseware import api as courseware
from lykeion.courseware.marking import override_grade
from lykeion.courseware.reworking import set_score
from lykeion.events import types
from lykeion.jobs import api as jobs
from lykeion.teaching.api import courses, reports
from tests.certificates.conftest import DESIGN
from tests.courseware.acting import answer, enter, post, usage
from tests.courseware.conftest import POLICY
from tests.factories import (
    NOW,
    RUN,
    Spec,
    block,
    chapter,
    course,
    learner,
    question,
    sequential,
    store_course,
    teacher,
    text,
    vertical,
)

pytestmark = pytest.mark.django_db(transaction=True)

HINTED = """<problem><multiplechoiceresponse><label>Which one is evergreen?</label><choicegroup type="MultipleChoice">
<choice correct="false">Larch</choice><choice correct="true">Spruce<choicehint>Yes.</choicehint></choice></choicegroup>
</multiplechoiceresponse><demandhint><hint>It is green.</hint></demandhint></problem>"""
MINUTE = timedelta(minutes=1)


TABLE: Mapping[str, type] = {
    "edx.course.enrollment.activated": types.EnrolmentPayload,
    "edx.course.enrollment.mode_changed": types.EnrolmentPayload,
    "edx.course.enrollment.deactivated": types.EnrolmentPayload,
    "problem_check": types.ProblemCheckPayload,
    "problem_check_fail": types.AnswersRefusedPayload,
    "save_problem_success": types.AnswersPayload,
    "save_problem_fail": types.AnswersRefusedPayload,
    "reset_problem": types.ResetPayload,
    "reset_problem_fail": types.ResetRefusedPayload,
    "problem_rescore": types.RescorePayload,
    "problem_reset_attempts": types.AttemptsResetPayload,
    "problem_delete_state": types.EmptyPayload,
    "showanswer": types.ShowAnswerPayload,
    "edx.problem.hint.demandhint_displayed": types.DemandHintPayload,
    "edx.problem.hint.feedback_displayed": types.FeedbackPayload,
    "edx.bookmark.added": types.BookmarkPayload,
    "edx.bookmark.removed": types.BookmarkPayload,
    "edx.bookmark.listed": types.BookmarksListedPayload,
    "edx.grades.problem.submitted": types.ScorePayload,
    "edx.grades.problem.rescored": types.NewScorePayload,
    "edx.grades.problem.score_overridden": types.NewScorePayload,
    "edx.grades.problem.state_deleted": types.NewScorePayload,
    "edx.grades.subsection.grade_calculated": types.SubsectionGradePayload,
    "edx.grades.subsection.score_overridden": types.SubsectionOverriddenPayload,
    "edx.grades.course.grade_calculated": types.CourseGradePayload,
    "edx.course.grade.now_passed": types.TransactionPayload,
    "edx.course.grade.now_failed": types.TransactionPayload,
    "edx.course.grade.passed.first_time": types.TransactionPayload,
    "edx.completion.block_completion.changed": types.CompletionPayload,
    "edx.certificate.created": types.CertificateCreatedPayload,
    "edx.certificate.revoked": types.CertificateRevokedPayload,
    "edx.certificate.shared": types.CertificateSharedPayload,
    "edx.certificate.evidence_visited": types.CertificateVisitedPayload,
    "edx.cohort.created": types.CohortPayload,
    "edx.cohort.creation_requested": types.CohortPayload,
    "edx.cohort.user_added": types.CohortMemberPayload,
    "edx.cohort.user_removed": types.CohortMemberPayload,
    "edx.cohort.user_add_requested": types.CohortMovePayload,
    "edx.cohort.email_address_preassigned": types.CohortEmailPayload,
    "edx.special_exam.timed.attempt.created": types.ExamAttemptPayload,
    "edx.special_exam.timed.attempt.started": types.ExamAttemptPayload,
    "edx.special_exam.timed.attempt.ready_to_submit": types.ExamAttemptPayload,
    "edx.special_exam.timed.attempt.submitted": types.ExamAttemptPayload,
    "edx.special_exam.timed.attempt.deleted": types.ExamAttemptPayload,
    "edx.special_exam.timed.allowance.created": types.ExamAllowancePayload,
    "edx.special_exam.timed.allowance.deleted": types.ExamAllowancePayload,
    "edx.librarycontentblock.content.assigned": types.BankAssignedPayload,
    "xmodule.partitions.assigned_user_to_partition": types.GroupPayload,
    "xblock.split_test.child_render": types.ChildRenderPayload,
    "edx.instructor.report.requested": types.ReportPayload,
    "edx.instructor.report.downloaded": types.ReportFilePayload,
}
ELSEWHERE = {
    "edx.special_exam.timed.created": "tests/courseware/exams/test_telling.py",
    "edx.special_exam.timed.updated": "tests/courseware/exams/test_telling.py",
    "edx.librarycontentblock.content.removed": "tests/courseware/test_drawing.py",
    "problem_rescore_fail": "tests/courseware/test_reworking.py",
    "edx.ui.lms.reset_deadlines.clicked": "tests/courseware/test_shifting.py",
}
"""Events whose cause is too long for the story, and where they are tested."""


def fault(name: str, payload: dict[str, Any]) -> str | None:
    """What is wrong with the payload of an event by its type in the table: a value, a field too few or too many."""
    try:
        known = msgspec.convert(payload, TABLE[name])
    except msgspec.ValidationError as error:
        return f"{name}: {error}"
    return None if known == payload else f"{name}: {payload} is more than {known}"


def everything() -> Spec:
    """A course with one of everything that tells."""
    groups = [{"id": 1, "name": "Kind"}, {"id": 2, "name": "Stern"}]
    arms = {"1": "i4x://Lyk/T101/vertical/va", "2": "i4x://Lyk/T101/vertical/vb"}
    split = block(
        "split_test", "x", vertical("va", text("ta")), vertical("vb", text("tb")),
        user_partition_id=5, group_id_to_child=arms,
    )  # fmt: skip
    bank = block("library_content", "bank", question("pa"), question("pb"), max_count=1)
    asked = question("p1", data=HINTED, max_attempts=2, showanswer="always", show_reset_button=True)
    return course(
        chapter(
            "c1",
            sequential("s1", vertical("u1", asked, text("t1")), graded=True, format="Homework"),
            sequential("s2", vertical("u2", question("p2")), is_time_limited=True, default_time_limit_minutes=30),
            sequential("s3", vertical("u3", split, bank)),
        ),
        grading_policy=POLICY,
        certificates=DESIGN,
        self_paced=True,
        user_partitions=[{"id": 5, "name": "Tone", "scheme": "random", "groups": groups}],
    )


@pytest.fixture
def lines(settings: Any, tmp_path: Path) -> Iterator[Any]:
    """The lines of a tracking log of this test's own, without those that only say that a page was asked for."""
    path = settings.LYKEION_TRACKING_LOG = tmp_path / "tracking.log"

    def read() -> list[dict[str, Any]]:
        found = [orjson.loads(line) for line in path.read_bytes().splitlines()]
        return [one for one in found if not one["name"].startswith("/")]

    yield read


def act(alice: User, what: str, **values: str) -> None:
    """Alice presses a button of the first problem."""
    courseware.handle(enter(alice), usage("problem@p1"), "xmodule_handler", what, post(values))


def alice_learns(alice: User) -> None:
    """All buttons of a problem, when they may be pressed and when not; then everything else a learner does."""
    act(alice, "problem_reset")
    act(alice, "hint_button", hint_index="0")
    act(alice, "problem_save", input_p1_2_1="choice_0")
    answer(enter(alice), "p1", "choice_0")
    act(alice, "problem_show")
    act(alice, "problem_reset")
    answer(enter(alice), "p1", "choice_1")
    answer(enter(alice), "p1", "choice_0")
    act(alice, "problem_save", input_p1_2_1="choice_0")
    courseware.complete(enter(alice), {"html@t1": 1.0})
    courseware.unit(enter(alice), "vertical@u3")
    courseware.bookmark(enter(alice), "vertical@u1", True)
    browser = Client()
    browser.force_login(alice)
    assert browser.get(f"/courses/{RUN}/bookmarks/").status_code == 200
    courseware.bookmark(enter(alice), "vertical@u1", False)


def alice_sits_the_exam(alice: User) -> None:
    """With more time, once; then as if never."""
    courseware.allow_exam_time(RUN, alice.pk, "s2", multiplier=1.5, at=NOW)
    courseware.start_exam(enter(alice), "sequential@s2")
    courseware.ask_to_submit_exam(enter(alice, NOW + MINUTE), "sequential@s2")
    courseware.submit_exam(enter(alice, NOW + 2 * MINUTE), "sequential@s2")
    courseware.reset_exam(RUN, alice.pk, "s2", at=NOW + 3 * MINUTE)
    courseware.allow_exam_time(RUN, alice.pk, "s2", minutes=0, at=NOW)


def bob_sorts_the_learners(alice: User, bob: User) -> None:
    """Cohorts and tracks."""
    catalog.set_cohorted(RUN, True, at=NOW)
    catalog.make_cohort(RUN, "Day", at=NOW, by=bob.pk)
    catalog.make_cohort(RUN, "Night", at=NOW, by=bob.pk)
    for name in ("Day", "Night"):
        catalog.add_to_cohort(RUN, name, ["alice", "zoe@example.org"], at=NOW, by=bob.pk)
    for mode in ("audit", "honor"):
        catalog.set_mode(RUN, mode)
    catalog.enrol(alice.pk, RUN, mode="honor", by=bob.pk, at=NOW)


def bob_marks(alice: User, bob: User) -> None:
    """A certificate, given and taken; scores and grades by hand; a report; nothing of it stays."""
    run = catalog.run(RUN)
    certificates.allow(run, alice.pk, by=bob.pk, notes="was ill", at=NOW)
    jobs.run_pending()
    given = certificates.certificates(run.id, limit=1)[0]
    Client().get(f"/certificates/{given.uuid.hex}/share/linkedin")
    visitor = Client()
    visitor.force_login(bob)
    visitor.get(f"/certificates/{given.uuid.hex}")
    certificates.invalidate(run, alice.pk, by=bob.pk, notes="was well", at=NOW)
    for what in ("reset_attempts", "rescore"):
        courseware.rework(RUN, alice.pk, "problem@p1", what, by=bob.pk, at=NOW)
    set_score(RUN, alice.pk, "problem@p1", 1.0, by=bob.pk, at=NOW)
    override_grade(RUN, alice.pk, "sequential@s1", 0.25, reason="untidy", at=NOW)
    as_teacher = courses.enter(bob, RUN)
    report = reports.order(as_teacher, "certificates", "csv", at=NOW)
    jobs.run_pending()
    reports.fetch(as_teacher, report, at=NOW)[3].close()
    courseware.rework(RUN, alice.pk, "problem@p1", "delete_state", by=bob.pk, at=NOW)


def test_one_story_causes_every_event_of_the_table_with_its_fields(lines: Any) -> None:
    store_course(everything())
    bob = teacher()
    accounts.grant_role(bob.pk, Role.DATA_RESEARCHER, run=RUN)
    alice = learner()

    bob_sorts_the_learners(alice, bob)
    alice_learns(alice)
    alice_sits_the_exam(alice)
    bob_marks(alice, bob)
    catalog.unenrol(alice.pk, RUN, at=NOW)

    told = lines()
    assert {line["name"] for line in told} == set(TABLE)
    assert [wrong for line in told if (wrong := fault(line["name"], line["event"]))] == []


@pytest.mark.parametrize("changed", [{"percent_grade": "0.59"}, {"percent": 0.59}, {"letter_grade": None}])
def test_a_payload_with_another_type_or_field_is_a_fault(changed: dict[str, Any]) -> None:
    name = "edx.grades.course.grade_calculated"
    right = dict.fromkeys(get_type_hints(TABLE[name]), "") | {"user_id": 5, "percent_grade": 0.59}

    assert fault(name, right) is None
    assert fault(name, right | changed)
