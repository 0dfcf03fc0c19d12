"""The lock of a lake that is no folder of this machine: claims that lie in the lake itself. No Django.

Whoever wants to write puts a claim there, and then looks whether there are others. Stores show at once what was written
(S3, Google's, Azure's and HDFS do), so of two who begin at once at least the one who looks later sees the other, and
nobody goes on while somebody else's claim is there. A claim holds for :data:`LEASE` and is renewed by its owner; one
that was not is that of somebody who was killed, and whoever comes next takes it away. Ages are told by the store's
clock alone: those of machines may differ.
"""

from __future__ import annotations

import json
import logging
import os
import random
import secrets
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from threading import Event, Thread
from typing import Any, Final

from pyarrow import fs

logger = logging.getLogger(__name__)

LEASE: Final = 120.0
"""Seconds for which a claim holds without a sign of life."""
_SIGN: Final = 1 / 6  # of it between two signs of life
_TRUSTED: Final = 3 / 4  # of it after which an owner without one does not rely on the claim any more
_TRIES: Final = 5
_PAUSE: Final = 0.5  # seconds at most, so that two who met do not meet again
_CLOCK: Final = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)  # goes on while a machine sleeps


class Taken(Exception):
    """Somebody else has the lock; says who."""


class Lost(Exception):
    """The lock was held, and is not any more: for too long no sign of life reached the store."""


class Claim:
    """The lock, while it is held. ``name``: of what lies in the folder of claims for as long."""

    def __init__(self, store: fs.FileSystem, folder: str) -> None:
        self._store = store
        self._folder = folder
        self.name = f"{secrets.token_hex(12)}.json"
        since = datetime.now(UTC).isoformat(timespec="seconds")
        owner = {"host": socket.gethostname(), "process": os.getpid(), "since": since}
        self._words = json.dumps(owner).encode()
        self._until = 0.0
        self._over = Event()
        self._signs = Thread(target=self._live, daemon=True)

    def check(self) -> None:
        """Raises :class:`Lost` when somebody else may have the lock by now."""
        if time.clock_gettime(_CLOCK) > self._until:
            raise Lost

    @property
    def _path(self) -> str:
        return f"{self._folder}/{self.name}"

    def take(self) -> None:
        """Takes the lock. Raises :class:`Taken`."""
        self._put()
        try:
            others = self._others()
        except BaseException:
            self._remove(self.name)
            raise
        if others:
            self._remove(self.name)
            raise Taken(self._owner(others[0]))
        self._signs.start()

    def give_back(self) -> None:
        """Lets the next one write."""
        self._over.set()
        self._signs.join()
        self._until = 0.0
        try:
            self._remove(self.name)
        except OSError as error:
            logger.warning("The lock of the lake stays until its time is over, for it cannot be removed: %s", error)

    def _put(self) -> None:
        begun = time.clock_gettime(_CLOCK)
        with self._store.open_output_stream(self._path) as sink:
            sink.write(self._words)
        self._until = begun + LEASE * _TRUSTED

    def _others(self) -> list[str]:
        """The names of those claims of others that hold; what is left of the dead goes."""
        found = {one.base_name: one.mtime_ns / 1e9 for one in self._listed() if one.type == fs.FileType.File}
        here = found.pop(self.name, None)
        if here is None:  # taken for dead: whatever happened meanwhile, somebody else was here
            return [self.name]
        dead = {name for name, at in found.items() if here - at > LEASE}
        for name in dead:
            self._remove(name)
        return sorted(set(found) - dead)

    def _listed(self) -> list[Any]:
        return list(self._store.get_file_info(fs.FileSelector(self._folder)))

    def _owner(self, name: str) -> str:
        """Who has a claim, in words; '' when it is gone or not written yet."""
        with suppress(OSError, ValueError, KeyError, TypeError):
            with self._store.open_input_stream(f"{self._folder}/{name}") as stream:
                known = json.loads(stream.read())
            return f"process {known['process']} on {known['host']}, since {known['since']}"
        return ""

    def _remove(self, name: str) -> None:
        with suppress(FileNotFoundError):  # another one took it away
            self._store.delete_file(f"{self._folder}/{name}")

    def _live(self) -> None:
        """Gives signs of life until the lock is given back, or lost."""
        while not self._over.wait(LEASE * _SIGN):
            try:
                self.check()
                if self._store.get_file_info(self._path).type != fs.FileType.File:
                    raise Lost
                self._put()
            except Lost:
                self._until = 0.0
                return
            except OSError as error:  # the store is away: it is asked again while the claim holds
                logger.warning("The lock of the lake could not be renewed (%s); trying again.", error)


@contextmanager
def held(store: fs.FileSystem, folder: str) -> Iterator[Claim]:
    """The lock whose claims lie in ``folder``, for as long as the block takes. Raises :class:`Taken`."""
    store.create_dir(folder, recursive=True)
    claim = _claimed(store, folder)
    try:
        yield claim
    finally:
        claim.give_back()


def _claimed(store: fs.FileSystem, folder: str) -> Claim:
    """Of two who see each other both step back; they come again at other moments."""
    for _try in range(_TRIES - 1):
        with suppress(Taken):
            return _taken(store, folder)
        time.sleep(_PAUSE * random.random())  # noqa: S311  # chance that nobody need not guess
    return _taken(store, folder)


def _taken(store: fs.FileSystem, folder: str) -> Claim:
    claim = Claim(store, folder)
    claim.take()
    return claim
