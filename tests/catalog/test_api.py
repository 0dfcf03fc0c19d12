"""What pages ask of the catalog, and what it costs."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from lykeion.catalog import api as catalog
from lykeion.content.types import RunMissing
from lykeion.core.keys import run_of
from tests.accounts.people import NOW, make
from tests.catalog.offers import offer
from tests.factories import RUN

pytestmark = pytest.mark.django_db


def test_a_run_and_one_s_own_enrolment_are_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    run = offer()
    alice, dan = make("alice"), make("dan")
    mine = catalog.enrol(alice.id, RUN, at=NOW)
    catalog.enrol(dan.id, RUN, at=NOW)

    with django_assert_num_queries(1):
        assert catalog.run_and_enrolment(RUN, alice.id) == (run, mine)


def test_somebody_who_never_enrolled_has_none(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    run = offer()
    catalog.enrol(make("alice").id, RUN, at=NOW)
    dan = make("dan")

    with django_assert_num_queries(1):
        assert catalog.run_and_enrolment(RUN, dan.id) == (run, None)
    assert catalog.run_and_enrolment(RUN, None) == (run, None)


@pytest.mark.parametrize("key", ["course-v1:Lyk+NONE+1", "course-v1:lyk+T101+2026"])
def test_a_run_that_is_not_offered_is_told_and_case_counts(key: str) -> None:
    offer()

    with pytest.raises(RunMissing, match="There is no course"):
        catalog.run(key)
    with pytest.raises(RunMissing):
        catalog.run_and_enrolment(key, 1)


def test_what_somebody_takes_is_one_query_newest_first(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    alice, dan = make("alice"), make("dan")
    runs = [offer(run_of("Lyk", f"N{number}", "1")) for number in range(3)]
    for run in runs:
        catalog.enrol(alice.id, run.key, at=NOW)
        catalog.enrol(dan.id, run.key, at=NOW)
    catalog.unenrol(alice.id, runs[1].key, at=NOW)

    with django_assert_num_queries(1):
        found = catalog.enrolments_of(alice.id)

    assert [run for run, _enrolment in found] == [runs[2], runs[0]]
    assert {enrolment.user_id for _run, enrolment in found} == {alice.id}
    assert len(catalog.enrolments_of(alice.id, active=False)) == 3
    assert catalog.taken(alice.id, [run.id for run in runs]) == {runs[0].id, runs[2].id}
