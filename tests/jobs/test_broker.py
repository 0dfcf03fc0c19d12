"""Jobs by Celery on a real RabbitMQ: none is lost and none is done twice in effect, whoever dies."""

from __future__ import annotations

import os
import signal
import socket
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import psutil
import pytest

from tests.jobs.conftest import MYSQL, Home, drop_connections
from tests.jobs.test_worker import noted, until
from tests.processes import running
from tests.servers import Missing, Rabbit

LEASE = "4"  # seconds


@pytest.fixture(scope="module")
def rabbit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rabbit]:
    """A RabbitMQ that these tests stop and start."""
    try:
        broker = Rabbit(tmp_path_factory.mktemp("rabbit"))
    except Missing as missing:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(missing))
    with broker:
        broker.start()
        yield broker


@pytest.fixture
def brokered(home: Home, rabbit: Rabbit) -> Home:
    """A home whose jobs go by RabbitMQ: on MariaDB where there is one, as in production, else on SQLite."""
    if os.environ.get(MYSQL) and not home.environ["JOBS_DATABASE"]:
        pytest.skip("MariaDB is there: one database is enough")
    return replace(home, environ={**home.environ, "JOBS_BROKER": rabbit.url})


def test_every_job_is_done_whoever_dies(brokered: Home, rabbit: Rabbit) -> None:
    depth = brokered.run("send", "5").splitlines()[-1]
    assert depth == "5"  # the process that ordered them sent them itself

    log = brokered.folder / "serve.log"
    with running(brokered.command("serve", LEASE), brokered.environ, log) as worker:
        until(lambda: len(ended(brokered)) == 5)

        brokered.run("order", "30", "0.2", "5")
        until(lambda: len(ended(brokered)) >= 8)
        kill_somebody_working(worker.pid)
        until(lambda: len(ended(brokered)) >= 12)
        rabbit.stop()
        brokered.run("order", "10", "0.1", "35")  # neither fails nor waits
        drop_connections(brokered.environ["JOBS_DATABASE"])
        rabbit.start()
        until(lambda: len(set(ended(brokered))) == 45, 90)
        until(lambda: brokered.run("states") == " ".join(["done"] * 45), 30)

    again = Counter(ended(brokered))
    assert set(again) == {str(number) for number in range(45)}
    assert sum(again.values()) <= 45 + 4  # those at hand when a process died or a connection was cut


def test_who_orders_does_not_wait_for_a_broker_that_does_not_answer(home: Home) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(1)  # it takes connections and says nothing
        url = f"amqp://guest:guest@127.0.0.1:{silent.getsockname()[1]}//"
        asking = replace(home, environ={**home.environ, "JOBS_BROKER": url})

        took = float(asking.run("order", "3"))

    assert took < 2.5  # the broker alone would be given three seconds
    assert home.run("states") == "waiting waiting waiting"


def ended(home: Home) -> list[str]:
    """The numbers of the jobs that came to their end, each as often as it did."""
    return [line.removeprefix("end ") for line in noted(home) if line.startswith("end ")]


def kill_somebody_working(crew: int) -> None:
    """``kill -9`` of a process that Celery forked."""
    main = max(psutil.Process(crew).children(), key=lambda child: len(child.children()))
    os.kill(main.children()[0].pid, signal.SIGKILL)


def test_a_broker_is_only_loaded_where_there_is_one(home: Home) -> None:
    assert home.run("loaded") == "False"
