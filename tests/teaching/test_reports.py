"""What each report holds: columns and cells as Open edX has them."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lykeion.accounts import api as accounts
from lykeion.accounts.models import User
from lykeion.catalog import api as catalog
from lykeion.catalog.models import Enrolment
from lykeion.content import api as content
from lykeion.core.clock import now
from lykeion.core.keys import CourseLocator, parse_usage, usage_text
from lykeion.courseware import api as courseware
from lykeion.courseware.entering import sheet
from lykeion.courseware.models import ExamAttempt, LearnerState
from lykeion.grades.models import BlockScore, CourseGrade, SubsectionGrade
from lykeion.teaching.reports import certified, grade, people
from lykeion.teaching.reports.certified import Certified
from lykeion.teaching.reports.kinds import KINDS
from lykeion.teaching.reports.making import write
from lykeion.teaching.reports.types import Asked
from tests.content.trees import RUN, make_run, root_of
from tests.learn.conftest import person
from tests.memory import peak_of
from tests.olx.making import unit_course

PROBLEM = (
    "<problem><multiplechoiceresponse><label>Is water wet?</label><choicegroup><choice correct='true'>yes</choice>"
    "<choice correct='false'>no</choice></choicegroup></multiplechoiceresponse></problem>"
)
POLICY = {
    "GRADER": [
        {"type": "Homework", "min_count": 2, "drop_count": 0, "weight": 0.5},
        {"type": "Final Exam", "min_count": 1, "drop_count": 0, "weight": 0.5},
    ],
    "GRADE_CUTOFFS": {"Pass": 0.5},
}
GROUP = {"id": 9, "name": "Content groups", "scheme": "cohort", "groups": [{"id": 1, "name": "North"}]}
COURSE = (
    "chapter@week1",
    {"display_name": "Week 1"},
    (
        "sequential@rivers",
        {"display_name": "Rivers", "graded": True, "format": "Homework"},
        (
            "vertical@u1",
            {"display_name": "Unit"},
            ("problem@a", {"display_name": "A", "data": PROBLEM}),
            ("problem@b", {"display_name": "B", "data": PROBLEM, "weight": 3}),
        ),
    ),
    (
        "sequential@lakes",
        {"display_name": "Lakes", "graded": True, "format": "Homework", "group_access": {"9": [1]}},
        ("vertical@u2", {"display_name": "Unit"}, ("problem@c", {"display_name": "C", "data": PROBLEM})),
    ),
    (
        "sequential@exam",
        {"display_name": "The end", "graded": True, "format": "Final Exam"},
        ("vertical@u3", {"display_name": "Unit"}, ("problem@d", {"display_name": "D", "data": PROBLEM})),
    ),
)


@pytest.fixture
def key(db: None) -> CourseLocator:
    """The course; alice (in the cohort whose group sees the lakes) earned things, dora did not, fred left."""
    store = content.store()
    root = root_of(
        store,
        COURSE,
        display_name="Waters",
        start="2020-01-01T00:00:00Z",
        grading_policy=POLICY,
        user_partitions=[GROUP],
        cohort_config={"cohorted": True},
    )
    key = make_run(store, root, run=RUN)
    catalog.catch_up()
    catalog.set_cohorted(key, True, at=now())
    for name in ("alice", "dora", "fred"):
        catalog.enrol(person(name), key, at=now())
    catalog.make_cohort(key, "north", at=now())
    catalog.link_cohort(key, "north", (9, 1), at=now())
    catalog.add_to_cohort(key, "north", ["alice"], at=now())
    catalog.unenrol(_id("fred"), key, at=now())
    _earn(key, _id("alice"))
    return key


def _id(name: str) -> int:
    found = accounts.find_person(name)
    assert found is not None
    return found.id


def _earn(key: CourseLocator, user_id: int) -> None:
    """A right, B not tried, C (lakes) not tried; the grade is what that makes."""
    at, run_id = now(), catalog.run(key).id
    BlockScore.objects.create(
        user_id=user_id, run_id=run_id, ref="problem@a", raw_earned=1, raw_possible=1, first_attempted=at, modified=at
    )
    totals = {"earned_all": 1, "possible_all": 4, "earned_graded": 1, "possible_graded": 4}
    SubsectionGrade.objects.create(
        user_id=user_id, run_id=run_id, ref="sequential@rivers", first_attempted=at, modified=at, **totals
    )
    CourseGrade.objects.create(user_id=user_id, run_id=run_id, percent=0.06, modified=at)


def _asked(key: CourseLocator, *refs: str, at: Any = None) -> Asked:
    return Asked(catalog.run(key), at or now(), refs)


def _csv(kind: str, asked: Asked, tmp_path: Path) -> list[list[str]]:
    file = io.BytesIO()
    write(KINDS[kind], "csv", asked, file, tmp_path)
    return list(csv.reader(io.StringIO(file.getvalue().decode())))


def test_grade_report_has_the_columns_and_cells_of_open_edx(key: CourseLocator, tmp_path: Path) -> None:
    head, *rows = _csv("grade", _asked(key), tmp_path)

    assert head == [
        "Student ID",
        "Email",
        "Username",
        "Grade",
        "Homework 1: Rivers",
        "Homework 2: Lakes",
        "Homework (Avg)",
        "Final Exam",
        "Cohort Name",
        "Enrollment Track",
        "Verification Status",
        "Certificate Eligible",
        "Certificate Delivered",
        "Certificate Type",
        "Enrollment Status",
    ]
    common = ["audit", "N/A", "N", "N", "N/A"]
    na, no = "Not Available", "Not Attempted"
    assert [row[2:] for row in rows] == [
        ["alice", "0.06", "0.25", no, "0.125", no, "north", *common, "enrolled"],
        ["dora", "0.0", no, na, "0.0", no, "", *common, "enrolled"],
        ["fred", "0.0", no, na, "0.0", no, "", *common, "unenrolled"],
    ]
    assert rows[0][:2] == [str(_id("alice")), "alice@example.org"]


TEAMS = {"team_sets": [{"id": "boats", "name": "Boats", "type": "open"}]}


def test_a_course_with_teams_has_an_empty_column_for_them(db: None, tmp_path: Path) -> None:
    policy = {"course/2026": {"display_name": "Waters", "start": "2020-01-01T00:00:00Z", "teams_configuration": TEAMS}}
    folder = unit_course(tmp_path / "course", "<html/>", {"policies/2026/policy.json": json.dumps(policy)})
    run = content.import_course(folder, author="carol", at=now()).run
    catalog.catch_up()
    catalog.enrol(person("alice"), run, at=now())

    head, alice = _csv("grade", _asked(run), tmp_path)

    assert head[3:6] == ["Grade", "Team Name", "Enrollment Track"]
    assert (alice[3:6], len(alice)) == (["0.0", "", "audit"], len(head))


@pytest.mark.parametrize(
    ("config", "teams"),
    [
        (TEAMS, True),
        ({**TEAMS, "enabled": False}, False),
        ({"enabled": True}, True),
        ({"max_team_size": 5, "topics": [{"id": 7}]}, True),
        ({"team_sets": [], "topics": [{"id": "old"}]}, False),
        ({"team_sets": [{"name": "No id"}, {"id": "a/b"}, {"id": ""}, "boats"]}, False),
        ({"team_sets": "boats"}, False),
        ({}, False),
        (None, False),
        ([TEAMS], False),
    ],
)
def test_teams_are_configured_as_open_edx_reads_it(config: Any, teams: bool) -> None:
    assert grade.says_teams(config) is teams


def test_an_override_stands_in_the_grade_report_though_nothing_was_attempted(
    key: CourseLocator, tmp_path: Path
) -> None:
    totals = {"earned_all": 0, "possible_all": 1, "earned_graded": 0, "possible_graded": 1}
    whose = {"user_id": _id("dora"), "run_id": catalog.run(key).id, "modified": now()}
    CourseGrade.objects.create(**whose)
    SubsectionGrade.objects.create(**whose, ref="sequential@exam", override_earned_graded=0.5, **totals)

    rows = _csv("grade", _asked(key), tmp_path)

    assert rows[2][7] == "0.5"


def test_certificates_are_asked_for_at_one_door(
    key: CourseLocator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grade, "certified", lambda _run, ids: {min(ids): Certified("Y", "Y", "honor")})
    monkeypatch.setattr(people, "issued", lambda _run: [("honor", 1)])

    rows = _csv("grade", _asked(key), tmp_path)
    counted = _csv("certificates", _asked(key), tmp_path)

    assert rows[1][11:14] == ["Y", "Y", "honor"]
    assert counted[0] == ["Course ID", "Certificate Type", "Total Certificates Issued", "Date Report Run"]
    assert counted[1][:3] == [str(key), "honor", "1"]
    assert certified.certified(catalog.run(key), [1]) == {}


def test_problem_grade_report_tells_earned_and_possible_points(key: CourseLocator, tmp_path: Path) -> None:
    head, alice, dora, _fred = _csv("problem_grade", _asked(key), tmp_path)

    assert head == [
        "Student ID",
        "Email",
        "Username",
        "Enrollment Status",
        "Grade",
        "Homework 1: Rivers - A (Earned)",
        "Homework 1: Rivers - A (Possible)",
        "Homework 1: Rivers - B (Earned)",
        "Homework 1: Rivers - B (Possible)",
        "Homework 2: Lakes - C (Earned)",
        "Homework 2: Lakes - C (Possible)",
        "Final Exam 1: The end - D (Earned)",
        "Final Exam 1: The end - D (Possible)",
    ]
    na, no = "Not Available", "Not Attempted"
    assert alice[2:] == ["alice", "enrolled", "0.06", "1.0", "1.0", no, "3.0", no, "1.0", no, "1.0"]
    assert dora[2:] == ["dora", "enrolled", "0.0", no, "1.0", no, "3.0", na, na, no, "1.0"]


def _answer(key: CourseLocator, name: str, ref: str, state: str) -> None:
    LearnerState.objects.create(
        user_id=_id(name), run_id=catalog.run(key).id, ref=ref, state=state, version=1, created=now(), modified=now()
    )


def test_problem_responses_tell_question_answer_and_right_answer(key: CourseLocator, tmp_path: Path) -> None:
    block = usage_text(key, "problem@a")
    input_id = f"{courseware.borrow(parse_usage(block), now()).problem_id}_2_1"
    state = f'{{"student_answers":{{"{input_id}":"choice_1"}},"seed":1}}'
    waiting = '{"correct_map":{"x":{"queuestate":{"key":"secret","time":"1"}}}}'
    _answer(key, "alice", "problem@a", state)
    _answer(key, "dora", "problem@a", waiting)
    _answer(key, "dora", "problem@d", '{"student_answers":{}}')

    rows = _csv("responses", _asked(key, "sequential@rivers"), tmp_path)

    assert rows[0] == [
        "username", "title", "location", "Answer", "Answer ID", "Correct Answer", "Question", "block_key", "state",
    ]  # fmt: skip
    where = "Waters > Week 1 > Rivers > Unit"
    assert rows[1] == ["alice", "A", where, "no", input_id, "yes", "Is water wet?", block, state]
    assert rows[2][:8] == ["dora", "A", where, "", "", "", "", block]
    assert "secret" not in rows[2][8]
    assert len(rows) == 3


def test_answer_distribution_counts_the_first_and_the_last_answer_of_each_learner(
    key: CourseLocator, tmp_path: Path
) -> None:
    block = usage_text(key, "problem@a")
    part = f"{courseware.borrow(parse_usage(block), now()).problem_id}_2_1"
    verdict = {name: {part: {"correctness": name}} for name in ("correct", "incorrect")}
    changed = {
        "student_answers": {part: "choice_1"},  # saved since, not submitted
        "student_answers_history": [{part: "choice_1"}, {part: "choice_0"}],
        "correct_map_history": [verdict["incorrect"], verdict["correct"]],
        "correct_map": verdict["correct"],
        "done": True,
        "seed": 1,
    }
    once = {"student_answers": {part: "choice_0"}, "correct_map": verdict["correct"], "done": True, "seed": 1}
    _answer(key, "alice", "problem@a", json.dumps(changed))
    _answer(key, "dora", "problem@a", json.dumps(once))
    _answer(key, "fred", "problem@a", json.dumps({"student_answers": {part: "choice_1"}, "seed": 1}))

    rows = _csv("answers", _asked(key), tmp_path)

    assert rows == [
        ["module_id", "part_id", "value_id", "answer_value", "variant", "problem_display_name", "question_text",
         "correct", "first_response_count", "last_response_count"],
        [block, part, "choice_0", "yes", "1", "A", "Is water wet?", "1", "1", "2"],
        [block, part, "choice_1", "no", "1", "A", "Is water wet?", "0", "1", "0"],
    ]  # fmt: skip


def test_attempts_at_timed_exams_have_the_columns_of_open_edx(key: CourseLocator, tmp_path: Path) -> None:
    at = datetime(2030, 1, 1, tzinfo=UTC)
    about = {"run_id": catalog.run(key).id, "ref": "sequential@rivers", "code": "c", "created": at, "started_at": at}
    for user_id in (_id("alice"), 987_654):  # whose account is gone
        ExamAttempt.objects.create(user_id=user_id, status="submitted", allowed_minutes=30, completed_at=at, **about)

    rows = _csv("exams", _asked(key), tmp_path)

    moment = "2030-01-01T00:00:00+00:00"
    assert rows == [
        ["course_id", "provider", "track", "exam_name", "username", "email", "attempt_code", "allowed_time_limit_mins",
         "is_sample_attempt", "started_at", "completed_at", "status", "review_status"],
        [str(key), "", "audit", "Rivers", "alice", "alice@example.org", "c", "30", "False", moment, moment,
         "submitted", ""],
    ]  # fmt: skip


def test_reports_about_people(key: CourseLocator, tmp_path: Path, settings: Any) -> None:
    User.objects.filter(username="dora").update(is_active=False, country="DE")
    catalog.allow("late@example.org", key, at=now())
    settings.LYKEION_PROFILE_FIELDS = ("username", "country", "enrollment_mode", "cohort")

    assert _csv("profiles", _asked(key), tmp_path) == [
        ["username", "country", "enrollment_mode", "cohort"],
        ["alice", "", "audit", "north"],
        ["dora", "DE", "audit", ""],
    ]
    assert _csv("cohorts", _asked(key), tmp_path)[:2] == [
        ["username", "email", "cohort"],
        ["alice", "alice@example.org", "north"],
    ]
    assert _csv("may_enrol", _asked(key), tmp_path) == [["email"], ["late@example.org"]]
    assert _csv("inactive", _asked(key), tmp_path) == [["email"], ["dora@example.org"]]
    alice = _id("alice")
    assert _csv("anonymous_ids", _asked(key), tmp_path)[:2] == [
        ["User ID", "Anonymized User ID", "Course Specific Anonymized User ID"],
        [str(alice), accounts.anonymous_id(alice, None), accounts.anonymous_id(alice, key)],
    ]


def _more_learners(key: CourseLocator, count: int) -> None:
    run_id, at = catalog.run(key).id, now()
    names = [f"l{number:05}" for number in range(count)]
    User.objects.bulk_create(
        [User(username=name, username_key=name, email=f"{name}@example.org", password="!") for name in names]
    )
    ids = User.objects.filter(username__in=names).values_list("pk", flat=True)
    Enrolment.objects.bulk_create(
        Enrolment(user=one, run_id=run_id, mode="audit", name_key=one.username_key, created=at, modified=at)
        for one in User.objects.filter(username__in=names)
    )
    CourseGrade.objects.bulk_create([CourseGrade(user_id=one, run_id=run_id, percent=0.5, modified=at) for one in ids])


@pytest.mark.parametrize("kind", ["grade", "problem_grade", "profiles", "cohorts", "anonymous_ids"])
def test_a_chunk_costs_the_same_reads_however_many_learners(key: CourseLocator, tmp_path: Path, kind: str) -> None:
    counts = []
    for more in (0, 30):
        _more_learners(key, more)
        asked = _asked(key)
        with CaptureQueriesContext(connection) as queries:
            write(KINDS[kind], "csv", asked, io.BytesIO(), tmp_path)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_memory_does_not_grow_with_the_number_of_learners(
    key: CourseLocator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grade, "chunk_for", lambda _columns: 50)
    peaks = []
    for more in (200, 1_800):
        _more_learners_from(key, more)
        with (tmp_path / "report.csv").open("w+b") as file:
            peaks.append(peak_of(partial(write, KINDS["grade"], "csv", _asked(key), file, tmp_path)))

    assert peaks[1] < peaks[0] * 1.5 + 200_000


def _more_learners_from(key: CourseLocator, count: int) -> None:
    User.objects.filter(username__startswith="l0").delete()
    CourseGrade.objects.filter(percent=0.5).delete()
    _more_learners(key, count)


def test_what_counts_for_one_of_many_is_what_counts_for_them_alone(key: CourseLocator) -> None:
    crowd = courseware.Crowd(key, now())

    seen = {one.person.username: [line.ref for line in one.sheet.lines] for one in crowd.part(0, 10)}

    for name in ("alice", "dora"):
        visitor = courseware.enter(User.objects.get(username=name), key, now())
        assert seen[name] == [line.ref for line in sheet(visitor).lines]
