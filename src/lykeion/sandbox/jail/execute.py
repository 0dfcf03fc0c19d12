"""Runs one request in the world that authors of Open edX problems expect (safe_exec.py of its CAPA)."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

LIBRARY: Final = "python_lib.zip"
_SAFE: Final = (type(None), int, float, bytes, str, list, tuple, dict)


class TookTooLong(BaseException):
    """The processor time is used up. Not an Exception: authors' `except Exception` does not keep it."""


def answer(request: Mapping[str, Any], files: Mapping[str, bytes], modules: Mapping[str, Any]) -> dict[str, Any]:
    """The reply to a request.

    Request: `parts` (texts of code, run one after another in the same globals), `variables` (JSON), `seed` (int),
    `want` (names of globals to send back, or None for all that JSON can hold). Reply: `values`, and in `lost` the types
    of what was wanted and JSON cannot hold; or `error` with `kind`, `message`, `part` (its index) and `line` in that
    part (None where it is not in the author's text).
    """
    world = _world(request, files, modules)
    for index, code in enumerate(request["parts"]):
        try:
            exec(compile(code, f"<part {index}>", "exec"), world)  # noqa: S102 - this is what the walls are for
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is the author's, and told
            return {"error": told(type(error).__name__, _text(error), index, _line(error, index))}
    values = _safe(world, request["want"])
    return {"values": values, "lost": _lost(world, request["want"], values)}


def _world(request: Mapping[str, Any], files: Mapping[str, bytes], modules: Mapping[str, Any]) -> dict[str, Any]:
    """The globals: variables, the usual modules, and a `random` that draws Python 2's sequence from the seed."""
    for name, content in files.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_bytes(content)
        if name == LIBRARY:
            sys.path.insert(0, name)
    _own_folders()
    world: dict[str, Any] = {**modules, "os": os, "sys": sys, "xrange": range}
    world.update(_chance(request["seed"]))
    world.update(request["variables"])
    return world


def _own_folders() -> None:
    Path("tmp").mkdir(exist_ok=True)
    folder = str(Path.cwd() / "tmp")
    os.environ.update(TMPDIR=folder, MPLCONFIGDIR=folder, HOME=folder)


def _chance(seed: Any) -> dict[str, Any]:
    """`random`, also for those who import it. numpy's own is seeded too: the same seed gives the same problem."""
    numpy: Any = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed(seed % 2**32 if isinstance(seed, int) else 0)
    module: Any = sys.modules.get("random2")
    if module is None:
        return {}
    random = module.Random(seed)
    random.Random, random.SystemRandom = module.Random, module.SystemRandom
    sys.modules["random"] = random
    return {"random": random, "random_module": module}


def _safe(world: Mapping[str, Any], want: list[str] | None) -> dict[str, Any]:
    """The globals that survive JSON; others are left out silently, as authors are used to (codejail's json_safe)."""
    names = world.keys() if want is None else [name for name in want if name in world]
    values = {}
    for name in names:
        value = world[name]
        if name == "__builtins__" or not isinstance(value, _SAFE):
            continue
        try:
            values[name] = json.loads(json.dumps(_decoded(value), allow_nan=False))
        except Exception:  # noqa: BLE001, S112 - whatever does not survive is no value (authors' classes may raise anything)
            continue
    return values


def _lost(world: Mapping[str, Any], want: list[str] | None, values: Mapping[str, Any]) -> dict[str, str]:
    return {name: _type_name(world[name]) for name in want or () if name in world and name not in values}


def _type_name(value: Any) -> str:
    kind = type(value)
    return f"{kind.__module__}.{kind.__qualname__}".removeprefix("builtins.")


def _decoded(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, list | tuple):
        return [_decoded(item) for item in value]
    if isinstance(value, dict):
        return {_decoded(key): _decoded(item) for key, item in value.items()}
    return value


def told(kind: str, message: str, part: int = 0, line: int | None = None) -> dict[str, Any]:
    """An error as it is sent."""
    return {"kind": kind, "message": message, "part": part, "line": line}


def _text(error: BaseException) -> str:
    try:
        return str(error)[:2000]
    except Exception:  # noqa: BLE001 - an author's exception may not even be printable
        return ""


def _line(error: BaseException, part: int) -> int | None:
    """The line of the author's text that was being run, the innermost one."""
    name = f"<part {part}>"
    if isinstance(error, SyntaxError) and error.filename == name:
        return error.lineno
    line, trace = None, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == name:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
