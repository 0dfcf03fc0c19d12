"""Every event of openedx.md §9.2 that is caused on the server here, with the exact fields of its payload.

One story causes them all, so that none can vanish, and none can be added without its line in the table.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

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


def keys(text: str) -> set[str]:
    """The names in ``text``."""
    return set(text.split())


ENROLMENT = keys("course_id user_id mode")
STATE = keys("problem_id state answers")
TRANSACTION = keys("user_id course_id event_transaction_id event_transaction_type")
NEW_SCORE = TRANSACTION | keys("problem_id new_weighted_earned new_weighted_possible only_if_higher instructor_id")
COHORT = keys("cohort_id cohort_name")
BOOKMARK = keys("course_id bookmark_id component_type component_usage_id")
CERTIFICATE = keys("user_id course_id certificate_id certificate_url enrollment_mode")
EXAM = keys(
    "exam_id exam_content_id exam_name exam_default_time_limit_mins exam_is_proctored exam_is_practice_exam"
    " exam_is_active"
)
ATTEMPT = EXAM | keys(
    "attempt_id attempt_user_id attempt_started_at attempt_completed_at attempt_code attempt_status"
    " attempt_allowed_time_limit_mins attempt_event_elapsed_time_secs"
)
ALLOWANCE = EXAM | keys("allowance_user_id allowance_key allowance_value")
TABLE: dict[str, set[str]] = {
    "edx.course.enrollment.activated": ENROLMENT,
    "edx.course.enrollment.mode_changed": ENROLMENT,
    "edx.course.enrollment.deactivated": ENROLMENT,
    "problem_check": STATE | keys("attempts correct_map grade max_grade success submission"),
    "problem_check_fail": STATE | {"failure"},
    "save_problem_success": STATE,
    "save_problem_fail": STATE | {"failure"},
    "reset_problem": keys("old_state new_state problem_id"),
    "reset_problem_fail": keys("old_state problem_id failure"),
    "problem_rescore": keys("state problem_id orig_score orig_total new_score new_total correct_map success attempts"),
    "problem_reset_attempts": keys("old_attempts new_attempts"),
    "problem_delete_state": set(),
    "showanswer": {"problem_id"},
    "edx.problem.hint.demandhint_displayed": keys("module_id hint_index hint_len hint_text"),
    "edx.problem.hint.feedback_displayed": keys(
        "module_id problem_part_id trigger_type hint_label hints correctness student_answer question_type"
    ),
    "edx.bookmark.added": BOOKMARK,
    "edx.bookmark.removed": BOOKMARK,
    "edx.bookmark.listed": keys("course_id list_type bookmarks_count page_number page_size"),
    "edx.grades.problem.submitted": TRANSACTION | keys("problem_id weighted_earned weighted_possible"),
    "edx.grades.problem.rescored": NEW_SCORE,
    "edx.grades.problem.score_overridden": NEW_SCORE,
    "edx.grades.problem.state_deleted": NEW_SCORE,
    "edx.grades.subsection.grade_calculated": TRANSACTION
    | keys(
        "block_id course_version weighted_total_earned weighted_total_possible weighted_graded_earned"
        " weighted_graded_possible first_attempted subtree_edited_timestamp visible_blocks_hash"
    ),
    "edx.grades.subsection.score_overridden": TRANSACTION | keys("problem_id only_if_higher override_deleted"),
    "edx.grades.course.grade_calculated": TRANSACTION
    | keys("course_version percent_grade letter_grade course_edited_timestamp grading_policy_hash"),
    "edx.course.grade.now_passed": TRANSACTION,
    "edx.course.grade.now_failed": TRANSACTION,
    "edx.course.grade.passed.first_time": TRANSACTION,
    "edx.completion.block_completion.changed": keys(
        "user_id course_id context_key block_id block_type completion is_new"
    ),
    "edx.certificate.created": CERTIFICATE | {"generation_mode"},
    "edx.certificate.revoked": CERTIFICATE,
    "edx.certificate.shared": CERTIFICATE - {"user_id"} | {"social_network"},
    "edx.certificate.evidence_visited": CERTIFICATE | {"social_network"},
    "edx.cohort.created": COHORT,
    "edx.cohort.creation_requested": COHORT,
    "edx.cohort.user_added": COHORT | {"user_id"},
    "edx.cohort.user_removed": COHORT | {"user_id"},
    "edx.cohort.user_add_requested": COHORT | keys("user_id previous_cohort_id previous_cohort_name"),
    "edx.cohort.email_address_preassigned": COHORT | {"user_email"},
    "edx.special_exam.timed.attempt.created": ATTEMPT,
    "edx.special_exam.timed.attempt.started": ATTEMPT,
    "edx.special_exam.timed.attempt.ready_to_submit": ATTEMPT,
    "edx.special_exam.timed.attempt.submitted": ATTEMPT,
    "edx.special_exam.timed.attempt.deleted": ATTEMPT,
    "edx.special_exam.timed.allowance.created": ALLOWANCE,
    "edx.special_exam.timed.allowance.deleted": ALLOWANCE,
    "edx.librarycontentblock.content.assigned": keys("location result previous_count max_count added"),
    "xmodule.partitions.assigned_user_to_partition": keys("partition_id partition_name group_id group_name"),
    "xblock.split_test.child_render": {"child_id"},
    "edx.instructor.report.requested": {"report_type"},
    "edx.instructor.report.downloaded": keys("report_type report_url"),
}
ELSEWHERE = {
    "edx.special_exam.timed.created": "tests/courseware/exams/test_telling.py",
    "edx.special_exam.timed.updated": "tests/courseware/exams/test_telling.py",
    "edx.librarycontentblock.content.removed": "tests/courseware/test_drawing.py",
    "problem_rescore_fail": "tests/courseware/test_reworking.py",
    "edx.ui.lms.reset_deadlines.clicked": "tests/courseware/test_shifting.py",
}
"""Events whose cause is too long for the story, and where they are tested."""


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

    told: dict[str, list[set[str]]] = {}
    for line in lines():
        if set(line["event"]) not in told.setdefault(line["name"], []):
            told[line["name"]].append(set(line["event"]))
    assert told == {name: [payload] for name, payload in TABLE.items()}
