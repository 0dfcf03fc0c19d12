"""Plans: what the clock orders, once, however many processes look."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

import pytest

from lykeion.jobs import plans
from lykeion.jobs.turns import take_turn

NOON = datetime(2026, 3, 28, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _alone() -> Iterator[None]:
    before = dict(plans._plans)
    plans._plans.clear()
    yield
    plans._plans.clear()
    plans._plans.update(before)


@pytest.fixture
def orders() -> list[str]:
    """What was ordered."""
    return []


def test_what_comes_every_hour_comes_at_once_and_is_not_made_up_for(orders: list[str]) -> None:
    plans.every("sweep", HOUR)

    looks = [NOON, NOON, NOON + HOUR / 2, NOON + HOUR, NOON + 9 * HOUR, NOON + 9.5 * HOUR]

    assert [plans.give_due(orders.append, at) for at in looks] == [1, 0, 0, 1, 1, 0]
    assert orders == ["sweep"] * 3


def test_of_two_that_look_at_the_same_moment_one_orders(orders: list[str]) -> None:
    plans.every("sweep", HOUR)

    def order_and_look(name: str) -> None:  # another process looks while this one orders
        orders.append(name)
        plans.give_due(orders.append, NOON)

    plans.give_due(order_and_look, NOON)

    assert orders == ["sweep"]


def test_an_order_that_fails_is_given_again(orders: list[str]) -> None:
    plans.every("sweep", HOUR)

    with pytest.raises(ZeroDivisionError):
        plans.give_due(lambda name: 1 / 0, NOON)

    assert plans.give_due(orders.append, NOON) == 1


def test_a_daily_plan_follows_the_clocks_of_the_site(orders: list[str], settings: pytest.FixtureRequest) -> None:
    settings.TIME_ZONE = "Europe/Athens"  # type: ignore[attr-defined]  # two hours ahead of UTC; from the 29th, three
    plans.daily("digest", time(6))

    looks = ["28T12:00", "29T02:59", "29T03:00", "29T04:00", "30T02:59", "30T03:00"]
    given = [plans.give_due(orders.append, datetime.fromisoformat(f"2026-03-{at}:00+00:00")) for at in looks]

    assert given == [0, 0, 1, 0, 0, 1]


def test_a_plan_that_comes_more_often_now_does_not_wait_for_its_old_time(orders: list[str]) -> None:
    plans.every("sweep", 24 * HOUR)
    plans.give_due(orders.append, NOON)
    plans.every("sweep", HOUR)

    given = [plans.give_due(orders.append, NOON + HOUR / 2), plans.give_due(orders.append, NOON + 2 * HOUR)]

    assert given == [0, 1]


def test_a_turn_is_one_s_for_a_while() -> None:
    looks = [NOON, NOON, NOON + HOUR / 2, NOON + HOUR]

    assert [take_turn("x", at, pause=HOUR) for at in looks] == [True, False, False, True]
