"""What a publish tells the tracking log of timed exams."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from lykeion.content import api as content
from lykeion.content.signals import RunPublished, published
from tests.factories import NOW, RUN, Spec, chapter, course, question, sequential, store_course, vertical

pytestmark = pytest.mark.django_db(transaction=True)


def exams(*minutes: int | None) -> Spec:
    """A course with so many subsections, each against the clock or not."""
    parts = [
        sequential(
            f"s{number}",
            vertical(f"u{number}", question(f"p{number}")),
            **({} if many is None else {"is_time_limited": True, "default_time_limit_minutes": many}),
        )
        for number, many in enumerate(minutes)
    ]
    return course(chapter("c1", *parts))


def test_a_publish_tells_of_exams_that_came_changed_and_went(settings: Any, tmp_path: Path) -> None:
    path = settings.LYKEION_TRACKING_LOG = tmp_path / "tracking.log"
    before = None
    for spec in (exams(30, 40, None), exams(30, 50, None), exams(None, 50, 60)):
        store_course(spec)
        root = content.heads()[RUN]
        published.send(None, payload=RunPublished(RUN, before, root, "carol", NOW))
        before = root

    told = [orjson.loads(line) for line in path.read_bytes().splitlines()]

    assert [
        (one["name"].rpartition(".")[2], one["event"]["exam_content_id"][-2:],
         one["event"]["exam_default_time_limit_mins"], one["event"]["exam_is_active"])
        for one in told
    ] == [
        ("created", "s0", 30, True),
        ("created", "s1", 40, True),
        ("updated", "s1", 50, True),
        ("created", "s2", 60, True),
        ("updated", "s0", 30, False),
    ]  # fmt: skip
    assert all(one["context"]["course_id"] == str(RUN) for one in told)
