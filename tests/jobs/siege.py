"""A site under load whose broker, database and workers are killed, and what must be true of its jobs afterwards.

The suite does a little of this (``test_broker.py``); ``python -m tests.jobs.siege --seconds 600`` a lot, at random.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any, Self

import psutil

from tests.jobs.home import Home, connection_to, noted, until
from tests.processes import running
from tests.servers import Maria, Rabbit

STEPS = 3
LEASE = 4  # seconds
CUT_OFF = 2  # seconds after which RabbitMQ cuts off who has not acknowledged a message
PACE = 0.1  # seconds between two orders


class Siege:
    """The servers, the workers and those who order. Raises :class:`tests.servers.Missing`."""

    def __init__(self, folder: Path) -> None:
        places = {name: folder / f"siege-{name}" for name in ("maria", "rabbit")}
        for place in places.values():
            place.mkdir()
        self.maria = Maria(places["maria"])
        impatient = f"-rabbit consumer_timeout {CUT_OFF * 1000} -rabbit channel_tick_interval 500"
        self.rabbit = Rabbit(places["rabbit"], impatient)
        self._crew = ExitStack()
        self.crew_log = folder / "crew.log"
        self._folder = folder

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            stack.enter_context(self.maria)
            stack.enter_context(self.rabbit)
            with ThreadPoolExecutor() as both:
                list(both.map(lambda server: server.start(), [self.maria, self.rabbit]))
            self.home = stack.enter_context(Home(self._folder, self.maria.url, self.rabbit.url))
            stack.enter_context(self._crew)
            self._start_crew()
            self._until_the_end = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        (self._folder / "go").touch()
        self._until_the_end.close()

    def _start_crew(self) -> None:
        serve = self.home.command("serve", str(LEASE))
        self._crew_pid = self._crew.enter_context(running(serve, self.home.environ, self.crew_log)).pid

    @contextmanager
    def load(self) -> Iterator[None]:
        """Orders come all the time within the block."""
        enough, log = self._folder / "enough", self._folder / "load.log"
        enough.unlink(missing_ok=True)
        with running(self.home.command("load", str(PACE), str(STEPS)), self.home.environ, log) as ordering:
            yield
            enough.touch()
            assert ordering.wait(30) == 0, log.read_text()

    def kill_a_worker(self) -> int:
        """``kill -9`` of a process in the middle of a job; the job's number."""
        found: list[int] = []

        def at_work() -> bool:
            found[:] = [number for (number,) in self.rows("SELECT number FROM effects WHERE count = 1")]
            return bool(found)

        until(at_work)
        pids = [line.split()[2] for line in noted(self.home) if line.startswith(f"begin {found[0]} ")]
        os.kill(int(pids[-1]), signal.SIGKILL)
        return found[0]

    def kill_the_crew(self) -> None:
        """``kill -9`` of the workers' parent; another one is started as a service manager would."""
        os.kill(self._crew_pid, signal.SIGKILL)
        self._start_crew()

    def kill_the_keeper(self) -> None:
        """``kill -9`` of who sweeps: the one of the crew that has no processes of its own."""
        os.kill(min(psutil.Process(self._crew_pid).children(), key=lambda one: len(one.children())).pid, signal.SIGKILL)

    def kill_the_database(self) -> None:
        """``kill -9`` of MariaDB, which begins anew at once."""
        self.maria.kill()
        self.maria.start()

    def kill_the_broker(self) -> None:
        """``kill -9`` of RabbitMQ, which begins anew at once."""
        self.rabbit.kill()
        self.rabbit.start()

    def stop_the_broker(self) -> None:
        """RabbitMQ ends in an orderly way, and begins anew."""
        self.rabbit.stop()
        self.rabbit.start()

    def ordered(self) -> set[int]:
        """Numbers of the orders that who gave them knows to be committed."""
        return self._noted("ordered")

    def refused(self) -> set[int]:
        """Numbers of the orders that failed, or may have."""
        return self._noted("refused")

    def taken_back(self) -> set[int]:
        """Numbers of the orders that vanished with the change that asked for them."""
        return self._noted("took-back")

    def effects(self) -> dict[int, int]:
        """How often each order's job had its effect."""
        return dict(self.rows("SELECT number, count FROM effects"))

    def states(self) -> dict[str, int]:
        """How many of those jobs are in which state."""
        return dict(self.rows("SELECT state, COUNT(*) FROM jobs_job WHERE name = 'count' GROUP BY state"))

    def attempts(self, number: int) -> int:
        """How often the job of this order was begun."""
        return sum(line.startswith(f"begin {number} ") for line in noted(self.home))

    def settle(self, seconds: float = 90) -> None:
        """Returns once no job waits or runs."""
        until(lambda: set(self.states()) <= {"done", "failed", "cancelled"}, seconds)

    def rows(self, question: str) -> Any:
        """What the database answers."""
        with closing(connection_to(self.maria.url, database="lykeion")) as link, link.cursor() as cursor:
            cursor.execute(question)
            return cursor.fetchall()

    def _noted(self, what: str) -> set[int]:
        return {int(line.split()[1]) for line in noted(self.home) if line.startswith(f"{what} ")}


def hold(siege: Siege) -> None:
    """What must be true once a siege has settled: of what was committed each job is done once in effect, none is lost
    and none is stuck; of what was taken back there is nothing."""
    effects = siege.effects()

    assert effects == dict.fromkeys(effects, STEPS)
    assert siege.states() == {"done": len(effects)}
    assert siege.ordered() <= set(effects) <= siege.ordered() | siege.refused()
    assert siege.taken_back().isdisjoint(effects)


def main() -> int:
    """A long siege."""
    parser = argparse.ArgumentParser(prog="python -m tests.jobs.siege", description="Kill at random, for so long.")
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    words = parser.parse_args()
    dice = random.Random(words.seed)
    with tempfile.TemporaryDirectory(prefix="lykeion-siege-") as folder, Siege(Path(folder)) as siege:
        print(f"seed {words.seed}", flush=True)
        faults = [siege.kill_a_worker, siege.kill_the_crew, siege.kill_the_keeper]
        faults += [siege.kill_the_database, siege.kill_the_broker, siege.stop_the_broker]
        end = time.monotonic() + words.seconds
        with siege.load():
            while time.monotonic() < end:
                time.sleep(dice.uniform(0, 8))
                fault = dice.choice(faults)
                print(f"{len(siege.ordered())} ordered, {siege.states()}: {fault.__name__}", flush=True)
                fault()
        siege.settle(300)
        hold(siege)
        begun = sum(line.startswith("begin ") for line in noted(siege.home))
        print(f"{len(siege.effects())} jobs, begun {begun} times, each done once in effect", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
