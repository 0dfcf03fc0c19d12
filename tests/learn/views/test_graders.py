"""The pull protocol of XQueue and the address for replies, spoken over HTTP by real graders, and who may."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django.live_server_helper import LiveServer

from lykeion.accounts.models import User
from lykeion.accounts.types import Role
from lykeion.core.clock import now
from lykeion.graders import api as graders
from lykeion.graders.models import Submission
from lykeion.graders.types import State
from tests.courseware.acting import usage
from tests.factories import RUN, learner, person, store_course, teacher
from tests.graders.course import QUEUE, coding, result_of, submit

ROOT = Path(__file__).resolve().parents[3]
RIGHT = json.dumps({"correct": True, "score": 1, "msg": "<p>Well done.</p>"})


@pytest.fixture
def alice(db: None) -> User:
    store_course(coding())
    return learner("alice")


@pytest.fixture
def robot(db: None) -> User:
    """The account of a grader."""
    user = person("robot")
    graders.allow(user.pk, QUEUE)
    return user


def login(name: str, password: str | None = None) -> Client:
    client = Client()
    client.post("/xqueue/login/", {"username": name, "password": password or name})
    return client


def fetch(client: Client, queue: str = QUEUE) -> dict[str, Any]:
    reply = client.get("/xqueue/get_submission/", {"queue_name": queue, "block": "true"}).json()
    assert reply["return_code"] == 0, reply
    return json.loads(reply["content"])


def put(client: Client, package: dict[str, Any], body: str = RIGHT) -> Any:
    return client.post("/xqueue/put_result/", {"xqueue_header": package["xqueue_header"], "xqueue_body": body})


def callback(user: User, key: str, body: str = RIGHT, dispatch: str = "score_update") -> Any:
    address = f"/courses/{RUN}/xqueue/{user.pk}/{usage('problem@code')}/{dispatch}"
    return Client().post(address, {"xqueue_header": json.dumps({"lms_key": key}), "xqueue_body": body})


# Real graders over HTTP


@pytest.fixture
def watch(live_server: LiveServer) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts a grader in a process of its own."""
    running = []

    def start(what: str = "grade", queue: str = QUEUE) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "tests.graders.watcher", live_server.url, "robot", "robot", queue, what]
        running.append(subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True))
        return running[-1]

    yield start
    for process in running:
        process.kill()
        process.communicate()


@pytest.mark.django_db(transaction=True)
def test_a_grader_fetches_an_answer_and_its_learner_gets_the_score(watch, alice, robot):
    submit(alice, "code", "print('hello')", now())

    said, _ = watch().communicate(timeout=60)

    assert said.splitlines() == ["fetched", '{"return_code": 0, "content": ""}']
    assert (result_of(alice, "code")["correctness"], result_of(alice, "code")["msg"]) == ("correct", "<p>0 files</p>")


@pytest.mark.django_db(transaction=True)
def test_a_grader_reads_the_files_by_their_links(watch, alice, robot):
    submit(alice, "files", [("a b.py", b"print(1)"), ("ü.py", b"print(2)")], now())

    watch().communicate(timeout=60)

    assert result_of(alice, "files")["msg"] == "<p>2 files</p>"


@pytest.mark.django_db(transaction=True)
def test_a_reply_that_is_sent_twice_counts_once_and_is_no_error(watch, alice, robot):
    submit(alice, "code", "print('hello')", now())

    said, _ = watch("twice").communicate(timeout=60)

    assert said.splitlines()[1:] == ['{"return_code": 0, "content": ""}'] * 2
    assert result_of(alice, "code")["npoints"] == 1


@pytest.mark.django_db(transaction=True)
def test_what_a_grader_took_with_it_when_it_was_killed_is_graded_by_the_next(watch, alice, robot, settings):
    settings.LYKEION_GRADER_TIMEOUT = 0
    submit(alice, "code", "print('hello')", now())
    first = watch("hang")
    assert first.stdout.readline() == "fetched\n"
    first.kill()
    first.wait()

    watch().communicate(timeout=60)

    assert result_of(alice, "code")["correctness"] == "correct"
    assert (Submission.objects.get().state, Submission.objects.get().tries) == (State.RETIRED, 2)


# The protocol, request by request


def test_work_is_handed_out_oldest_first_and_once(alice, robot):
    bob = learner("bob")
    submit(alice, "code", "first")
    submit(bob, "code", "second")
    client = login("robot")

    lengths = [client.get("/xqueue/get_queuelen/", {"queue_name": QUEUE}).json()["content"]]
    answers = [json.loads(fetch(client)["xqueue_body"])["student_response"] for _ in range(2)]
    empty = client.get("/xqueue/get_submission/", {"queue_name": QUEUE})

    assert (lengths, answers) == ([2], ["first", "second"])
    assert (empty.status_code, empty.json()) == (200, {"return_code": 1, "content": f"Queue '{QUEUE}' is empty"})


