"""Bounded time for code of others, in the thread that asks for it.

One thread of this process looks every twentieth of a second whether somebody's time is over, and raises
:class:`OutOfTime` in the thread that runs the code. CPython delivers it between two instructions of Python, so an
endless loop ends. What waits inside C gets no instruction: :func:`prepare`, called before the first foreign code is
loaded, makes ``time.sleep`` wait in short pieces and gives sockets without a timeout the time that is left, in watched
threads only. A lock that is never released, a child process, a regular expression that runs wild are beyond us: they
are named in the log, and their thread is back when they are.
"""

from __future__ import annotations

import ctypes
import logging
import sys
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

log = logging.getLogger(__name__)

LOOK = 0.05  # seconds between two looks of the watcher
SAID = frozenset({2, 10, 60, 600})  # after so many tries the log names what does not stop
AGAIN = 1.0  # seconds after which code that swallowed OutOfTime gets it once more
T = TypeVar("T")

_sleep = time.sleep
_raise_in = ctypes.pythonapi.PyThreadState_SetAsyncExc
_raise_in.argtypes = (ctypes.c_ulong, ctypes.py_object)


class OutOfTime(BaseException):
    """The time of this code is over. No ``Exception``: ``except Exception`` must not keep code alive."""


@dataclass(slots=True, eq=False)
class Watch:
    """One piece of work in one thread. Its clock stands still while a piece within it has a watch of its own."""

    what: str
    thread: int
    until: float
    outer: Watch | None
    over: bool = False
    settled: bool = False
    raised: int = 0


_current: dict[int, Watch] = {}
_lock = threading.Lock()
_work = threading.Event()
_watcher: threading.Thread | None = None
_prepared = False


def within(seconds: float, what: str, work: Callable[[], T]) -> T:
    """What ``work()`` returns. Raises :class:`OutOfTime` after about ``seconds``, and whatever ``work`` raises.

    ``what`` is for the log. May be nested: the time of what is inside does not count for what is around it.
    """
    began = time.monotonic()
    watch = _begin(seconds, what, began)
    try:
        return work()
    finally:
        # Time may be over in any of these lines: nothing here may be skipped, and nothing may be raised afterwards.
        while not watch.settled:
            try:
                watch.over = True
                _end(watch, began)
            except OutOfTime:
                watch.raised += 1


def _begin(seconds: float, what: str, began: float) -> Watch:
    thread = threading.get_ident()
    _start_watcher()
    with _lock:
        watch = Watch(what, thread, began + seconds, _current.get(thread))
        _current[thread] = watch
    _work.set()
    return watch


def _end(watch: Watch, began: float) -> None:
    with _lock:
        if _current.get(watch.thread) is watch and watch.outer is not None:
            watch.outer.until += time.monotonic() - began
            _current[watch.thread] = watch.outer
        elif _current.get(watch.thread) is watch:
            del _current[watch.thread]
    # Nobody raises from here on. What was raised before arrives at the next turn of a loop at the latest; taking it
    # back (PyThreadState_SetAsyncExc with NULL) leaves CPython 3.11 looking for it for ever.
    for _turn in range(3):
        pass
    watch.settled = True


def prepare() -> None:
    """Makes waits of watched threads interruptible. Once for each process; others' waits stay as they are."""
    global _prepared
    with _lock:
        if _prepared:
            return
        _prepared = True
    time.sleep = _sleep_in_pieces  # type: ignore[assignment]  # its type names what C takes; ours takes the same
    sys.addaudithook(_bound_sockets)


def _start_watcher() -> None:
    global _watcher
    if _watcher is not None and _watcher.is_alive():
        return
    with _lock:
        if _watcher is None or not _watcher.is_alive():
            _watcher = threading.Thread(target=_watch, name="block-watcher", daemon=True)
            _watcher.start()


def _watch() -> None:
    while True:
        _work.wait()
        _work.clear()
        while _current:
            _sleep(LOOK)
            _look(time.monotonic())


def _look(now: float) -> None:
    with _lock:
        late = [watch for watch in _current.values() if watch.until <= now and not watch.over]
        for watch in late:
            watch.until = now + AGAIN
            watch.raised += 1
            _raise_in(watch.thread, OutOfTime)
    for watch in late:
        if watch.raised in SAID:
            log.error("%s does not stop; its thread waits until it does. It is here:\n%s", watch.what, _place(watch))


def _place(watch: Watch) -> str:
    frame = sys._current_frames().get(watch.thread)
    return "".join(traceback.format_stack(frame)[-3:]) if frame else "(gone)"


def _bound_sockets(event: str, arguments: tuple[Any, ...]) -> None:
    if event != "socket.connect":
        return
    watch = _current.get(threading.get_ident())
    if watch is not None and not watch.over and arguments[0].gettimeout() is None:
        arguments[0].settimeout(max(0.1, watch.until - time.monotonic()))


def _sleep_in_pieces(seconds: float) -> None:
    """``time.sleep``, between whose pieces OutOfTime arrives in a watched thread."""
    watch = _current.get(threading.get_ident())
    if watch is None or watch.over or seconds <= LOOK:
        return _sleep(seconds)
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        _sleep(min(LOOK, left))
    return None
