"""Jobs by Celery on a real RabbitMQ: none is lost and none is done twice in effect, whoever dies."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from kombu.connection import Connection
from kombu.messaging import Producer

from tests.jobs.home import Home, noted, until
from tests.jobs.siege import Siege, hold
from tests.servers import Missing


@pytest.fixture
def siege(tmp_path: Path) -> Iterator[Siege]:
    """A site on servers of its own, which is about to be besieged."""
    try:
        site = Siege(tmp_path)
    except Missing as missing:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(missing))
    with site:
        yield site


def test_every_job_is_done_once_in_effect_whoever_dies(siege: Siege) -> None:
    a_long_job_does_not_stop_its_worker(siege)
    a_message_from_elsewhere_runs_nothing(siege)
    with siege.load():
        killed = siege.kill_a_worker()
        siege.rabbit.kill()
        before = len(siege.ordered())
        until(lambda: len(siege.ordered()) > before + 10)
        assert not siege.refused()  # nobody who orders is troubled by the broker
        siege.kill_the_database()
        siege.rabbit.start()
    siege.settle()

    hold(siege)
    assert siege.attempts(killed) >= 2


def a_long_job_does_not_stop_its_worker(siege: Siege) -> None:
    """Although the broker cuts its worker off (after half an hour, elsewhere) and sends it again."""
    siege.home.run("order", "1", "-1")
    until(lambda: "PRECONDITION_FAILED" in siege.crew_log.read_text())

    siege.home.run("order", "2")
    until(lambda: noted(siege.home).count("end 1") == 1)
    (siege.home.folder / "go").touch()
    until(lambda: noted(siege.home).count("end 0") == 2)

    assert noted(siege.home)[-1] == "end 0"
    assert noted(siege.home).count("start 0") == 2


class Trap:
    """Makes a file of the one who unpickles it."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.place,)


def a_message_from_elsewhere_runs_nothing(siege: Siege) -> None:
    """Whoever may write to the broker may not run code in the workers."""
    trap = siege.home.folder / "trap"
    link: Any = Connection(siege.rabbit.url)  # Kombu has no types
    with link, link.channel() as channel:
        pickled = {"serializer": "pickle", "headers": {"task": "lykeion.jobs.look", "id": "1"}}
        Producer(channel).publish(([Trap(trap)], {}, {}), routing_key="lykeion.default", **pickled)

    until(lambda: "ContentDisallowed" in siege.crew_log.read_text())
    assert not trap.exists()


def test_who_orders_does_not_wait_for_a_broker_that_does_not_answer(tmp_path: Path) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(1)  # it takes connections and says nothing
        url = f"amqp://guest:guest@127.0.0.1:{silent.getsockname()[1]}//"

        with Home(tmp_path, broker=url) as asking:
            took = asking.run("order", "3")
            states = asking.run("states")

    assert took < 2.5  # the broker alone would be given three seconds
    assert states == ["waiting"] * 3