def test_a_package_has_the_fields_of_xqueue(alice, robot):
    submit(alice, "code", "x")
    package = fetch(login("robot"))
    row = Submission.objects.get()

    assert set(package) == {"xqueue_header", "xqueue_body", "xqueue_files"}
    assert json.loads(package["xqueue_header"]) == {"submission_id": row.pk, "submission_key": row.pull_key}
    assert set(json.loads(package["xqueue_body"])) == {"student_info", "student_response", "grader_payload"}
    assert json.loads(package["xqueue_files"]) == {}
    assert row.key not in json.dumps(package)


def test_who_took_too_long_is_refused_and_the_next_one_counts(alice, robot):
    submit(alice, "code", "x")
    slow, quick = login("robot"), login("robot")
    first = fetch(slow)
    Submission.objects.update(pulled=now() - timedelta(seconds=301))
    second = fetch(quick)

    late, good = put(slow, first), put(quick, second)

    assert (late.status_code, late.json()["content"]) == (403, "Incorrect key for submission")
    assert (good.status_code, good.json()) == (200, {"return_code": 0, "content": ""})


def test_what_nobody_answers_five_times_waits_for_the_operator(alice, robot):
    submit(alice, "code", "x")
    client = login("robot")
    for _ in range(5):
        fetch(client)
        Submission.objects.update(pulled=now() - timedelta(seconds=301))

    assert client.get("/xqueue/get_submission/", {"queue_name": QUEUE}).json()["return_code"] == 1
    [failure] = graders.failures()
    assert failure.error == "It was fetched 5 times and never answered."
    graders.retry(ids=[failure.id])
    assert put(client, fetch(client)).status_code == 200
    assert result_of(alice, "code")["correctness"] == "correct"


def test_a_reply_for_an_answer_that_was_replaced_is_taken_and_changes_nothing(alice, robot):
    submit(alice, "code", "first", now())
    client = login("robot")
    package = fetch(client)
    submit(alice, "code", "second", now() + timedelta(minutes=1))

    assert put(client, package).status_code == 200
    assert result_of(alice, "code")["correctness"] == "incomplete"


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, 400),
        ({"xqueue_body": RIGHT}, 400),
        ({"xqueue_header": "no", "xqueue_body": RIGHT}, 400),
        ({"xqueue_header": "[]", "xqueue_body": RIGHT}, 400),
        ({"xqueue_header": '{"submission_id": 1}', "xqueue_body": RIGHT}, 400),
        ({"xqueue_header": '{"submission_id": "x", "submission_key": "k"}', "xqueue_body": RIGHT}, 400),
        ({"xqueue_header": '{"submission_id": 999999, "submission_key": "k"}', "xqueue_body": RIGHT}, 404),
    ],
)
def test_a_result_that_is_none_is_refused(robot, fields, status):
    response = login("robot").post("/xqueue/put_result/", fields)

    assert (response.status_code, response.json()["return_code"]) == (status, 1)


def test_a_result_without_the_key_it_was_handed_out_with_is_refused(alice, robot):
    submit(alice, "code", "x")
    client = login("robot")
    package = fetch(client) | {
        "xqueue_header": json.dumps({"submission_id": Submission.objects.get().pk, "submission_key": ""})
    }

    assert put(client, package).status_code == 403
    assert result_of(alice, "code")["correctness"] == "incomplete"


def test_the_queue_says_that_it_is_there(client):
    assert client.get("/xqueue/status/").json() == {"return_code": 0, "content": "OK"}
    assert client.get("/xqueue/login/").json() == {"return_code": 1, "content": "login_required"}


# Who may

PULLING = ["/xqueue/get_queuelen/", "/xqueue/get_submission/", "/xqueue/put_result/"]


@pytest.fixture
def cast(alice, robot):
    teacher("bob", role=Role.INSTRUCTOR)
    person("dan")
    person("root", is_staff=True, is_superuser=True)
    other = person("other")
    graders.allow(other.pk, "another")


@pytest.mark.parametrize("name", ["alice", "bob", "dan", "root"])
def test_people_do_not_grade_whatever_else_they_may(cast, name):
    submit(User.objects.get(username="alice"), "code", "x")
    browser = Client()
    browser.force_login(User.objects.get(username=name))

    refused = browser.post("/xqueue/login/", {"username": name, "password": name})
    seen = [browser.get(address, {"queue_name": QUEUE}) for address in PULLING]

    assert (refused.status_code, refused.json()["content"]) == (401, "Incorrect login credentials")
    assert [one.status_code for one in seen] == [302] * 3
    assert {one["Location"].partition("?")[0] for one in seen} == {"/xqueue/login/"}
    assert Submission.objects.get().tries == 0


