"""``/event``: what pages tell the tracking log."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from lykeion.accounts.models import User
from lykeion.analytics.parse import parse
from lykeion.catalog import api as catalog
from lykeion.core.clock import now
from tests.accounts.people import PASSWORD, make
from tests.learn.conftest import KEY
from tests.reads import SESSION

pytestmark = pytest.mark.django_db(transaction=True)
ONE = {"event_type": "play_video", "event": '{"id": "v1"}', "page": f"http://testserver/courses/{KEY}/course/"}


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
    assert line["context"]["course_id"] == ""  # a visitor does not see it


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


def beacon(client: Client, *pages: str, count: int = 1) -> Any:
    """A batch as pages send it when they are left: so many events of each of these pages."""
    batch = [{**ONE, "page": page, "time": 1_000} for page in pages or [ONE["page"]] for _each in range(count)]
    return client.post("/event", {"events": json.dumps(batch), "sent": "1500"})


@pytest.mark.parametrize(("who", "sees"), [("alice", True), ("bob", True), ("root", True), ("dan", False), ("", False)])
def test_an_event_counts_for_a_course_that_its_sender_may_read(
    as_person: Callable[[str], Client], log: Path, who: str, sees: bool
) -> None:
    answer = beacon(as_person(who))

    [line] = lines(log)
    _kind, _day, row = parse(log.read_bytes())
    assert (answer.status_code, line["page"]) == (200, ONE["page"])
    assert line["context"]["course_id"] == (str(KEY) if sees else "")
    assert row[2] == (str(KEY) if sees else None)


@pytest.mark.parametrize(
    "page",
    [
        "http://testserver/courses/course-v1:No+Such+course/course/",
        "http://testserver/courses/course-v1:%20+%00+%ff/course/",
        f"http://testserver/dashboard?next=/courses/{KEY}/course/",
        f"http://testserver/x/courses/{KEY}/",
        "http://testserver/xblock/block-v1:No+Such+course+type@video+block@v",
    ],
)
def test_no_other_way_to_name_a_course_makes_an_event_count(
    as_person: Callable[[str], Client], log: Path, page: str
) -> None:
    answer = beacon(as_person("dan"), page)

    assert answer.status_code == 200
    assert lines(log)[0]["context"]["course_id"] == ""
    assert parse(log.read_bytes())[2][2] is None


def test_whoever_enrols_counts_at_once(as_person: Callable[[str], Client], log: Path) -> None:
    dan = as_person("dan")
    beacon(dan)

    catalog.enrol(User.objects.get(username="dan").pk, KEY, at=now())
    beacon(dan)

    told = [line["context"]["course_id"] for line in lines(log) if line["event_source"] == "browser"]
    assert told == ["", str(KEY)]


def test_further_batches_ask_nothing_of_the_course(
    as_person: Callable[[str], Client], log: Path, django_assert_num_queries: Any
) -> None:
    alice = as_person("alice")
    beacon(alice)

    with django_assert_num_queries(SESSION + 1):  # the session and the person
        beacon(alice, count=50)

    assert {line["context"]["course_id"] for line in lines(log)} == {str(KEY)}


def test_a_script_that_sends_too_much_is_told_when_to_go_on(
    as_person: Callable[[str], Client], log: Path, settings: Any
) -> None:
    settings.LYKEION_EVENTS_PER_MINUTE = 3
    alice, bob = as_person("alice"), as_person("bob")

    first, refused, other = beacon(alice, count=20), beacon(alice), beacon(bob)

    assert (first.status_code, refused.status_code, other.status_code) == (200, 429, 200)
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert f"in {refused['Retry-After']} seconds" in refused.content.decode()
    assert [line["username"] for line in lines(log)] == ["alice"] * 20 + ["bob"]


def test_the_busiest_minute_of_a_learner_is_taken(as_person: Callable[[str], Client], log: Path) -> None:
    """A video that is dragged to and fro, answers, and ten tabs that are closed at once: full batches of what pages put
    into one (``ui/ts/events.ts``)."""
    alice = as_person("alice")

    answers = [beacon(alice, count=20) for _batch in range(40)]
    answers += [beacon(alice, f"http://testserver/courses/{KEY}/course/?tab={number}") for number in range(10)]

    assert {answer.status_code for answer in answers} == {200}
    assert len(lines(log)) == 810


@pytest.mark.parametrize(
    "address",
    [
        f"/courses/{KEY}/courseware/wonder/first/1/",
        f"/courses/{KEY}/course/",
        f"/courses/{KEY}/instructor/",
        f"/courses/{KEY}/nothing/of/the/kind",
        "/courses/course-v1:No+Such+course/course/",
    ],
)
def test_a_page_that_is_refused_counts_for_no_course(
    as_person: Callable[[str], Client], log: Path, address: str
) -> None:
    answer = as_person("dan").get(address)

    [line] = log.read_bytes().splitlines(keepends=True)
    kind, _day, row = parse(line)
    assert answer.status_code in {302, 403, 404}
    assert (kind, row[2], address.startswith(row[4])) == ("page", None, True)
    assert json.loads(line)["context"]["course_id"] == ""


def test_pages_that_are_shown_count(as_person: Callable[[str], Client], log: Path) -> None:
    as_person("alice").get(f"/courses/{KEY}/courseware/wonder/first/1/")
    as_person("dan").get(f"/courses/{KEY}/about")

    implicit = [parse(line)[2] for line in log.read_bytes().splitlines(keepends=True) if b'"name":"/courses/' in line]
    assert [row[2] for row in implicit] == [str(KEY), str(KEY)]
