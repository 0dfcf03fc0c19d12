"""From tracking logs to the lake: exactly once, however often it is run, and wherever it was killed.

A chunk of a log always gives the same files under the same names, each appears whole, and only then does the ledger say
so. Who was killed in between is repeated, and overwrites itself. The last chunk of a log that still grows is read again
until it is full.
"""

from __future__ import annotations

import gc
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context, parent_process
from pathlib import Path
from threading import Thread
from typing import Any, Final

from lykeion.analytics.columnar import tables_of
from lykeion.analytics.forgetting import forgotten, without
from lykeion.analytics.lake import ASIDE, Lake
from lykeion.analytics.sources import CHUNK, Chunk, Passed, Source, find_sources, read_chunks

MOST_ASIDE: Final = 64 << 10
"""Bytes of a line that are kept aside."""
_ALONE: Final = 64 << 20
"""Bytes up to which one process does it: starting others takes longer."""
_UNPACKED: Final = 10
"""How many times as long a packed log is unpacked, about."""

Progress = Callable[[int, int], None]
"""Bytes read so far, bytes in all."""


@dataclass(frozen=True, slots=True)
class Done:
    """What was in a chunk. ``files``: rows by ``kind/day``; ``written``: those that were not in the lake before, or
    are not any more;
    ``aside``: lines by reason; ``broken``: see Chunk."""

    number: int
    start: int
    end: int
    complete: bool
    lines: int
    files: dict[str, int]
    written: tuple[str, ...]
    aside: dict[str, int]
    broken: str = ""

    def as_json(self) -> dict[str, Any]:
        """As the ledger keeps it."""
        return {
            "start": self.start, "end": self.end, "complete": self.complete, "lines": self.lines,
            "files": self.files, "aside": self.aside, "broken": self.broken,
        }  # fmt: skip


@dataclass(slots=True)
class Report:
    """What one run read of the logs it ``found``: sources, chunks, bytes, lines; rows by kind; lines set aside by
    reason; days that changed; what could not be read to its end (path -> why); files that were ``passed`` over."""

    found: int = 0
    sources: int = 0
    chunks: int = 0
    bytes: int = 0
    lines: int = 0
    rows: Counter[str] = field(default_factory=Counter)
    aside: Counter[str] = field(default_factory=Counter)
    days: set[str] = field(default_factory=set)
    broken: dict[str, str] = field(default_factory=dict)
    passed: Passed = field(default_factory=Passed)

    def add(self, source: Source, done: Done) -> None:
        """Counts a chunk."""
        self.chunks += 1
        self.bytes += done.end - done.start
        self.lines += done.lines
        for file, count in done.files.items():
            self.rows[file.partition("/")[0]] += count
        self.aside.update(done.aside)
        self.days.update(file.partition("/")[2] for file in done.written)
        if done.broken:
            self.broken[source.path] = done.broken


@dataclass(frozen=True, slots=True)
class Task:
    """Chunks ``first`` to ``last`` of a source (to its end without a last), to be read one after the other. ``known``:
    how many rows of each file of the first the lake has: a chunk only ever grows, so as many are the same."""

    source: Source
    first: int
    last: int | None
    bytes: int
    known: dict[str, int] = field(default_factory=dict)


Work = Callable[[Callable[[Task], list[Done]], Sequence[Task]], Iterator[tuple[Task, list[Done]]]]
"""Does a work for each of some tasks, somewhere; each with what came of it, as they are done."""


def ingest(
    paths: Sequence[str | Path],
    lake: Lake,
    *,
    processes: int | None = None,
    cluster: Work | None = None,
    progress: Progress | None = None,
) -> Report:
    """Reads what is new in the logs at ``paths`` (files and folders of this machine, or URLs) into ``lake``.

    ``processes``: how many of this machine work (as many as there are cores); or ``cluster``: others do. Memory does
    not depend on the size of the logs. Raises ``SourceMissing``, ``PlaceError`` and ``LakeError``; what was read until
    then stays, and is not read again.
    """
    with lake.writing():
        passed = Passed()
        ledgers = {source.id: Ledger(lake, source) for source in find_sources(paths, passed)}
        tasks = [task for ledger in ledgers.values() for task in ledger.open_tasks()]
        begun = {task.source.id for task in tasks}
        report = Report(len(ledgers), len(begun), passed=passed)
        for ledger in (ledgers[name] for name in ledgers.keys() - begun):
            report.broken |= ledger.broken  # nothing was added to it since
        total, read = sum(task.bytes for task in tasks), 0
        done_here = partial(_results, processes=processes or os.cpu_count() or 1)
        for task, done in (cluster or done_here)(partial(work, url=lake.url, ticket=lake.ticket), tasks):
            for one in done:
                ledgers[task.source.id].add(one)
                report.add(task.source, one)
            ledgers[task.source.id].keep()
            read += task.bytes
            if progress is not None:
                progress(read, total)
    return report


