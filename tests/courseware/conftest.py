from __future__ import annotations

import pytest

from lykeion.content.types import Node
from tests.factories import (
    FUTURE,
    Spec,
    chapter,
    course,
    question,
    sequential,
    text,
    vertical,
    video,
)

POLICY = {
    "GRADER": [{"type": "Homework", "short_label": "HW", "min_count": 1, "drop_count": 0, "weight": 1.0}],
    "GRADE_CUTOFFS": {"Pass": 0.5},
}
PARTS = {
    "info/updates": Node(
        "course_info",
        {
            "items": [
                {"id": 1, "date": "May 1, 2026", "content": "<p>Welcome</p>", "status": "visible"},
                {
                    "id": 2,
                    "date": "May 8, 2026",
                    "content": '<p><a href="/static/a.pdf">Leaf</a></p>',
                    "status": "visible",
                },
                {"id": 3, "date": "May 9, 2026", "content": "<p>Oops</p>", "status": "deleted"},
            ]
        },
    ),
    "info/handouts": Node("course_info", {"data": "<p>Key to trees</p>"}),
    "tabs/glossary": Node("static_tab", {"data": "<p>Bole: a trunk.</p>", "display_name": "Glossary"}),
}


@pytest.fixture
def trees() -> Spec:
    """A course: two units with two problems, texts and a video; a second section; one that opens later."""
    return course(
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
        chapter("c3", sequential("s3", vertical("u4", text("t4"))), start=FUTURE),
        grading_policy=POLICY,
    )
