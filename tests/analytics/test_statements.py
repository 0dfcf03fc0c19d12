"""xAPI statements of what learners did."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import orjson
import pytest

from lykeion.analytics import statements
from lykeion.analytics.statements import statement_of
from lykeion.analytics.verbs import VERBS

SITE = "https://learn.example.org"
COURSE = "course-v1:Lyk+T101+2026"
BLOCK = "block-v1:Lyk+T101+2026+type@{}+block@{}"
PAYLOADS: dict[str, dict[str, Any]] = {
    **{
        f"edx.course.enrollment.{what}": {"course_id": COURSE, "user_id": 7, "mode": "audit"}
        for what in ("activated", "deactivated", "mode_changed")
    },
    **{
        name: {"id": "v1", "code": "html5", "currentTime": 3.5, "duration": 60, "old_time": 1, "new_time": 9}
        | {"old_speed": "1", "new_speed": "2", "current_time": 3.5}
        for name in VERBS
        if "video" in name or "transcript" in name
    },
    "problem_check": {
        "problem_id": BLOCK.format("problem", "p1"), "attempts": 2, "grade": 1, "max_grade": 2, "success": "incorrect",
        "answers": {"p1_2_1": "choice_1"},
        "submission": {"p1_2_1": {"question": "Which?", "answer": "Spruce", "response_type": "multiplechoiceresponse"}},
    },
    "showanswer": {"problem_id": BLOCK.format("problem", "p1")},
    "edx.problem.hint.demandhint_displayed": {"module_id": BLOCK.format("problem", "p1"), "hint_index": 1},
    "edx.grades.problem.submitted": {
        "user_id": 7, "problem_id": BLOCK.format("problem", "p1"), "weighted_earned": 1.0, "weighted_possible": 2.0,
    },
    "edx.grades.subsection.grade_calculated": {
        "user_id": 7, "block_id": BLOCK.format("sequential", "s1"), "weighted_total_earned": 2.0,
        "weighted_total_possible": 2.0,
    },
    "edx.grades.course.grade_calculated": {"user_id": 7, "percent_grade": 0.75, "letter_grade": ""},
    "edx.course.grade.now_passed": {"user_id": 7},
    "edx.course.grade.now_failed": {"user_id": 7},
    "edx.completion.block_completion.changed": {
        "user_id": 7, "block_id": BLOCK.format("html", "t1"), "completion": 1.0,
    },
    **{
        f"edx.ui.lms.sequence.{what}_selected": {
            "id": BLOCK.format("sequential", "s1"), "current_tab": 2, "tab_count": 5, "target_tab": 4,
        }
        for what in ("next", "previous", "tab")
    },
    "edx.ui.lms.link_clicked": {"current_url": f"{SITE}/courses/x/", "target_url": f"{SITE}/courses/y/"},
    "edx.ui.lms.outline.selected": {"target_name": "First steps", "target_url": "/courses/x/jump_to/y"},
    **{
        f"edx.special_exam.timed.attempt.{what}": {
            "attempt_user_id": 7, "exam_content_id": BLOCK.format("sequential", "s2"), "exam_name": "Exam",
        }
        for what in ("created", "submitted")
    },
}  # fmt: skip


def line(name: str, *, source: str = "", user: int | None = 7, course: str = COURSE, **change: Any) -> bytes:
    """A line of the log, from a page or the server as the event is."""
    browser = (source or ("browser" if name in statements._FROM_PAGES else "server")) == "browser"
    payload = PAYLOADS[name] | change
    event = {
        "name": name, "event_type": name, "event_source": "browser" if browser else "server",
        "time": "2026-06-01T12:00:00.000000+00:00", "username": "alice", "session": "5e55", "page": None,
        "context": {"course_id": course, "org_id": "Lyk", "user_id": user, "path": "/event"},
        "event": orjson.dumps(payload).decode() if browser else payload,
    }  # fmt: skip
    return orjson.dumps(event) + b"\n"


def of(raw: bytes) -> Any:
    """The statement of a line; people are called by their number."""
    return statement_of(raw, SITE, lambda user_id: f"person-{user_id}")


@pytest.mark.parametrize("name", sorted(VERBS))
def test_each_event_has_its_verb_and_says_who_when_and_in_which_course(name: str) -> None:
    found = of(line(name))

    assert found["verb"]["id"] == VERBS[name]
    assert found["actor"] == {"objectType": "Agent", "account": {"homePage": SITE, "name": "person-7"}}
    assert found["timestamp"] == "2026-06-01T12:00:00.000000+00:00"
    assert [one["id"] for one in found["context"]["contextActivities"]["parent"]] == [f"{SITE}/course/{COURSE}"]
    assert found["object"]["id"].startswith(f"{SITE}/")
    assert "alice" not in orjson.dumps(found).decode()


def test_events_and_verbs_are_one_table() -> None:
    assert statements._PARTS.keys() == VERBS.keys() == PAYLOADS.keys()


def test_an_answer_says_what_was_asked_answered_and_earned() -> None:
    found = of(line("problem_check"))

    assert found["object"] == {
        "id": f"{SITE}/xblock/{BLOCK.format('problem', 'p1')}",
        "objectType": "Activity",
        "definition": {
            "type": "http://adlnet.gov/expapi/activities/cmi.interaction",
            "interactionType": "choice",
            "description": {"en": "Which?"},
            "extensions": {"http://id.tincanapi.com/extension/attempt-id": 2},
        },
    }
    assert found["result"] == {
        "score": {"min": 0, "max": 2, "raw": 1, "scaled": 0.5}, "success": False, "response": "Spruce",
    }  # fmt: skip


def test_a_seek_says_from_where_to_where_in_a_video_of_what_length() -> None:
    found = of(line("seek_video"))

    prefix = "https://w3id.org/xapi/video/extensions/"
    assert found["object"]["id"] == f"{SITE}/xblock/{BLOCK.format('video', 'v1')}"
    assert found["result"] == {"extensions": {f"{prefix}time-from": 1, f"{prefix}time-to": 9}}
    assert found["context"]["extensions"][f"{prefix}length"] == 60


@pytest.mark.parametrize(("what", "ends"), [("next", 3), ("previous", 1), ("tab", 4)])
def test_a_step_says_from_which_unit_to_which(what: str, ends: int) -> None:
    said = of(line(f"edx.ui.lms.sequence.{what}_selected"))["context"]["extensions"]

    assert said["http://id.tincanapi.com/extension/starting-position"] == 2
    assert said["http://id.tincanapi.com/extension/ending-point"] == ends


def test_what_a_teacher_does_is_said_of_the_learner() -> None:
    assert of(line("edx.course.enrollment.activated", user=1))["actor"]["account"]["name"] == "person-7"


def test_nothing_to_earn_is_no_division_by_nothing() -> None:
    found = of(line("edx.grades.problem.submitted", weighted_earned=0.0, weighted_possible=0.0))

    assert found["result"] == {"score": {"min": 0, "max": 0.0, "raw": 0, "scaled": 0}, "success": True}


def test_a_number_of_any_size_can_be_sent() -> None:
    assert orjson.dumps(of(line("edx.completion.block_completion.changed", completion=1 << 63)))


def test_a_line_has_one_id_however_often_it_is_read() -> None:
    first, again, other = (of(raw)["id"] for raw in (line("showanswer"), line("showanswer"), line("play_video")))

    assert first == again != other
    assert UUID(first).version == 5


@pytest.mark.parametrize(
    "raw",
    [
        b"not json\n",
        b"[]\n",
        b'{"name": "play_video"}\n',
        line("edx.course.enrollment.activated", source="browser"),  # a page may say so, and is not believed
        line("problem_check", source="browser"),
        line("play_video", source="server"),
        line("play_video", user=None),
        line("play_video", course=""),
        line("play_video", course="course-v1:a b+c+d"),
        line("play_video", id='x" onclick='),
        line("edx.ui.lms.link_clicked", target_url="javascript:alert(1)"),
        line("edx.ui.lms.link_clicked", target_url="http://[broken"),
        line("edx.ui.lms.sequence.next_selected", current_tab="two"),
        line("edx.ui.lms.sequence.next_selected", tab_count=None),
        line("edx.ui.lms.sequence.next_selected", current_tab="9" * 30),  # no store could be sent it
        line("edx.ui.lms.sequence.next_selected", current_tab=1e300),
    ],
)
def test_what_is_no_event_of_a_learner_is_no_statement(raw: bytes) -> None:
    assert of(raw) is None