class Ledger:
    """Which chunks of a source the lake holds."""

    def __init__(self, lake: Lake, source: Source) -> None:
        self._lake = lake
        self._source = source
        known = lake.read_json("ledger", f"{source.id}.json") or {}
        self._chunks: dict[int, dict[str, Any]] = {int(number): one for number, one in known.get("chunks", {}).items()}
        self._read_at = known.get("read_at")  # the size at which it was read to its end, or as far as it can be

    @property
    def broken(self) -> dict[str, str]:
        """Its path, and why it was not read to its end; nothing if it was."""
        reasons = [chunk["broken"] for chunk in self._chunks.values() if chunk["broken"]]
        return {self._source.path: reasons[-1]} if reasons else {}

    @property
    def end(self) -> int:
        """How many bytes of it (unpacked) were read."""
        return max((chunk["end"] for chunk in self._chunks.values()), default=0)

    def open_tasks(self) -> list[Task]:
        """What is still to be read."""
        source = self._source
        if source.packed:
            return [] if self._has_all_of_packed() else [Task(source, 0, None, source.size)]
        if self.end >= source.size and self._has_no_gaps():
            return []
        wanted = [number for number in range(_number_of(source.size)) if not self._is_complete(number)]
        return [self._task(number) for number in wanted]

    def _task(self, number: int) -> Task:
        length = min(CHUNK, self._source.size - number * CHUNK)
        return Task(self._source, number, number, length, self._chunks.get(number, {}).get("files", {}))

    def _has_all_of_packed(self) -> bool:
        """Whether it was read to its end, or as far as it can be; maybe before it was packed."""
        if self._read_at == self._source.size:
            return True
        return self.end > 0 and self._has_no_gaps() and self.end % (1 << 32) == self._source.raw_size()

    def _has_no_gaps(self) -> bool:
        """Whether each chunk begins where the one before ends (a long line may leave the next chunk without any)."""
        position = 0
        for _number, chunk in sorted(self._chunks.items()):
            if chunk["start"] != position:
                return False
            position = chunk["end"]
        return True

    def _is_complete(self, number: int) -> bool:
        return number in self._chunks and bool(self._chunks[number]["complete"])

    def add(self, done: Done) -> None:
        """Notes a chunk whose files are in the lake."""
        known = self._chunks.get(done.number)
        if known is None or known["end"] <= done.end:
            self._chunks[done.number] = done.as_json()
        self._read_at = self._source.size

    def keep(self) -> None:
        """Writes it down."""
        known = {"path": self._source.path, "chunks": self._chunks, "read_at": self._read_at}
        self._lake.write_json(known, "ledger", f"{self._source.id}.json")


def _number_of(size: int) -> int:
    return -(-size // CHUNK)


def _results(
    do: Callable[[Task], list[Done]], tasks: Sequence[Task], *, processes: int
) -> Iterator[tuple[Task, list[Done]]]:
    """See :data:`Work`: processes of this machine."""
    length = sum(task.bytes * (_UNPACKED if task.source.packed else 1) for task in tasks)
    if processes == 1 or len(tasks) < 2 or length <= _ALONE:
        yield from ((task, do(task)) for task in tasks)
        return
    context = get_context("forkserver")  # a fork of a process with threads, as workers have, may hang
    context.set_forkserver_preload([__name__])  # Arrow is loaded once
    with ProcessPoolExecutor(min(processes, len(tasks)), context, _end_with_parent) as pool:
        running = {pool.submit(do, task): task for task in tasks}
        try:
            for future in as_completed(running):
                yield running.pop(future), future.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _end_with_parent() -> None:
    """Ends this process once the one that hands it work is gone, even by ``kill -9``. Its parent for the system is the
    server of forks, which stays as long as anybody whom it made."""
    ours = parent_process()

    def watch() -> None:
        if ours is not None:
            ours.join()
        os._exit(1)

    Thread(target=watch, daemon=True).start()


def work(task: Task, url: str, ticket: str = "") -> list[Done]:
    """Reads the chunks of a task, one in memory at a time, for whoever holds the lock by this ``ticket``."""
    lake = Lake(url, ticket)
    return [take(chunk, task, lake) for chunk in read_chunks(task.source, task.first, task.last)]


def take(chunk: Chunk, task: Task, lake: Lake) -> Done:
    """Writes what is in a chunk: a file for each kind and day, and one for what is no event."""
    collecting = gc.isenabled()
    gc.disable()  # rows are no cycles, and looking for some among a million takes as long as parsing
    try:
        tables, aside, lines = tables_of(chunk.data)
        gone = forgotten(lake)
        name = f"{task.source.id}-{chunk.number:06}"
        files = {f"{kind}/{day}": table.num_rows for (kind, day), table in tables.items()}
        known = task.known if chunk.number == task.first else {}
        written = tuple(file for file, count in files.items() if known.get(file) != count)
        unmade = tuple(known.keys() - files.keys())  # a newer reader may make other kinds of the lines
        for file in unmade:
            kind, _, day = file.partition("/")
            lake.remove(kind, f"dt={day}", f"{name}.parquet")
        for (kind, day), table in tables.items():
            if f"{kind}/{day}" in written:
                lake.write_table(without(gone, table) or table, kind, f"dt={day}", f"{name}.parquet")
        _keep_aside(aside, name, lake)
    finally:
        if collecting:
            gc.enable()
    reasons = dict(Counter(reason for reason, _line in aside))
    return Done(
        chunk.number, chunk.start, chunk.end, chunk.is_complete, lines, files, written + unmade, reasons, chunk.broken
    )


def _keep_aside(aside: Sequence[tuple[str, bytes]], name: str, lake: Lake) -> None:
    """Writes lines that are no events with their reasons; removes what an earlier look at the chunk put there."""
    if not aside:
        lake.remove(ASIDE, f"{name}.jsonl")
        return
    texts = [
        json.dumps({"reason": reason, "line": line[:MOST_ASIDE].decode("utf-8", "replace")})
        for reason, line in aside
        if line
    ]
    lake.write_text("\n".join(texts) + "\n", ASIDE, f"{name}.jsonl")
