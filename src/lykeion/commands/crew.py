"""Processes forked from one that has everything loaded: they share its memory, end with it, and are started anew when
they die. The parent has one thread and opens no connection, so nothing of either is lost in a fork."""

from __future__ import annotations

import gc
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from threading import Event

from lykeion.commands.family import ENDINGS, PATIENCE, STEADY, pause_after, when_orphaned

_LOOK = 0.2  # seconds between two looks at the children


@dataclass(slots=True)
class Member:
    """One child: what it is called, and what it does until its event is set."""

    name: str
    work: Callable[[Event], None]
    pid: int = 0
    born: float = 0.0
    deaths: int = 0
    again_at: float = 0.0

    def died(self, code: int) -> None:
        """Plans its next start."""
        self.deaths = 1 if time.monotonic() - self.born > STEADY else self.deaths + 1
        pause = pause_after(self.deaths - 1)
        self.pid, self.again_at = 0, time.monotonic() + pause
        print(f"{self.name} ended (code {code}); starting it anew in {pause:.0f} s", file=sys.stderr, flush=True)


def run_crew(members: Sequence[Member], *, parent: int | None = None) -> None:
    """Keeps ``members`` alive until SIGTERM or SIGINT, or until ``parent`` is not this process's parent any more; then
    they finish what they have begun (orphans within half a minute)."""
    over = Event()
    for one in ENDINGS:
        signal.signal(one, lambda *_: over.set())
    gc.freeze()  # what is loaded stays shared with the children
    orphaned = False
    while not over.is_set() and not orphaned:
        for member in members:
            if not member.pid and time.monotonic() >= member.again_at:
                _fork(member)
        _bury(members, report=True)
        over.wait(_LOOK)
        orphaned = parent is not None and os.getppid() != parent
    _dismiss(members, patience=PATIENCE if parent is not None else None)


def _fork(member: Member) -> None:
    member.born = time.monotonic()
    sys.stdout.flush()
    sys.stderr.flush()
    crew = os.getpid()
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDINGS)  # one that comes now waits until the child listens
    member.pid = os.fork()
    if member.pid:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDINGS)
        return
    stop = Event()
    for one in ENDINGS:
        signal.signal(one, lambda *_: stop.set())
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDINGS)
    code = 1
    try:
        when_orphaned(crew, partial(os.kill, os.getpid(), signal.SIGTERM))
        member.work(stop)
        code = 0
    except BaseException:  # noqa: BLE001  # a child must not return into what its parent was doing
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _bury(members: Sequence[Member], *, report: bool) -> None:
    for member in members:
        if member.pid:
            pid, status = os.waitpid(member.pid, os.WNOHANG)
            if pid and report:
                member.died(os.waitstatus_to_exitcode(status))
            elif pid:
                member.pid = 0


def _dismiss(members: Sequence[Member], *, patience: float | None) -> None:
    for member in members:
        if member.pid:
            os.kill(member.pid, signal.SIGTERM)
    until = time.monotonic() + (patience or float("inf"))
    while any(member.pid for member in members) and time.monotonic() < until:
        _bury(members, report=False)
        time.sleep(_LOOK / 4)
    for member in members:
        if member.pid:
            os.kill(member.pid, signal.SIGKILL)
            os.waitpid(member.pid, 0)
