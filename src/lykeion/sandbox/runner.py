"""The problem language's runner of authors' Python, by way of the sandbox."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from lykeion.capa.types import Check, ScriptError, ScriptsUnavailable
from lykeion.sandbox.client import Sandbox
from lykeion.sandbox.types import CodeFailed, Left, SandboxError, Unavailable

LIBRARY: Final = "python_lib.zip"
KEPT_FOR: Final = 24 * 60 * 60  # seconds
_RETURNED: Final = "cfn_return"


class Cache(Protocol):
    """Where results are kept between processes: Django's caches fit."""

    def get(self, key: str) -> Any:
        """What is kept under ``key``, or None."""

    def set(self, key: str, value: Any, timeout: float | None) -> None:
        """Keeps ``value`` for ``timeout`` seconds."""


@dataclass(frozen=True, slots=True)
class Library:
    """The course's own modules: the file ``python_lib.zip``. ``digest`` names its content, ``read`` brings it."""

    digest: str
    read: Callable[[], bytes]


def no_library() -> Library | None:
    """For a course without modules of its own."""
    return None


@dataclass(frozen=True, slots=True)
class SandboxRunner:
    """Runs scripts and check functions; ``library`` is asked for the course's own modules when one is run.

    The same code with the same values and seed has the same result, so results are kept; errors are not. Two runners
    are equal if they are for the same content: ``version`` names it.
    """

    sandbox: Sandbox
    version: str = ""
    library: Callable[[], Library | None] = field(default=no_library, compare=False)
    cache: Cache | None = field(default=None, compare=False)

    def context(self, script: str, *, seed: int, variables: Mapping[str, Any]) -> Mapping[str, Any]:
        """The globals that a problem's script leaves. Raises ScriptError, ScriptsUnavailable."""
        return self._left([script], seed, variables, None).values

    def check(self, check: Check, *, seed: int, context: Mapping[str, Any]) -> Any:
        """What the function returned, or the globals that the code left. Raises ScriptError, ScriptsUnavailable."""
        if check.function is None:
            return self._left([check.code], seed, {**context, **check.variables}, None).values
        extra = "".join(f", {name}={name}" for name in check.extra)
        call = f"{_RETURNED} = {check.function}(expect, ans{extra})"
        variables = {"expect": check.expect, "ans": check.answer, **check.extra}
        left = self._left([check.script, call], seed, variables, [_RETURNED])
        if _RETURNED not in left.values:
            raise ScriptError(_no_answer(check.function, left.lost.get(_RETURNED, "nothing")))
        return left.values[_RETURNED]

    def _left(self, parts: list[str], seed: int, variables: Mapping[str, Any], want: list[str] | None) -> Left:
        library = self.library()
        key = _key(parts, seed, variables, want, library)
        kept = None if self.cache is None else self.cache.get(key)
        if kept is not None:
            return Left(*json.loads(kept))
        files = {LIBRARY: library.read()} if library else None
        try:
            left = self.sandbox.run(parts, seed=seed, variables=variables, want=want, files=files)
        except CodeFailed as error:
            raise ScriptError(str(error), line=error.line if error.part == 0 else None) from error
        except Unavailable as error:
            raise ScriptsUnavailable(str(error)) from error
        except SandboxError as error:
            raise ScriptError(str(error)) from error
        if self.cache is not None:
            self.cache.set(key, json.dumps([left.values, left.lost]), KEPT_FOR)
        return left


def _key(
    parts: list[str], seed: int, variables: Mapping[str, Any], want: list[str] | None, library: Library | None
) -> str:
    digest = library.digest if library else ""
    told = json.dumps([parts, seed, variables, want, digest], sort_keys=True, default=repr)
    return f"script:{hashlib.blake2b(told.encode(), digest_size=24).hexdigest()}"


def _no_answer(function: str, kind: str) -> str:
    return (
        f"The check function {function} returned {kind}, which cannot be sent back; let it return True, False, text or "
        "a dictionary of plain values (numpy's values become plain by bool(...), float(...) or .tolist())."
    )
