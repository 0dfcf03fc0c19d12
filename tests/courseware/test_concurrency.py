"""Two tabs, a double click, a retry: real processes and threads on a real database."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import orjson
import pytest
from django.db import connections
from pytest_django import DjangoDbBlocker

from lykeion.core.databases import database

ROOT = Path(__file__).resolve().parents[2]
MYSQL = "LYKEION_TEST_MYSQL_URL"
PROCESSES, THREADS = 2, 4
VOTES = 5  # as in race.py
Race = Callable[..., list[dict[str, object]]]


@pytest.fixture(scope="module", params=["sqlite", "mysql"])
def site(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker
) -> Iterator[tuple[dict[str, str], str]]:
    """The environment of a site of its own with the course of ``race.py``, and its database's URL."""
    home = tmp_path_factory.mktemp("race")
    if request.param == "sqlite":
        yield from _prepared(home, f"sqlite://{home}/race.sqlite3")
        return
    server = os.environ.get(MYSQL)
    if not server:
        pytest.skip(f"set {MYSQL}=mysql://user:password@host:port/name to try a MariaDB or MySQL server")
    name = f"test_race_{uuid.uuid4().hex[:8]}"
    with django_db_blocker.unblock():
        _statement(server, f"CREATE DATABASE {name} CHARACTER SET utf8mb4")
    try:
        yield from _prepared(home, urlsplit(server)._replace(path=f"/{name}").geturl())
    finally:
        with django_db_blocker.unblock():
            _statement(server, f"DROP DATABASE {name}")


def _prepared(home: Path, url: str) -> Iterator[tuple[dict[str, str], str]]:
    given = {name: value for name, value in os.environ.items() if not name.startswith(("LYKEION_", "DJANGO_"))}
    environ = {**given, "LYKEION_HOME": str(home), "LYKEION_DATABASE_URL": url}
    subprocess.run([*_COMMAND, "prepare"], cwd=ROOT, env=environ, check=True)
    yield environ, url


_COMMAND = [sys.executable, "-W", "ignore", "-m", "tests.courseware.race"]


@pytest.fixture
def race(site: tuple[dict[str, str], str]) -> Race:
    """Lets some threads in 2 processes do one thing at the same moment; what came of each."""

    def start(what: str, *, threads: int = THREADS) -> list[dict[str, object]]:
        with ExitStack() as stack:
            firsts = [threads * number for number in range(PROCESSES)]
            racers = [stack.enter_context(_racer(site[0], what, threads, first)) for first in firsts]
            for racer in racers:
                assert racer.stdout.readline() == b"ready\n"
            for racer in racers:
                racer.stdin.write(b"go\n")
                racer.stdin.flush()
            return [orjson.loads(line) for racer in racers for line in racer.communicate(timeout=60)[0].splitlines()]

    return start


def _racer(environ: dict[str, str], what: str, threads: int, first: int) -> subprocess.Popen[bytes]:
    command = [*_COMMAND, "run", what, str(threads), str(first)]
    return subprocess.Popen(command, cwd=ROOT, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


@pytest.fixture
def query(site: tuple[dict[str, str], str], django_db_blocker: DjangoDbBlocker) -> Callable[[str], list[tuple]]:
    """Asks the site's database."""

    def ask(sql: str) -> list[tuple]:
        with django_db_blocker.unblock():
            return _statement(site[1], sql)

    return ask


def _statement(url: str, sql: str) -> list[tuple]:
    connections.databases["race"] = connections.configure_settings({"default": database(url, Path())})["default"]
    try:
        with connections["race"].cursor() as cursor:
            cursor.execute(sql)
            return list(cursor.fetchall() or ()) if cursor.description else []
    finally:
        connections["race"].close()
        del connections["race"], connections.databases["race"]


def test_the_first_looks_of_a_learner_at_once_make_one_group_and_one_place_in_it(race: Race, query: Callable) -> None:
    looks = race("look")

    assert looks == [{"ok": "Default Group"}] * 8
    assert query("SELECT COUNT(*) FROM catalog_cohort") == [(1,)]
    assert query("SELECT COUNT(*) FROM catalog_cohortmember") == [(1,)]


def test_one_attempt_is_one_attempt_however_often_it_is_clicked(race: Race, query: Callable) -> None:
    answers = race("once")

    assert [answer.get("error") for answer in answers] == [None] * 8
    [(state, version)] = query("SELECT state, version FROM courseware_learnerstate WHERE ref = 'problem@once'")
    assert (orjson.loads(state)["attempts"], version) == (1, 1)


def test_no_write_of_a_learner_is_lost(race: Race, query: Callable) -> None:
    answers = race("count")

    accepted = sum(answer["ok"] is True for answer in answers)
    [(state, version)] = query("SELECT state, version FROM courseware_learnerstate WHERE ref = 'html@t1'")
    assert (orjson.loads(state)["count"], version) == (accepted, accepted)
    assert accepted >= 3


def test_answers_to_eight_problems_at_once_all_count_in_the_grade(race: Race, query: Callable) -> None:
    answers = race("each")

    assert [answer.get("status") for answer in answers] == [200] * 8, answers
    [(earned, possible)] = query("SELECT earned_graded, possible_graded FROM grades_subsectiongrade")
    scores = query("SELECT raw_earned FROM grades_blockscore")
    assert (earned, possible) == (sum(score for (score,) in scores), 9.0)
    assert earned >= 8
    [(done,)] = query("SELECT done FROM courseware_subsectiondone")
    assert done == len(scores)


def test_one_answer_is_one_order_and_one_reply_however_often_both_come(race: Race, query: Callable) -> None:
    submitted = race("code")

    assert [answer.get("error") for answer in submitted] == [None] * 8
    [(state, tries)] = query("SELECT state, tries FROM graders_submission")
    assert (state, tries) == ("queued", 0)

    replied = race("reply")

    assert sorted(str(answer.get("ok")) for answer in replied) == ["kept", *["unknown"] * 7], replied
    [(state, version)] = query("SELECT state, version FROM courseware_learnerstate WHERE ref = 'problem@code'")
    assert (orjson.loads(state)["attempts"], orjson.loads(state)["score"]["raw_earned"], version) == (1, 1, 2)
    assert query("SELECT state FROM graders_submission") == [("retired",)]
    [(earned,)] = query("SELECT raw_earned FROM grades_blockscore WHERE ref = 'problem@code'")
    assert earned == 1


def test_no_vote_in_a_shared_document_is_lost(race: Race, query: Callable) -> None:
    answers = race("vote", threads=8)

    [(document,)] = query("SELECT document FROM courseware_scopedstate WHERE kind = 'usage'")
    assert [answer["ok"] for answer in answers] == [VOTES] * 16
    assert orjson.loads(document)["count"] == 16 * VOTES


def test_whoever_comes_twice_at_once_is_drawn_for_once(race: Race, query: Callable) -> None:
    answers = race("draw")

    assert [answer.get("error") for answer in answers] == [None] * 8
    assert len({tuple(answer["ok"]) for answer in answers}) == 1
    assert len(answers[0]["ok"]) == 4
    rows = "SELECT COUNT(*), COUNT(DISTINCT user_id), MAX(version) FROM courseware_learnerstate"
    [(count, people, version)] = query(f"{rows} WHERE ref = 'itembank@bank'")
    assert (count, version) == (people, 1)


def test_an_exam_starts_once_however_often_it_is_clicked(race: Race, query: Callable) -> None:
    answers = race("start")

    assert answers == [{"ok": True}] * 8
    assert query("SELECT status FROM courseware_examattempt") == [("started",)]
