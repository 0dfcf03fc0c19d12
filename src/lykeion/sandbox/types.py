"""What comes back from authors' code, and what goes wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


class SandboxError(Exception):
    """Code gave no result."""


class Unavailable(SandboxError):
    """There is no sandbox to run code in; the message says why and how to mend it."""


class Stopped(SandboxError):
    """The code was ended from outside: it ran too long, or its process broke."""


class CodeFailed(SandboxError):
    """The code raised. ``kind`` is the name of the exception, ``part`` the index of the text, ``line`` counts from 1
    in it (None where the author's text was not being run)."""

    def __init__(self, kind: str, message: str, part: int, line: int | None) -> None:
        super().__init__(f"{kind}: {message}")
        self.kind = kind
        self.message = message
        self.part = part
        self.line = line


@dataclass(frozen=True, slots=True)
class Left:
    """The globals that code left behind, as far as JSON holds them, and the types of wanted ones that it does not.
    ``level`` is how far the code was kept apart (``lykeion.sandbox.jail.plan.LEVELS``)."""

    values: Mapping[str, Any]
    lost: Mapping[str, str] = field(default_factory=dict)
    level: str = ""
