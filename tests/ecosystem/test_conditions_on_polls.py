"""Conditionals that hang on votes in polls and surveys of the package xblock-poll."""

from __future__ import annotations

import json

import pytest
from webob import Request

from lykeion.courseware import api as courseware
from lykeion.courseware.entering import plan
from tests.courseware.acting import enter, usage
from tests.factories import block, chapter, course, learner, sequential, store_course, text, vertical

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("kind", "vote", "attribute", "value", "is_open"),
    [
        ("poll", {"choice": "R"}, "voted", "True", True),
        ("poll", {"choice": "R"}, "poll_answer", "R", True),
        ("poll", {"choice": "R"}, "poll_answer", "B", False),
        ("survey", {"enjoy": "Y", "recommend": "N", "learn": "M"}, "voted", "True", True),
    ],
)
def test_a_vote_opens_what_hangs_on_it(
    kind: str, vote: dict[str, str], attribute: str, value: str, is_open: bool
) -> None:
    inside = block(
        "conditional",
        "k",
        text("t1"),
        sources_list=[f"i4x://Lyk/T101/{kind}/v"],
        conditional_attr=attribute,
        conditional_value=value,
    )
    unit = vertical("u1", block(kind, "v", xml=f'<{kind} url_name="v"/>'), inside)
    store_course(course(chapter("c1", sequential("s1", unit))))
    user = learner()
    before = plan(enter(user)).subsections["sequential@s1"].leaves

    request = Request.blank("/", method="POST", body=json.dumps(vote).encode(), content_type="application/json")
    reply = courseware.handle(enter(user), usage(f"{kind}@v"), "vote", "", request)

    assert (reply.status, json.loads(reply.body)["success"]) == (200, True)
    assert "html@t1" not in before
    assert ("html@t1" in plan(enter(user)).subsections["sequential@s1"].leaves) is is_open