def test_a_grader_sees_its_own_queues_only(cast):
    submit(User.objects.get(username="alice"), "code", "x")
    other = login("other")
    package = fetch(login("robot"))

    answers = [
        other.get("/xqueue/get_queuelen/", {"queue_name": QUEUE}),
        other.get("/xqueue/get_submission/", {"queue_name": QUEUE}),
        put(other, package),
        other.get("/xqueue/get_submission/"),
    ]

    assert [one.status_code for one in answers] == [404, 404, 404, 400]
    assert answers[0].json()["content"] == "Valid queue names are: another"


def test_a_graders_session_opens_nothing_else(cast):
    client = login("robot")

    assert client.get("/dashboard")["Location"].startswith("/account/login/")
    assert client.get(f"/courses/{RUN}/course/").status_code == 302


@pytest.mark.parametrize("end", ["password", "account", "right", "logout"])
def test_a_graders_session_ends_with_its_password_its_account_its_right_or_when_it_says_so(cast, end):
    client, robot = login("robot"), User.objects.get(username="robot")
    if end == "password":
        robot.set_password("new")
        robot.save()
    elif end == "account":
        User.objects.filter(pk=robot.pk).update(is_active=False)
    elif end == "right":
        robot.delete()
    else:
        client.post("/xqueue/logout/")

    assert client.get("/xqueue/get_submission/", {"queue_name": QUEUE}).status_code == 302


def test_wrong_passwords_are_counted(cast):
    client = Client()

    codes = [client.post("/xqueue/login/", {"username": "robot", "password": "no"}).status_code for _ in range(7)]
    right = client.post("/xqueue/login/", {"username": "robot", "password": "robot"})

    assert codes == [401] * 7
    assert right.status_code == 401


def test_a_login_without_a_name_or_password_is_none(client):
    assert client.post("/xqueue/login/", {"username": "robot"}).status_code == 400


def test_links_to_files_are_signed_and_grow_old(alice, robot, monkeypatch):
    submit(alice, "files", [("evil.html", b"<script>alert(1)</script>")])
    link = json.loads(fetch(login("robot"))["xqueue_files"])["evil.html"]
    path = link.removeprefix("http://testserver")

    good = Client().get(path)
    forged = Client().get(path[:-1] + ("a" if path[-1] != "a" else "b"))
    monkeypatch.setattr("lykeion.graders.files.LINKS_LAST", timedelta(seconds=-1))
    old = Client().get(path)

    assert (good.status_code, b"".join(good.streaming_content)) == (200, b"<script>alert(1)</script>")
    assert good["Content-Type"] == "application/octet-stream"
    assert good["Content-Disposition"] == 'attachment; filename="evil.html"'
    assert good["X-Content-Type-Options"] == "nosniff"
    assert (forged.status_code, old.status_code) == (404, 404)


# Replies that an XQueue brings


def test_an_xqueue_brings_a_reply_as_to_open_edx(alice):
    submit(alice, "code", "x")

    response = callback(alice, Submission.objects.get().key)

    assert (response.status_code, response.content) == (200, b"")
    assert result_of(alice, "code")["correctness"] == "correct"


def test_a_reply_that_is_brought_again_is_fine_and_changes_nothing(alice):
    submit(alice, "code", "x")
    key = Submission.objects.get().key
    callback(alice, key)

    again = callback(alice, key, json.dumps({"correct": False, "score": 0, "msg": "no"}))

    assert again.status_code == 200
    assert result_of(alice, "code")["correctness"] == "correct"


def test_a_reply_with_a_key_that_was_never_given_is_refused(alice):
    submit(alice, "code", "x")

    assert callback(alice, "0" * 32).status_code == 403
    assert result_of(alice, "code")["correctness"] == "incomplete"


@pytest.mark.parametrize(
    "fields", [{}, {"xqueue_header": "{}", "xqueue_body": "x"}, {"xqueue_header": '{"lms_key": 1}'}]
)
def test_a_reply_without_its_parts_is_none(alice, fields):
    address = f"/courses/{RUN}/xqueue/{alice.pk}/{usage('problem@code')}/score_update"

    assert Client().post(address, fields).status_code == 404
    assert Client().get(address).status_code == 405


@pytest.mark.django_db(transaction=True)
def test_keys_do_not_get_into_the_tracking_log(cast, settings, tmp_path):
    settings.LYKEION_TRACKING_LOG = tmp_path / "tracking.log"
    submit(User.objects.get(username="alice"), "code", "x")
    client = login("robot")
    package = fetch(client)
    put(client, package)
    row = Submission.objects.get()
    callback(User.objects.get(username="alice"), row.key)

    log = settings.LYKEION_TRACKING_LOG.read_text()
    assert '"problem_check"' in log
    assert '"queuestate":{"key":"********"' in log
    assert [secret for secret in (row.key, row.pull_key, '"name":"/xqueue/') if secret in log] == []
