"""What belongs to the process or the thread, and code of others may have changed: put back after each call."""

from __future__ import annotations

import gc
import locale
import os
import socket
import sys
import time
import warnings
from types import TracebackType
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone, translation


class BlockFailed(Exception):
    """What a transaction is told that a block left open."""


class Surroundings:
    """Context of one call of foreign code. Takes about twenty microseconds when nothing was changed."""

    def __enter__(self) -> None:
        self._language = translation.get_language()
        self._zone = timezone.get_current_timezone()
        self._process = _process()
        self._connections = {one: len(one.atomic_blocks) for one in connections.all(initialized_only=True)}

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for connection in connections.all(initialized_only=True):
            _settle(connection, self._connections.get(connection, 0), failed=error is not None)
        if translation.get_language() != self._language:
            translation.activate(self._language) if self._language else translation.deactivate_all()
        if timezone.get_current_timezone() is not self._zone:
            timezone.activate(self._zone)
        if _process() != self._process:
            _put_back(self._process)


def _process() -> tuple[Any, ...]:
    variables = os.environ._data  # type: ignore[attr-defined]  # as bytes: reading each as text takes 60 us
    return (
        dict(variables),
        os.getcwd(),  # noqa: PTH109  asked for at every call: a path costs more than all the rest
        locale.setlocale(locale.LC_ALL),
        tuple(warnings.filters),
        (sys.stdin, sys.stdout, sys.stderr),
        sys.getrecursionlimit(),
        socket.getdefaulttimeout(),
        gc.isenabled(),
    )


def _put_back(process: tuple[Any, ...]) -> None:
    environ, folder, language, filters, streams, recursion, timeout, collects = process
    if _process()[0] != environ:
        os.environb.clear()
        os.environb.update(environ)
        time.tzset()
    os.chdir(folder)
    locale.setlocale(locale.LC_ALL, language)
    warnings.filters[:] = filters  # type: ignore[index]
    sys.stdin, sys.stdout, sys.stderr = streams
    sys.setrecursionlimit(recursion)
    socket.setdefaulttimeout(timeout)
    (gc.enable if collects else gc.disable)()


def _settle(connection: BaseDatabaseWrapper, depth: int, *, failed: bool) -> None:
    """Rolls back transactions that the call left open; after a failure, drops a connection that is no good any more."""
    while len(connection.atomic_blocks) > depth:
        connection.atomic_blocks[-1].__exit__(BlockFailed, BlockFailed("left open"), None)
    if depth == 0 and connection.connection is not None and not connection.autocommit:
        connection.close()  # autocommit was switched off: what it did is dropped with the connection
    if failed and depth == 0 and connection.connection is not None and connection.errors_occurred:
        connection.close_if_unusable_or_obsolete()
