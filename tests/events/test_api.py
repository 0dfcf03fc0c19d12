"""Saying what happened."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import orjson
import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.db import transaction
from django.http import HttpRequest
from django.test import RequestFactory

from lykeion.analytics.parse import parse
from lykeion.core.keys import run_of
from lykeion.events import api as events
from lykeion.events import context
from lykeion.events.types import BadEvent

RUN = run_of("Lyk", "T101", "2026")
AT = datetime(2026, 6, 1, 12, 30, tzinfo=UTC)


def anybody(course: str) -> bool:
    """Everybody sees every course."""
    return True


@pytest.fixture
def lines(settings: object, tmp_path: Path) -> Callable[[], list[dict[str, Any]]]:
    """What the tracking log holds."""
    path = tmp_path / "tracking.log"
    settings.LYKEION_TRACKING_LOG = path  # type: ignore[attr-defined]

    def read() -> list[dict[str, Any]]:
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    return read


@pytest.fixture
def request_of_alice() -> HttpRequest:
    """Alice opens a page of her course."""
    request = RequestFactory().get(
        f"/courses/{RUN}/courseware/x/",
        headers={"user-agent": "Fox", "referer": "http://testserver/dashboard", "accept-language": "de"},
    )
    request.META["HTTP_HOST"] = "testserver"
    request.session = SessionStore(session_key="the key itself")
    request.user = request._cached_user = SimpleNamespace(pk=7, get_username=lambda: "alice")  # type: ignore[attr-defined, assignment]
    return request


@pytest.fixture
def during(request_of_alice: HttpRequest) -> Any:
    """Within Alice's request."""
    context.enter(request_of_alice)
    yield request_of_alice
    context.enter(None)


@pytest.mark.django_db(transaction=True)
def test_a_server_event_is_the_whole_envelope(lines: Any, during: HttpRequest) -> None:
    events.emit("problem_check", {"attempts": 1}, at=AT)

    (line,) = lines()
    assert list(line) == [
        "name", "event_type", "event_source", "time", "username", "context", "session", "ip", "agent", "host",
        "referer", "accept_language", "page", "event",
    ]  # fmt: skip
    assert re.fullmatch(r"[0-9a-f]{32}", line.pop("session"))
    assert line == {
        "name": "problem_check",
        "event_type": "problem_check",
        "event_source": "server",
        "time": "2026-06-01T12:30:00.000000+00:00",
        "username": "alice",
        "context": {
            "course_id": str(RUN), "org_id": "Lyk", "user_id": 7,
            "path": f"/courses/{RUN}/courseware/x/", "course_user_tags": {},
        },
        "ip": "127.0.0.1",
        "agent": "Fox",
        "host": "testserver",
        "referer": "http://testserver/dashboard",
        "accept_language": "de",
        "page": None,
        "event": {"attempts": 1},
    }  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_an_event_is_written_when_the_change_commits(lines: Any) -> None:
    with transaction.atomic():
        events.emit("x.happened", {"a": 1}, course_id=RUN, user_id=7, at=AT)
        before = lines()

    assert before == []
    (line,) = lines()
    assert line["context"] == {
        "course_id": str(RUN), "org_id": "Lyk", "user_id": 7, "path": "", "job": True, "course_user_tags": {},
    }  # fmt: skip
    assert (line["event_source"], line["username"], line["session"]) == ("server", "", "")


@pytest.mark.django_db(transaction=True)
def test_whoever_a_job_names_is_not_active_by_it_and_whoever_asks_is(lines: Any, request_of_alice: HttpRequest) -> None:
    events.emit("edx.certificate.created", {}, course_id=RUN, user_id=7, at=AT)
    context.enter(request_of_alice)
    events.emit("edx.certificate.created", {}, course_id=RUN, user_id=7, at=AT)
    context.enter(None)

    rows = [parse(orjson.dumps(line))[2] for line in lines()]

    assert [(row[3], row[5]) for row in rows] == [(7, "task"), (7, "server")]


@pytest.mark.django_db(transaction=True)
def test_a_change_that_is_rolled_back_says_nothing(lines: Any) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        events.emit("x.happened", {})
        raise ZeroDivisionError

    assert lines() == []


