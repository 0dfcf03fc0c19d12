"""A process of its own for the tests of :mod:`tests.courseware.test_concurrency`.

``prepare`` makes a course and Alice; ``run WHAT THREADS FIRST`` says ``ready``, waits for a line, and then answers (or
counts, or votes) in several threads at the same moment; it prints one line of JSON per thread.
"""

# ruff: noqa: E402  the apps must be ready before their models are imported

from __future__ import annotations

import os
import sys
import threading
from time import sleep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lykeion.settings")

import django

django.setup()

import orjson
from django.core.management import call_command
from django.db import connections

from lykeion.accounts.models import User
from lykeion.blocks.types import StateKey
from lykeion.catalog import api as catalog
from lykeion.core.clock import now
from lykeion.courseware import api as courseware
from lykeion.courseware.entering import plan
from lykeion.courseware.types import Visitor
from lykeion.courseware.visit import Busy, Work, keeping
from lykeion.graders.models import Submission
from tests.courseware.acting import answer
from tests.factories import RUN, block, chapter, course, learner, question, sequential, store_course, text, vertical
from tests.graders.course import CODE

VOTES = 5  # of each thread
WHO = {"draw": "bella", "look": "bea"}  # learners who have not been there before
EIGHT = [question(f"p{number}") for number in range(8)]
ARMS = block(
    "split_test",
    "arms",
    *[vertical(f"arm{n}", text(f"a{n}")) for n in range(9)],
    user_partition_id=5,
    group_id_to_child={str(n): f"i4x://Lyk/T101/vertical/arm{n}" for n in range(9)},
)
TREES = course(
    chapter(
        "c1",
        sequential(
            "s1",
            vertical("u1", *EIGHT, text("t1")),
            vertical("u2", question("once", max_attempts=1)),
            graded=True,
            format="Homework",
        ),
        sequential("s3", vertical("u4", question("timed")), is_time_limited=True),
        sequential("s2", vertical("u3", question("code", data=CODE.format(entry="<textbox/>")))),
        sequential(
            "s3", vertical("u4", block("itembank", "bank", *[text(f"b{n}") for n in range(9)], max_count=3), ARMS)
        ),
    ),
    user_partitions=[{"id": 5, "name": "Tone", "scheme": "random", "groups": [{"id": n} for n in range(9)]}],
    grading_policy={
        "GRADER": [{"type": "Homework", "short_label": "HW", "min_count": 1, "drop_count": 0, "weight": 1.0}],
        "GRADE_CUTOFFS": {"Pass": 0.5},
    },
)


def prepare() -> None:
    """Tables, a course, a learner who has been in it."""
    call_command("migrate", verbosity=0)
    store_course(TREES)
    learner("alice")
    learner("bella")
    learner("bea")
    catalog.set_cohorted(RUN, True, at=now())


def act(what: str, thread: int) -> dict[str, object]:
    """One thing a learner does; what came of it."""
    visitor = courseware.enter(User.objects.get(username=WHO.get(what, "alice")), RUN, now())
    if what == "draw":
        return {"ok": plan(visitor).subsections["sequential@s3"].leaves}
    if what == "look":
        found = catalog.cohort_of(visitor.run, visitor.viewer.user_id or 0)
        return {"ok": found.name if found else None}
    if what == "vote":
        return {"ok": sum(_count(visitor, StateKey(None, "usage", "poll@x")) for _vote in range(VOTES))}
    if what == "count":
        return {"ok": _count(visitor, StateKey(visitor.viewer.user_id, "usage", "html@t1"))}
    if what == "reply":
        return {"ok": _reply(visitor)}
    if what == "start":
        courseware.start_exam(visitor, "sequential@s3")
        return {"ok": True}
    reply = answer(visitor, f"p{thread}" if what == "each" else what)
    body = orjson.loads(reply.body) if reply.body.startswith(b"{") else {}
    return {"ok": reply.status == 200 and "attempts_used" in body, "status": reply.status, "body": body.get("success")}


def _reply(visitor: Visitor) -> str:
    """A grader's reply to the one answer that waits."""
    order = Submission.objects.get()
    body = '{"correct": true, "score": 1, "msg": "<p>ok</p>"}'
    user_id = visitor.viewer.user_id or 0
    for _try in range(20):
        try:
            return courseware.take_reply(RUN, user_id, order.usage, order.dispatch, order.key, body, at=now()).state
        except Busy:
            continue
    return "busy"


def _count(visitor: Visitor, key: StateKey) -> bool:
    """Adds one to a number in the document of ``key``, as blocks do: read, work it out, write."""

    def count(work: Work) -> None:
        read = work.state.read(key).get("count", 0)
        sleep(0.005)  # so long a block may take to work out what to write
        work.state.write(key, {"count": read + 1})

    try:
        keeping(visitor, count)
    except Busy:
        return False
    return True


def run(what: str, threads: int, first: int) -> None:
    """Lets ``threads`` threads act at the same moment, as number ``first`` and following."""
    answers: list[dict[str, object]] = [{} for _ in range(threads)]
    User.objects.get(username="alice")  # everything is imported and cached before the race

    gate = threading.Event()

    def one(number: int) -> None:
        gate.wait()
        try:
            answers[number] = act(what, first + number)
        except Exception as error:  # noqa: BLE001  the test shows it
            answers[number] = {"error": f"{type(error).__name__}: {error}"}
        finally:
            connections.close_all()

    racers = [threading.Thread(target=one, args=(number,)) for number in range(threads)]
    for racer in racers:
        racer.start()
    print("ready", flush=True)
    sys.stdin.readline()
    gate.set()
    for racer in racers:
        racer.join()
    for line in answers:
        print(orjson.dumps(line).decode())


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        prepare()
    else:
        run(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
