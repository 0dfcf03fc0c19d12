"""``lykeion worker`` and ``lykeion beat``: the processes that do background jobs, with a broker and without."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Event

from lykeion.commands.crew import Member, run_crew
from lykeion.commands.family import when_orphaned
from lykeion.commands.services import require_services
from lykeion.commands.start import start
from lykeion.core.errors import LykeionError


@dataclass(frozen=True, slots=True)
class Lane:
    """So many processes that do the jobs of these queues."""

    queues: tuple[str, ...]
    processes: int


def worker(with_parent: bool = False, queues: str = "", concurrency: int = 2) -> int:
    """Runs background jobs until interrupted, or (``with_parent``) until the process that started it is gone.

    ``queues``: names between commas; without any, all. This process forks those that work and opens no connection.
    """
    parent = os.getppid() if with_parent else None
    start()
    _in_a_child(require_services)
    lanes = share_out(_named(queues), concurrency)
    run_crew([*_workers(lanes), _keeper()], parent=parent)
    return 0


def beat(with_parent: bool = False) -> int:
    """Orders what is planned, and sweeps, until interrupted. Any number may run: each order is given once."""
    stop = Event()
    if with_parent:
        when_orphaned(os.getppid(), stop.set)
    start()
    require_services()
    from lykeion.jobs import api as jobs  # models exist only after start()

    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, lambda *_: stop.set())
    jobs.tend_forever(stop)
    return 0


def share_out(queues: Sequence[str], concurrency: int) -> list[Lane]:
    """Half of the processes (rounded up) leave slow queues alone, so that a learner's mail is never behind a report."""
    from lykeion.jobs.api import SLOW  # models exist only after start()

    quick = tuple(name for name in queues if name not in SLOW)
    if concurrency == 1 or len(quick) in (0, len(queues)):
        return [Lane(tuple(queues), concurrency)]
    return [Lane(quick, (concurrency + 1) // 2), Lane(tuple(queues), concurrency // 2)]


def _named(queues: str) -> list[str]:
    from lykeion.jobs.api import QUEUES  # models exist only after start()

    names = [name.strip() for name in queues.split(",") if name.strip()]
    unknown = [name for name in names if name not in QUEUES]
    if unknown:
        raise LykeionError(f"There is no queue {unknown[0]!r}; --queues takes some of: {', '.join(QUEUES)}.")
    return [name for name in QUEUES if not names or name in names]


def _workers(lanes: Sequence[Lane]) -> list[Member]:
    from lykeion.jobs import api as jobs  # models exist only after start()

    if jobs.has_broker():
        return [Member(f"The worker of {', '.join(lane.queues)}", _by_broker(lane)) for lane in lanes]
    alone = [lane for lane in lanes for _ in range(lane.processes)]
    return [Member(f"A worker of {', '.join(lane.queues)}", _by_database(lane)) for lane in alone]


def _by_broker(lane: Lane) -> Callable[[Event], None]:
    def work(_stop: Event) -> None:
        from lykeion.jobs import api as jobs  # models exist only after start()

        for one in (signal.SIGTERM, signal.SIGINT):
            signal.signal(one, signal.SIG_DFL)  # Celery has its own ways
        jobs.serve_broker(lane.queues, lane.processes)

    return work


def _by_database(lane: Lane) -> Callable[[Event], None]:
    def work(stop: Event) -> None:
        from lykeion.jobs import api as jobs  # models exist only after start()

        jobs.work_forever(stop, queues=lane.queues)

    return work


def _keeper() -> Member:
    """Sweeps, and is a clock. It begins with what every start has to see to."""

    def work(stop: Event) -> None:
        from lykeion.jobs import api as jobs  # models exist only after start()

        jobs.enqueue("catalog.catch_up", None, key="catalog.catch_up")
        jobs.enqueue("courseware.catch_up", None, key="courseware.catch_up:now")
        jobs.tend_forever(stop)

    return Member("The keeper of the jobs", work)


def _in_a_child(ask: Callable[[], None]) -> None:
    """Calls ``ask`` in a process of its own, since it opens connections. Raises its :class:`LykeionError` as words."""
    child = os.fork()
    if not child:
        code = 1
        try:
            ask()
            code = 0
        except LykeionError as error:
            print(f"lykeion: {error}", file=sys.stderr, flush=True)
        finally:
            os._exit(code)
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]):
        raise LykeionError("The worker did not start: see above, and `lykeion check`.")
