"""Asking graders while the learner waits: only where the operator allows it, bounded, and at no risk to the attempt."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs

import pytest

from lykeion.accounts.models import User
from lykeion.courseware import api as courseware
from lykeion.graders import web
from lykeion.graders.asking import NotAllowed, ask, check_allowed
from lykeion.graders.types import Unreachable
from tests.courseware.acting import enter
from tests.factories import learner, store_course
from tests.graders.course import coding, result_of, submit
from tests.graders.servers import Asked, serving

OK = b"<r><awarddetail>EXACT_ANS</awarddetail><message>Fine</message></r>"


def fine(_asked: Asked) -> tuple[int, dict[str, str], bytes]:
    return 200, {}, OK


def test_an_allowed_grader_is_asked_and_the_learner_has_the_score(db: None, settings: Any) -> None:
    with serving(fine) as server:
        settings.LYKEION_GRADER_HOSTS = (server.host,)
        store_course(coding(server.url))
        alice = learner("alice")

        said = submit(alice, "outside", "x = 1")

    assert (said["success"], said["attempts_used"]) == ("correct", 1)
    assert result_of(alice, "outside")["msg"] == "Fine"
    [asked] = server.asked
    form = parse_qs(asked.body.decode())
    assert (asked.path, form["edX_cmd"], form["edX_student_response"]) == ("/grade", ["get_score"], ['["x = 1"]'])


def test_nobody_is_asked_whom_the_operator_did_not_allow(db: None) -> None:
    with serving(fine) as server:
        store_course(coding(server.url))
        alice = learner("alice")

        page = courseware.unit(enter(alice), "vertical@u1")
        said = submit(alice, "outside", "x")

    assert server.asked == []
    assert f"graded by a program at {server.host}, which this site may not ask" in said["success"]
    assert "LYKEION_GRADER_HOSTS" in said["success"]
    assert said["attempts_used"] == 0
    [shown] = [block.html for block in page.blocks if block.ref == "problem@outside"]
    assert server.host in shown
    assert "<form" not in shown


@pytest.mark.parametrize(
    "answer",
    [
        (500, {}, b"oh"),
        (302, {"Location": "http://127.0.0.1:1/"}, b""),
        (200, {}, b"x" * (web.MOST_BYTES + 1)),
        (200, {}, b"no XML"),
    ],
)
def test_a_grader_that_fails_costs_no_attempt(db: None, settings: Any, answer: Any) -> None:
    with serving(lambda _asked: answer) as server:
        settings.LYKEION_GRADER_HOSTS = (server.host,)
        store_course(coding(server.url))
        alice = learner("alice")

        said = submit(alice, "outside", "x")
        server.answer = fine
        again = submit(alice, "outside", "x")

    assert (said["attempts_used"], "nothing was counted" in said["success"]) == (0, True)
    assert again["success"] == "correct"


def test_a_redirect_is_not_followed(settings: Any) -> None:
    with serving(fine) as inside, serving(lambda _asked: (307, {"Location": inside.url}, b"")) as server:
        settings.LYKEION_GRADER_HOSTS = (server.host,)

        with pytest.raises(Unreachable, match="HTTP status 307"):
            ask(server.url, {"a": "b"})

    assert inside.asked == []


def test_a_grader_that_is_not_there_is_named_without_passwords() -> None:
    with pytest.raises(Unreachable, match=r"^127\.0\.0\.1:9 does not answer"):
        web.Caller().post("http://name:secret@127.0.0.1:9/", b"")


@pytest.mark.parametrize(
    "url",
    [
        "http://other.example/",
        "http://graders.example.evil.example/",
        "http://graders.example@evil.example/",
        "http://x@graders.example/",
        "http://graders.example:8080/",
        "https://graders.example:80/",
        "ftp://graders.example/",
        "file:///etc/passwd",
        "http://[::1",
        "http://graders.example:x/",
        "//graders.example/",
        "",
    ],
)
def test_only_the_very_host_and_port_is_allowed(settings: Any, url: str) -> None:
    settings.LYKEION_GRADER_HOSTS = ("graders.example", "[::1]:8001")

    with pytest.raises(NotAllowed):
        check_allowed(url)


@pytest.mark.parametrize(
    "url",
    ["http://graders.example/a", "https://GRADERS.example:443/", "http://graders.example:80/", "http://[::1]:8001/"],
)
def test_the_usual_port_needs_no_saying(settings: Any, url: str) -> None:
    settings.LYKEION_GRADER_HOSTS = ("graders.example", "[::1]:8001")

    check_allowed(url)


def test_staff_are_shown_the_same(db: None) -> None:
    store_course(coding("http://inner.example"))
    from tests.factories import teacher

    bob: User = teacher("bob")

    said = submit(bob, "outside", "x")

    assert "inner.example" in json.dumps(said)
