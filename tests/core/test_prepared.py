from datetime import UTC, datetime

import pytest

from lykeion.core.prepared import Prepared
from lykeion.core.upsert import upsert
from lykeion.grades.models import BlockScore

pytestmark = pytest.mark.django_db

AT = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
BY_REF = Prepared(
    BlockScore,
    lambda rows, user, refs: (
        rows.filter(user_id=user, run_id=1, ref__in=refs).order_by("ref").values_list("ref", "raw_earned", "modified")
    ),
)


def score(ref: str, earned: float, user: int = 7) -> BlockScore:
    return BlockScore(
        user_id=user, run_id=1, ref=ref, raw_earned=earned, raw_possible=9, first_attempted=AT, modified=AT
    )


def test_a_prepared_read_finds_what_the_queryset_finds() -> None:
    upsert([score("a", 1), score("b", 2), score("b", 3, user=8)], ["raw_earned"])

    assert BY_REF(7, ["a", "b"]) == [("a", 1.0, AT), ("b", 2.0, AT)]
    assert BY_REF(8, ["a", "b"]) == [("b", 3.0, AT)]
    assert BY_REF(7, {"a"}) == [("a", 1.0, AT)]
    assert BY_REF(7, ["x' OR 1=1 --", "%s"]) == []


def test_a_prepared_read_is_one_query_each_time(django_assert_num_queries) -> None:
    with django_assert_num_queries(2):
        BY_REF(1, ["a"])
        BY_REF(2, ["a"])


def test_an_upsert_changes_only_what_it_is_told_to(django_assert_num_queries) -> None:
    upsert([score("a", 1)], ["raw_earned"])
    again = score("a", 5)
    again.raw_possible = 100

    with django_assert_num_queries(1):
        upsert([again, score("c", 3)], ["raw_earned"])

    rows = BlockScore.objects.order_by("ref").values_list("ref", "raw_earned", "raw_possible", "modified")
    assert list(rows) == [("a", 5.0, 9.0, AT), ("c", 3.0, 9.0, AT)]


def test_many_rows_go_in_batches() -> None:
    upsert([score(f"r{number}", number) for number in range(250)], ["raw_earned"])
    upsert([], ["raw_earned"])

    assert BlockScore.objects.count() == 250
