import orjson
import pytest
from webob import Request

from lykeion.courseware import api as courseware
from lykeion.courseware.types import Visitor
from tests.factories import (
    NOW,
    RUN,
    chapter,
    course,
    learner,
    question,
    sequential,
    store_course,
    text,
    vertical,
    video,
)

pytestmark = pytest.mark.django_db

POLICY = {
    "GRADER": [{"type": "Homework", "short_label": "HW", "min_count": 1, "drop_count": 0, "weight": 1.0}],
    "GRADE_CUTOFFS": {"Pass": 0.5},
}
TREES = course(
    chapter(
        "c1",
        sequential(
            "s1",
            vertical("u1", text("t1"), question("p1"), question("p2")),
            vertical("u2", video("v1"), text("t2")),
            graded=True,
            format="Homework",
        ),
    ),
    chapter("c2", sequential("s2", vertical("u3", text("t3")))),
    grading_policy=POLICY,
)


def post(values: dict) -> Request:
    return Request.blank("/", method="POST", POST=values)


def answer(visitor: Visitor, name: str, choice: str = "choice_1"):
    usage = f"block-v1:Lyk+T101+2026+type@problem+block@{name}"
    return courseware.handle(visitor, usage, "xmodule_handler", "problem_check", post({f"input_{name}_2_1": choice}))


def test_a_right_answer_is_graded_in_the_reply() -> None:
    store_course(TREES)
    alice = courseware.enter(learner("alice"), RUN, NOW)

    page = courseware.unit(alice, "vertical@u1")
    reply = answer(alice, "p1")

    assert [block.ref for block in page.blocks] == ["html@t1", "problem@p1", "problem@p2"]
    assert reply.status == 200
    assert orjson.loads(reply.body)["success"] == "correct"
    assert (reply.grade.percent, reply.grade.letter, reply.grade.passed) == (0.5, "Pass", True)
