"""Learners at the last seats, and learners who click twice, at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.db import connection

from lykeion.catalog import api as catalog
from lykeion.catalog.types import EnrolmentRefused
from tests.accounts.people import NOW, make
from tests.catalog.offers import offer
from tests.factories import RUN


def at_once(works: list[Callable[[], None]]) -> None:
    """Does all of ``works`` at the same moment; on SQLite, where one transaction writes at a time, one by one."""
    if connection.vendor == "sqlite":
        for work in works:
            work()
        return
    start = Barrier(len(works))

    def run(work: Callable[[], None]) -> None:
        start.wait()
        work()
        connection.close()

    threads = [Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.django_db(transaction=True)
def test_of_many_who_want_the_last_seats_only_so_many_get_one() -> None:
    offer(max_student_enrollments_allowed=2)
    people = [make(f"learner{number}").id for number in range(8)]
    answers: list[str] = []

    def enrol(user_id: int) -> None:
        try:
            catalog.enrol(user_id, RUN, at=NOW)
            answers.append("in")
        except EnrolmentRefused as refused:
            answers.append(refused.code)

    at_once([lambda user_id=user_id: enrol(user_id) for user_id in people])  # type: ignore[misc]

    assert sorted(answers) == ["enrollment_full"] * 6 + ["in"] * 2
    assert catalog.learners(RUN) == 2


@pytest.mark.django_db(transaction=True)
def test_many_clicks_of_one_learner_make_one_enrolment() -> None:
    offer()
    alice = make("alice").id
    answers: list[object] = []

    at_once([lambda: answers.append(catalog.enrol(alice, RUN, at=NOW))] * 6)

    assert len(set(answers)) == 1
    assert len(answers) == 6
