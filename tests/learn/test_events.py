"""``/event``: what pages tell the tracking log."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.accounts.people import PASSWORD, make

pytestmark = pytest.mark.django_db(transaction=True)
ONE = {"event_type": "play_video", "event": '{"id": "v1"}', "page": "http://testserver/courses/course-v1:L+T+1/course/"}


@pytest.fixture
def log(settings: object, tmp_path: Path) -> Path:
    """The tracking log of this test."""
    settings.LYKEION_TRACKING_LOG = tmp_path / "tracking.log"  # type: ignore[attr-defined]
    return tmp_path / "tracking.log"


def lines(log: Path) -> list[dict[str, Any]]:
    """What was written."""
    return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []


@pytest.mark.parametrize("way", ["get", "form", "json", "beacon"])
def test_events_come_as_query_form_json_and_batch(client: Client, log: Path, way: str) -> None:
    answer = {
        "get": lambda: client.get("/event", ONE),
        "form": lambda: client.post("/event", ONE),
        "json": lambda: client.post("/event", json.dumps([ONE]), content_type="application/json"),
        "beacon": lambda: client.post("/event", {"events": json.dumps([ONE])}),
    }[way]()

    (line,) = lines(log)
    assert (answer.status_code, answer.content) == (200, b"success")
    assert (line["name"], line["event"], line["page"], line["event_source"]) == (
        "play_video", ONE["event"], ONE["page"], "browser",
    )  # fmt: skip
    assert line["context"]["course_id"] == "course-v1:L+T+1"


def test_events_say_who_sent_them_and_a_batch_keeps_its_order(client: Client, log: Path) -> None:
    alice = make("alice")
    client.login(username="alice", password=PASSWORD)

    client.post("/event", {"events": json.dumps([{**ONE, "event_type": f"e{number}"} for number in range(3)])})

    assert [line["name"] for line in lines(log)] == ["e0", "e1", "e2"]
    assert {(line["username"], line["context"]["user_id"]) for line in lines(log)} == {("alice", alice.id)}


@pytest.mark.parametrize(
    "body",
    ["not json", "[[]]", '"text"', json.dumps([{"event_type": "<b>"}]), json.dumps([ONE] * 101), "[1]", "{}", "null"],
)
def test_other_shapes_are_refused_and_nothing_is_written(client: Client, log: Path, body: str) -> None:
    answer = client.post("/event", {"events": body})

    assert answer.status_code == 400
    assert lines(log) == []


def test_a_batch_says_when_it_was_sent(client: Client, log: Path) -> None:
    told = client.post("/event", {"events": json.dumps([{**ONE, "time": 1_000}]), "sent": "3000"})
    refused = client.post("/event", {"events": json.dumps([ONE]), "sent": "yesterday"})

    (line,) = lines(log)
    waited = datetime.fromisoformat(line["context"]["received_at"]) - datetime.fromisoformat(line["time"])
    assert (told.status_code, refused.status_code, waited) == (200, 400, timedelta(seconds=2))


def test_too_much_at_once_is_refused(client: Client, log: Path) -> None:
    answer = client.post("/event", "x" * 1_000_001, content_type="application/json")

    assert answer.status_code == 413
    assert lines(log) == []


def test_other_sites_cannot_write_into_the_log(client: Client, log: Path) -> None:
    answer = client.get("/event", ONE, headers={"sec-fetch-site": "cross-site"})
    forged = Client(enforce_csrf_checks=True).post("/event", ONE)

    assert (answer.status_code, forged.status_code) == (403, 403)
    assert lines(log) == []
