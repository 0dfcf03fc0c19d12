"""Tracking logs as chunks: which lines belong to which chunk depends on the log alone, never on who reads it when.

A line belongs to the chunk in which its first byte lies (of what is left after unpacking). So a log that grew, was
rotated, renamed, packed or copied gives the same chunks under the same names.
"""

from __future__ import annotations

import gzip
import sys
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from io import BufferedReader
from pathlib import Path
from typing import Final, cast

from xxhash import xxh3_128_hexdigest

from lykeion.core.errors import LykeionError

CHUNK: Final = 16 << 20
"""Bytes of raw log. The names of what was written depend on it: it never changes."""
LONGEST: Final = 16 << 20
"""Bytes of a line; what is longer is cut, and so set aside."""


_FIRST: Final = 64 << 10  # bytes of the line that tells a source
_HEAD: Final = 1 << 20  # bytes in which that line begins: before it a log may have empty ones, a header, a bracket


class SourceMissing(LykeionError):
    """There is no such log."""


@dataclass(frozen=True, slots=True)
class Source:
    """A log: ``id`` is that of its first line that may be an event, which stays what it is wherever the file goes;
    ``size``: of the file."""

    path: str
    id: str
    size: int
    packed: bool

    def raw_size(self) -> int:
        """How long it is unpacked; of packed ones what gzip writes at the end: modulo 2**32, and of several that were
        put together the last one's."""
        if not self.packed:
            return self.size
        with _opened(self.path) as file:
            file.seek(self.size - 4)
            return int.from_bytes(file.read(4), "little")

    def length(self) -> int:
        """How long it is unpacked, as far as it can be: it is all read."""
        if not self.packed:
            return self.size
        length = 0
        with _opened(self.path) as file, suppress(EOFError, OSError, zlib.error):
            stream = _unpacked(file, self.packed)
            while piece := stream.read1(1 << 20):
                length += len(piece)
        return length


@dataclass(frozen=True, slots=True)
class Chunk:
    """Lines of a source, and where they lie in it: ``end`` is that of the first byte after them. ``broken``: why
    reading ended before its file."""

    number: int
    data: bytes
    start: int
    end: int
    broken: str = ""

    @property
    def is_complete(self) -> bool:
        """Whether nothing can be added to it any more."""
        return self.end >= (self.number + 1) * CHUNK and self.data.endswith(b"\n")


@dataclass(frozen=True, slots=True)
class Passed:
    """Files that are not read: ``copies`` of others, and ``others`` in folders that are no logs by their name."""

    copies: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)


def find_sources(paths: Sequence[str | Path], passed: Passed | None = None) -> list[Source]:
    """The logs at ``paths`` (files, and folders with what is below them; of this machine, or as URLs), each once: of
    copies the longest. What is not read is noted in ``passed``.

    Empty files are none. Raises :class:`SourceMissing`, and ``PlaceError`` for a URL that leads nowhere.
    """
    passed = passed or Passed()
    found: dict[str, Source] = {}
    for path, size in dict(_files(paths, passed.others)).items():
        source = _look(path, size)
        if source is None:
            continue
        known = found.setdefault(source.id, source)
        if known is source:
            continue
        longer, shorter = sorted((known, source), key=lambda one: (one.length(), not one.packed), reverse=True)
        found[source.id] = longer
        passed.copies.append(shorter.path)
    return sorted(found.values(), key=lambda source: source.path)


def _files(paths: Sequence[str | Path], others: list[str]) -> Iterator[tuple[str, int]]:
    """Path (a full one: executors begin in other folders) or URL of each log, and its size; ``others`` are told."""
    for given in paths:
        if "://" in str(given):
            yield from _files_elsewhere(str(given), others)
        elif (path := Path(given).absolute()).is_dir():
            for one in sorted(one for one in path.rglob("*") if one.is_file()):
                if _is_log(one.name, str(one), others):
                    yield str(one), one.stat().st_size
        elif path.is_file():
            yield str(path), path.stat().st_size
        else:
            raise SourceMissing(f"There is no log {given}: name files of a tracking log, or folders with some.")


def _files_elsewhere(url: str, others: list[str]) -> Iterator[tuple[str, int]]:
    from pyarrow import fs  # loaded where there are such

    from lykeion.core import places

    place, root = places.opened(url)
    there = place.get_file_info(root)
    if there.type == fs.FileType.File:
        yield url, there.size
        return
    if there.type != fs.FileType.Directory:
        raise SourceMissing(f"There is no log {url}: name files of a tracking log, or folders with some.")
    for one in sorted(place.get_file_info(fs.FileSelector(root, recursive=True)), key=lambda one: str(one.path)):
        if one.type == fs.FileType.File:
            path = places.below(url, one.path.removeprefix(root))
            if _is_log(one.base_name, path, others):
                yield path, one.size


