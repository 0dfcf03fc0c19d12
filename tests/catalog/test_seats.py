"""Two learners at the last seat."""

from __future__ import annotations

from threading import Barrier, Thread

import pytest
from django.db import connection

from lykeion.catalog import api as catalog
from lykeion.catalog.types import EnrolmentRefused
from tests.accounts.people import NOW, make
from tests.catalog.offers import offer
from tests.factories import RUN


@pytest.mark.django_db(transaction=True)
def test_of_many_who_want_the_last_seats_only_so_many_get_one() -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite lets one transaction write at a time; threads of a test would share its one connection")
    offer(max_student_enrollments_allowed=2)
    people = [make(f"learner{number}").id for number in range(8)]
    start, answers = Barrier(len(people)), []

    def enrol(user_id: int) -> None:
        start.wait()
        try:
            catalog.enrol(user_id, RUN, at=NOW)
            answers.append("in")
        except EnrolmentRefused as refused:
            answers.append(refused.code)
        finally:
            connection.close()

    threads = [Thread(target=enrol, args=(user_id,)) for user_id in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == ["enrollment_full"] * 6 + ["in"] * 2
    assert catalog.learners(RUN) == 2


@pytest.mark.django_db(transaction=True)
def test_many_clicks_of_one_learner_make_one_enrolment() -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite lets one transaction write at a time; threads of a test would share its one connection")
    offer()
    alice = make("alice").id
    start, answers = Barrier(6), []

    def enrol() -> None:
        start.wait()
        answers.append(catalog.enrol(alice, RUN, at=NOW))
        connection.close()

    threads = [Thread(target=enrol) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(answers)) == 1
    assert len(answers) == 6