@pytest.mark.django_db(transaction=True)
def test_without_a_transaction_it_is_written_at_once_with_what_was_given(lines: Any, during: HttpRequest) -> None:
    events.emit("x", {"k": RUN, "s": {2, 1}}, username="bob", user_id=9, page="x_module", context={"module": {"u": 1}})

    (line,) = lines()
    assert (line["username"], line["page"], line["context"]["user_id"]) == ("bob", "x_module", 9)
    assert line["context"]["module"] == {"u": 1}
    assert line["event"] == {"k": str(RUN), "s": [1, 2]}
    assert "username" not in line["context"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("odd", ["\ud800", 2**70, float("nan"), {1: "whole numbers as keys"}, b"\xff", object()])
def test_nothing_that_is_said_can_break_a_request(lines: Any, odd: object) -> None:
    events.emit("x", {"odd": odd})

    assert len(lines()) == 1


@pytest.mark.django_db(transaction=True)
def test_a_lost_event_is_counted_and_the_request_goes_on(settings: object) -> None:
    settings.LYKEION_TRACKING_LOG = Path("/dev/full")  # type: ignore[attr-defined]
    before = events.lost()

    events.emit("x", {})

    assert events.lost() == before + 1


@pytest.mark.django_db(transaction=True)
def test_a_browser_event_is_a_string_and_belongs_to_the_course_of_its_page(lines: Any, during: HttpRequest) -> None:
    during.path_info = "/event"
    page = "http://testserver/courses/course-v1%3AOther%2BO1%2BR/courseware/"

    count = events.emit_browser(
        [{"event_type": "play_video", "event": '{"id": "v"}', "page": page}], sees=anybody, at=AT
    )

    assert count == 1
    (line,) = lines()
    assert (line["event"], line["page"], line["event_source"]) == ('{"id": "v"}', page, "browser")
    assert line["context"] == {
        "course_id": "course-v1:Other+O1+R", "org_id": "Other", "user_id": 7, "path": "/event", "course_user_tags": {},
        "received_at": AT.isoformat(timespec="microseconds"),
    }  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_a_browser_whose_clock_is_wrong_is_placed_by_ours_and_its_clock_is_noted(lines: Any) -> None:
    its = AT.timestamp() * 1000 - 3_600_000  # an hour behind

    events.emit_browser([{"event_type": "play_video", "time": its - 1_500}], sees=anybody, sent=str(its), at=AT)

    (line,) = lines()
    assert line["time"] == (AT - timedelta(seconds=1.5)).isoformat(timespec="microseconds")
    assert line["context"]["received_at"] == AT.isoformat(timespec="microseconds")
    assert line["context"]["clock_skew"] == -3600.0


@pytest.mark.django_db(transaction=True)
def test_a_page_that_a_mail_led_to_is_told_without_its_key(during: HttpRequest, lines: Any) -> None:
    page = "http://testserver/account/password/reset/key/1-c0ffee/"

    events.emit_browser([{"event_type": "page_close", "event": "", "page": page}], sees=anybody, at=AT)

    assert [line["page"] for line in lines()] == ["http://testserver/account/password/reset/key/********"]


@pytest.mark.django_db(transaction=True)
def test_of_a_batch_with_a_bad_event_nothing_is_written(lines: Any) -> None:
    with pytest.raises(BadEvent):
        events.emit_browser([{"event_type": "good", "event": "", "page": ""}, {"event_type": ""}], sees=anybody)

    assert lines() == []


def test_sessions_are_told_apart_and_not_told() -> None:
    first, second = context.session_digest("one key"), context.session_digest("another")

    assert first != second
    assert len(first) == 32
    assert context.session_digest("") == ""


@pytest.mark.parametrize(
    ("forwarded", "trusted", "ip"),
    [("", False, "127.0.0.1"), ("9.9.9.9", False, "127.0.0.1"), ("6.6.6.6, 9.9.9.9", True, "9.9.9.9")],
)
def test_a_forwarded_address_counts_only_behind_our_own_proxy(
    settings: object, forwarded: str, trusted: bool, ip: str
) -> None:
    settings.ENV = {**settings.ENV, "LYKEION_TRUST_PROXY": trusted}  # type: ignore[attr-defined]
    request = RequestFactory().get("/", HTTP_X_FORWARDED_FOR=forwarded)

    assert events.client_ip(request) == ip


@pytest.mark.parametrize("way", ["/account/password/reset/key/", "/mail/unsubscribe/"])
def test_links_from_mails_do_not_get_into_the_log(way: str) -> None:
    request = RequestFactory().get(f"{way}7-secret/", headers={"referer": f"http://testserver{way}7-secret/"})
    request.user = AnonymousUser()

    facts = context.facts_of(request)

    assert (facts.path, facts.referer) == (f"{way}********", f"http://testserver{way}********")


def test_the_user_is_never_loaded_for_the_log() -> None:
    class Trap:
        def __getattr__(self, name: str) -> object:
            raise AssertionError("loaded")

    request = RequestFactory().get("/courses")
    request.user = Trap()  # type: ignore[assignment]

    assert context.facts_of(request).username == ""


@pytest.mark.django_db(transaction=True)
def test_an_event_costs_little_more_than_its_line(lines: Any, during: HttpRequest) -> None:
    event = {"problem_id": "block-v1:x", "answers": {str(n): "choice_1" for n in range(10)}, "attempts": 1}

    def best(work: Callable[[], object]) -> float:
        taken = []
        for _ in range(7):
            start = time.thread_time()
            for _ in range(200):
                work()
            taken.append(time.thread_time() - start)
        return min(taken)

    line = best(lambda: json.dumps(event))

    assert best(lambda: events.emit("problem_check", event)) < 30 * line


COURSES = "http://testserver/courses/course-v1:Lyk+T{}+now/course/"


@pytest.mark.usefixtures("during")
def test_a_course_that_the_sender_may_not_see_is_left_out_and_asked_for_once(lines: Any) -> None:
    asked: list[str] = []

    def sees(course: str) -> bool:
        asked.append(course)
        return "T1" in course

    body = [{"event_type": "play_video", "event": "{}", "page": COURSES.format(number)} for number in (1, 2, 1, 2)]
    events.emit_browser(body, sees=sees, at=AT)

    contexts = [(one["context"]["course_id"], one["context"]["org_id"]) for one in lines()]
    assert contexts == [("course-v1:Lyk+T1+now", "Lyk"), ("", "")] * 2
    assert "course_user_tags" not in lines()[1]["context"]
    assert [one["page"] for one in lines()] == [one["page"] for one in body]
    assert asked == ["course-v1:Lyk+T1+now", "course-v1:Lyk+T2+now"]


@pytest.mark.usefixtures("during")
def test_a_batch_of_very_many_courses_asks_for_few(lines: Any) -> None:
    asked: list[str] = []
    body = [{"event_type": "seen", "page": COURSES.format(number)} for number in range(50)]

    events.emit_browser(body, sees=lambda course: not asked.append(course), at=AT)  # type: ignore[func-returns-value]

    assert (len(asked), [bool(one["context"]["course_id"]) for one in lines()]) == (5, [True] * 5 + [False] * 45)


@pytest.mark.usefixtures("during")
def test_the_page_of_a_block_by_itself_names_its_course(lines: Any) -> None:
    page = "http://testserver/xblock/block-v1:Lyk+T1+now+type@video+block@v?x=/courses/course-v1:A+B+C/"

    events.emit_browser([{"event_type": "play_video", "page": page}], sees=anybody, at=AT)

    assert (lines()[0]["context"]["course_id"], lines()[0]["context"]["org_id"]) == ("course-v1:Lyk+T1+now", "Lyk")


MINUTE = AT.replace(minute=1, second=20)


def test_who_has_used_up_a_minute_waits_for_the_next(settings: Any) -> None:
    settings.LYKEION_EVENTS_PER_MINUTE = 10

    def send(count: int, *, user: int | None = 7, size: int = 0, later: int = 0) -> int:
        return events.seconds_to_wait(user, "10.0.0.1", count=count, size=size, at=MINUTE + timedelta(seconds=later))

    assert [send(6), send(6), send(1), send(0)] == [0, 0, 40, 40]  # who has anything left may send a whole batch
    assert [send(1, user=8), send(1, later=40)] == [0, 0]
    assert [send(1, user=9, size=10_000), send(1, user=9)] == [0, 40]  # one long one weighs as much as many
    assert [send(99, user=None), send(1, user=None), send(1, user=None)] == [0, 0, 40]  # a school has one address
