"""Asks the sandbox to run something, over its socket."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from lykeion.sandbox.jail import wire
from lykeion.sandbox.types import CodeFailed, Left, Stopped, Unavailable

MOST_REPLY: Final = 4 * 2**20  # bytes; the jail sends less
_LONGEST_PATH: Final = 108  # bytes, with a zero at the end (unix(7))
_ONCE_MORE_BEFORE: Final = 0.5  # seconds: so soon, it was the sandbox that ended, and not the code


@dataclass(frozen=True, slots=True)
class Sandbox:
    """The sandbox that listens on ``path``. ``patience``: seconds to wait for a reply, queueing included."""

    path: Path
    patience: float = 60.0

    def run(
        self,
        parts: Sequence[str],
        *,
        seed: int,
        variables: Mapping[str, Any] | None = None,
        want: Sequence[str] | None = None,
        files: Mapping[str, bytes] | None = None,
    ) -> Left:
        """Runs texts of Python one after another in the same globals, which begin as ``variables``.

        ``want`` names the globals to bring back (None: all). Raises CodeFailed, Stopped or Unavailable; ValueError for
        variables that JSON cannot hold.
        """
        request = {"parts": list(parts), "seed": seed, "variables": dict(variables or {}), "want": want}
        began = time.monotonic()
        try:
            reply = self._ask(request, files)
        except wire.Broken:
            if time.monotonic() - began > _ONCE_MORE_BEFORE:
                raise Stopped("The code ran too long, or used more than it may, and was ended.") from None
            reply = self._ask_again(request, files)
        return _read(reply)

    def _ask_again(self, request: Mapping[str, Any], files: Mapping[str, bytes] | None) -> dict[str, Any]:
        try:
            return self._ask(request, files)
        except wire.Broken as error:
            raise Stopped("The code broke the process it ran in, or used more than it may.") from error

    def _ask(self, request: Mapping[str, Any], files: Mapping[str, bytes] | None) -> dict[str, Any]:
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(self.patience)
                connection.connect(str(self.path))
                wire.send(connection, request, files)
                return wire.receive(connection, MOST_REPLY)[0]
        except TimeoutError as error:
            raise Unavailable("The sandbox has too much to do; try again in a minute.") from error
        except ConnectionError as error:
            if isinstance(error, ConnectionRefusedError):
                raise _nobody(self.path) from error
            raise wire.Broken(str(error)) from error
        except OSError as error:  # no such file, no permission, a path too long
            raise _nobody(self.path) from error


def fits_a_socket(path: Path) -> bool:
    """Whether the kernel takes the path for a socket."""
    return len(os.fsencode(path)) < _LONGEST_PATH


def _nobody(path: Path) -> Unavailable:
    return Unavailable(f"No sandbox listens on {path}; start one with `lykeion sandbox`.")


def _read(reply: Mapping[str, Any]) -> Left:
    """The reply as values. Code that runs can write replies of its own: nothing in it is trusted to have a shape."""
    if "unavailable" in reply:
        raise Unavailable(str(reply["unavailable"]))
    error, values, lost = reply.get("error"), reply.get("values"), reply.get("lost")
    if isinstance(error, dict):
        line, part = error.get("line"), error.get("part")
        raise CodeFailed(
            str(error.get("kind")),
            str(error.get("message")),
            part if isinstance(part, int) else 0,
            line if isinstance(line, int) else None,
        )
    if not isinstance(values, dict):
        raise Stopped("The code broke the process it ran in.")
    return Left(values, lost if isinstance(lost, dict) else {}, str(reply.get("level", "")))