def _is_log(name: str, path: str, others: list[str]) -> bool:
    """Whether a file of a folder is a log by its name; if not, and it is not hidden, it is one of ``others``."""
    if name.startswith("."):
        return False
    if ".log" not in name:
        others.append(path)
    return ".log" in name


def _look(path: str, size: int) -> Source | None:
    """The log at ``path``; None when it has no whole line yet."""
    with _opened(path) as file:
        packed = file.read(2) == b"\x1f\x8b"
        file.seek(0)
        first = _first(file, packed)
    if not first.endswith(b"\n") and len(first) < _FIRST and not packed:
        return None
    return Source(path, xxh3_128_hexdigest(first), size, packed) if first else None


def _first(file: BufferedReader, packed: bool) -> bytes:
    """The first line of a log that may be an event (the first of all where none near it may), as far as it tells a
    source; ``file`` stands at its beginning before and after."""
    try:
        first = _first_event(_unpacked(file, packed))
    except (EOFError, OSError, zlib.error):  # broken in its first line: reading it will say so
        file.seek(0)
        first = file.read(_FIRST)
    file.seek(0)
    return first


def _first_event(stream: BufferedReader) -> bytes:
    first = line = stream.readline(_FIRST)
    read = len(first)
    while line and b"{" not in line and read < _HEAD:
        line = stream.readline(_FIRST)
        read += len(line)
    return line if b"{" in line else first


def _opened(path: str) -> BufferedReader:
    if "://" not in path:
        return Path(path).open("rb")
    from lykeion.core import places  # see above

    place, name = places.opened(path)
    return BufferedReader(place.open_input_file(name), 1 << 20)


def _unpacked(file: BufferedReader, packed: bool) -> BufferedReader:
    return cast("BufferedReader", gzip.GzipFile(fileobj=file)) if packed else file


@contextmanager
def opened(source: Source) -> Iterator[BufferedReader | None]:
    """What is in a log, unpacked. None when another has its name by now, for it was rotated since it was found: who
    looks again finds it under its own."""
    with _opened(source.path) as file:
        is_same = xxh3_128_hexdigest(_first(file, source.packed)) == source.id
        yield _unpacked(file, source.packed) if is_same else None


def read_chunks(source: Source, first: int = 0, last: int | None = None) -> Iterator[Chunk]:
    """The chunks of ``source`` from number ``first`` to ``last`` (to its end without one); one in memory at a time."""
    read, most = (_read_packed, sys.maxsize) if source.packed else (_read, source.size)
    with opened(source) as stream:
        if stream is None:
            return
        position = _begin(stream, first * CHUNK)
        number = first
        while last is None or number <= last:
            start = position
            data, position, broken = read(stream, start, min((number + 1) * CHUNK, most))
            if data or broken:
                yield Chunk(number, data, start, position, broken)
            if broken or position < (number + 1) * CHUNK:
                return
            number += 1


def _begin(stream: BufferedReader, at: int) -> int:
    """Goes to the first line that begins at ``at`` or later; where that is."""
    if not at:
        return 0
    stream.seek(at - 1)
    position = at - 1
    while True:
        piece = stream.readline(LONGEST)
        position += len(piece)
        if not piece or piece.endswith(b"\n"):
            return position


def _read(stream: BufferedReader, position: int, until: int) -> tuple[bytes, int, str]:
    """The lines that begin between two places, at once: copying pieces together takes as long as reading them; and
    where they end. Of the last one no more than :data:`LONGEST`, and its last byte, which tells whether it is whole."""
    end = _begin(stream, until)
    if end <= position:
        return b"", position, ""
    stream.seek(position)
    data = stream.read(min(end, until + LONGEST) - position)
    if position + len(data) < end:
        stream.seek(end - 1)
        data += stream.read(1)
    return data, end, ""


def _read_packed(stream: BufferedReader, position: int, until: int) -> tuple[bytes, int, str]:
    """The same, as far as it can be unpacked; and why there is no more, if not because the file ends."""
    pieces: list[bytes] = []
    end = position
    try:
        while end < until and (piece := stream.read1(min(until - end, 8 << 20))):
            pieces.append(piece)
            end += len(piece)
        while pieces and not pieces[-1].endswith(b"\n") and (piece := stream.readline(LONGEST)):
            pieces.append(piece if end < until + LONGEST else piece[-1:])
            end += len(piece)
    except (EOFError, OSError, zlib.error) as error:
        return b"".join(pieces), end, f"{type(error).__name__}: {error}"
    return b"".join(pieces), end, ""
