"""A course with questions that programs elsewhere grade, and Alice who answers them."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from webob import Request

from lykeion.accounts.models import User
from lykeion.courseware import api as courseware
from lykeion.courseware.types import HandlerReply
from tests.courseware.acting import usage
from tests.factories import NOW, RUN, chapter, course, question, sequential, vertical

QUEUE = "Lyk-T101"
FORM = "application/x-www-form-urlencoded"
CODE = """<problem><coderesponse>{entry}<codeparam><grader_payload>{{"grader": "hello.py"}}</grader_payload>
</codeparam></coderesponse></problem>"""
EXTERNAL = """<problem><externalresponse url="{url}/grade" tests="t"><textline/><answer>code</answer>
</externalresponse></problem>"""
POLICY = {
    "GRADER": [{"type": "Homework", "short_label": "HW", "min_count": 1, "drop_count": 0, "weight": 1.0}],
    "GRADE_CUTOFFS": {"Pass": 0.5},
}


def coding(elsewhere: str = "http://127.0.0.1:9", **settings: Any) -> Any:
    """The course; ``settings`` are of the question ``code``, ``elsewhere`` is asked by the question ``outside``."""
    return course(
        chapter(
            "c1",
            sequential(
                "s1",
                vertical(
                    "u1",
                    question("code", data=CODE.format(entry="<textbox/>"), **settings),
                    question("files", data=CODE.format(entry="<filesubmission/>")),
                    question("matlab", data=CODE.format(entry="<matlabinput/>"), matlab_api_key="key", **settings),
                    question("outside", data=EXTERNAL.format(url=elsewhere), max_attempts=1),
                ),
                graded=True,
                format="Homework",
            ),
        ),
        grading_policy=POLICY,
    )


def act(user: User, name: str, dispatch: str, fields: Any, at: datetime = NOW) -> HandlerReply:
    """Something ``user`` does with the question ``name``; the answer's field is ``ANSWER``."""
    form = [(field.replace("ANSWER", f"input_{name}_2_1"), value) for field, value in fields]
    kind = "multipart/form-data" if any(isinstance(value, tuple) for _, value in form) else FORM
    request = Request.blank("/", method="POST", POST=form, content_type=kind)
    visitor = courseware.enter(user, RUN, at)
    return courseware.handle(visitor, usage(f"problem@{name}"), "xmodule_handler", dispatch, request)


def submit(user: User, name: str, answer: Any, at: datetime = NOW) -> dict[str, Any]:
    """Submits one answer: text, or pairs of a file's name and content."""
    fields = [("ANSWER", answer)] if isinstance(answer, str) else [("ANSWER", file) for file in answer]
    reply: dict[str, Any] = json.loads(act(user, name, "problem_check", fields, at).body)
    return reply


def state_of(user: User, name: str) -> dict[str, Any]:
    """What is kept of ``user`` for the question ``name``."""
    from lykeion.courseware.models import LearnerState

    row = LearnerState.objects.filter(user_id=user.pk, ref=f"problem@{name}").first()
    return {} if row is None else json.loads(row.state)


def result_of(user: User, name: str) -> dict[str, Any]:
    """The verdict on the one input of the question ``name``."""
    result: dict[str, Any] = state_of(user, name)["correct_map"][f"{name}_2_1"]
    return result
