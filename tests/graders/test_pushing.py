"""Bringing submissions to an XQueue elsewhere: a server that speaks its protocol, that is away, that refuses."""

from __future__ import annotations

import json
from datetime import timedelta
from email import message_from_bytes
from typing import Any

import pytest

from lykeion.accounts.models import User
from lykeion.core.clock import now
from lykeion.graders import api as graders
from lykeion.graders.models import Submission
from lykeion.graders.tasks import TRIES
from lykeion.graders.types import State
from lykeion.jobs import api as jobs
from lykeion.jobs.models import Job
from tests.courseware.acting import usage
from tests.factories import RUN
from tests.graders.course import QUEUE, submit
from tests.graders.servers import Asked, serving

LONG = timedelta(hours=2)


def xqueue(asked: Asked) -> tuple[int, dict[str, str], bytes]:
    """An XQueue that knows who logged in by a cookie."""
    if asked.path.endswith("/login/"):
        right = asked.body == b"username=lms&password=p%40ss"
        content = {"return_code": 0 if right else 1, "content": "Logged in" if right else "Incorrect login credentials"}
        return 200, {"Set-Cookie": "sessionid=1; Path=/"}, json.dumps(content).encode()
    if "sessionid=1" not in asked.headers.get("Cookie", ""):
        return 200, {}, b'{"return_code": 1, "content": "login_required"}'
    return 200, {}, b'{"return_code": 0, "content": "1"}'


def fields_of(asked: Asked) -> dict[str, bytes]:
    message = message_from_bytes(f"Content-Type: {asked.headers['Content-Type']}\r\n\r\n".encode() + asked.body)
    return {
        part.get_param("name", header="content-disposition"): part.get_payload(decode=True)
        for part in message.get_payload()
    }


def work() -> int:
    """All that is due, also what waits to be tried again."""
    return jobs.run_pending(at=now() + LONG)


def test_a_submission_is_brought_with_header_body_and_files(alice: User, settings: Any) -> None:
    with serving(xqueue) as server:
        settings.LYKEION_XQUEUE_URL = f"http://lms:p%40ss@{server.host}"
        submit(alice, "files", [('a"b.py', b"print(1)\r\n")])
        assert server.asked == []

        work()

    [row] = Submission.objects.all()
    login, brought = server.asked
    fields = fields_of(brought)
    assert (login.path, brought.path) == ("/xqueue/login/", "/xqueue/submit/")
    path = f"/courses/{RUN}/xqueue/{alice.pk}/{usage('problem@files')}/score_update"
    assert json.loads(fields["xqueue_header"]) == {
        "lms_callback_url": settings.SITE_URL + path,
        "lms_key": row.key,
        "queue_name": QUEUE,
    }
    assert json.loads(fields["xqueue_body"])["student_response"] == ""
    assert fields["a%22b.py"] == b"print(1)\r\n"
    assert row.state == State.PUSHED
    assert not Job.objects.exists()


def test_the_address_for_the_reply_is_one_of_ours(alice: User, settings: Any, client: Any) -> None:
    with serving(xqueue) as server:
        settings.LYKEION_XQUEUE_URL = f"http://lms:p%40ss@{server.host}"
        submit(alice, "code", "x")
        work()
    header = json.loads(fields_of(server.asked[1])["xqueue_header"])

    reply = client.post(
        header["lms_callback_url"].removeprefix(settings.SITE_URL),
        {"xqueue_header": json.dumps(header), "xqueue_body": '{"correct": true, "score": 1, "msg": "<p>ok</p>"}'},
    )

    assert (reply.status_code, Submission.objects.get().state) == (200, State.RETIRED)


@pytest.mark.parametrize(
    "broken",
    [
        lambda _asked: (503, {}, b""),
        lambda _asked: (200, {}, b"<html>"),
        lambda _asked: (200, {}, b'{"return_code": 1, "content": "Queue not found"}'),
    ],
)
def test_while_the_queue_is_away_nothing_is_lost_and_it_is_tried_again(alice: User, settings: Any, broken: Any) -> None:
    with serving(broken) as server:
        settings.LYKEION_XQUEUE_URL = f"http://lms:p%40ss@{server.host}"
        submit(alice, "code", "x")
        jobs.run_pending()
        [job] = Job.objects.all()
        assert (job.state, Submission.objects.get().state) == ("waiting", State.QUEUED)
        assert "Unreachable" in job.error
        assert "p%40ss" not in job.error

        server.answer = xqueue
        work()

    assert Submission.objects.get().state == State.PUSHED


def test_after_the_last_try_it_waits_for_the_operator_who_tries_again(alice: User, settings: Any) -> None:
    with serving(lambda _asked: (503, {}, b"")) as server:
        settings.LYKEION_XQUEUE_URL = f"http://lms:p%40ss@{server.host}"
        submit(alice, "code", "x")
        Job.objects.update(attempts=TRIES - 1)
        work()
        [failure] = graders.failures()
        assert "HTTP status 503" in failure.error

        server.answer = xqueue
        assert graders.retry() == 1
        work()

    assert Submission.objects.get().state == State.PUSHED


def test_an_answer_that_was_replaced_before_it_was_brought_stays_here(alice: User, settings: Any) -> None:
    with serving(xqueue) as server:
        settings.LYKEION_XQUEUE_URL = f"http://lms:p%40ss@{server.host}"
        submit(alice, "code", "first", now())
        submit(alice, "code", "second", now() + timedelta(minutes=1))
        work()

    bodies = [
        json.loads(fields_of(one)["xqueue_body"])["student_response"] for one in server.asked if "submit" in one.path
    ]
    assert bodies == ["second"]


def test_what_was_brought_elsewhere_is_not_handed_out_here(alice: User, settings: Any) -> None:
    with serving(xqueue) as server:
        settings.LYKEION_XQUEUE_URL = f"http://lms:p%40ss@{server.host}"
        submit(alice, "code", "x")
        work()

    assert graders.pull(QUEUE, now()) is None
