"""``lykeion capa grade``: problems graded in bulk."""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from lykeion.capa.bulk import grade_lines
from lykeion.sandbox.api import Sandbox, SandboxRunner, library_file, no_library, private_sandbox

_LINES_AT_ONCE: Final = 8
_AHEAD: Final = 4  # batches that wait for each process, so that memory does not grow with the input


def grade() -> int:
    """Reads cases (JSON lines) from standard input and writes one result line for each, in order, as they are ready."""
    processes = os.cpu_count() or 1
    with private_sandbox() as sandbox, ProcessPoolExecutor(processes) as pool, _progress() as told:
        results = _in_order(pool, sandbox, sys.stdin, ahead=processes * _AHEAD)
        for line in results:
            sys.stdout.write(line + "\n")
            told()
    return 0


def _in_order(pool: ProcessPoolExecutor, sandbox: Sandbox, lines: Iterable[str], *, ahead: int) -> Iterator[str]:
    waiting: deque[Future[list[str]]] = deque()
    first, rest = 1, iter(lines)
    while batch := list(islice(rest, _LINES_AT_ONCE)):
        waiting.append(pool.submit(_graded, batch, first, sandbox))
        first += len(batch)
        if len(waiting) > ahead:
            yield from waiting.popleft().result()
    while waiting:
        yield from waiting.popleft().result()


def _graded(lines: list[str], first: int, sandbox: Sandbox) -> list[str]:
    def runner(library: str | None) -> SandboxRunner:
        return SandboxRunner(sandbox, library=partial(library_file, Path(library)) if library else no_library)

    return list(grade_lines(lines, first=first, runner=runner))


class _progress:
    """Counts on stderr; on a terminal it is a line that changes."""

    def __enter__(self) -> Callable[[], None]:
        columns = (TextColumn("Graded"), MofNCompleteColumn(), TimeElapsedColumn())
        self.shown = Progress(*columns, console=Console(stderr=True))
        task = self.shown.add_task("Graded", total=None)
        self.shown.start()
        return lambda: self.shown.advance(task)

    def __exit__(self, *wrong: object) -> None:
        self.shown.stop()
