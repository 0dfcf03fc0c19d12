"""Tracking logs as chunks: which lines belong to which chunk depends on the log alone, never on who reads it when.

A line belongs to the chunk in which its first byte lies (of what is left after unpacking). So a log that grew, was
rotated, renamed, packed or copied gives the same chunks under the same names.
"""

from __future__ import annotations

import gzip
import sys
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import Final, cast

from xxhash import xxh3_128_hexdigest

from lykeion.core.errors import LykeionError

CHUNK: Final = 16 << 20
"""Bytes of raw log. The names of what was written depend on it: it never changes."""
LONGEST: Final = 16 << 20
"""Bytes of a line; what is longer is cut, and so set aside."""


_FIRST: Final = 64 << 10  # bytes of the first line that tell a source


class SourceMissing(LykeionError):
    """There is no such log."""


@dataclass(frozen=True, slots=True)
class Source:
    """A log: ``id`` is that of its first line, which stays what it is wherever the file goes; ``size``: of the file."""

    path: str
    id: str
    size: int
    packed: bool

    def raw_size(self) -> int:
        """How long it is unpacked; of packed ones modulo 2**32, as gzip writes it at the end."""
        if not self.packed:
            return self.size
        with _opened(self.path) as file:
            file.seek(self.size - 4)
            return int.from_bytes(file.read(4), "little")


@dataclass(frozen=True, slots=True)
class Chunk:
    """Lines of a source, and where the first byte after them lies. ``broken``: why reading ended before its file."""

    number: int
    data: bytes
    end: int
    broken: str = ""

    @property
    def is_complete(self) -> bool:
        """Whether nothing can be added to it any more."""
        return self.end >= (self.number + 1) * CHUNK and self.data.endswith(b"\n")


def find_sources(paths: Sequence[str | Path]) -> list[Source]:
    """The logs at ``paths`` (files, and folders with what is below them; of this machine, or as URLs), each once: of
    copies the longest.

    Empty files are none. Raises :class:`SourceMissing`, and ``PlaceError`` for a URL that leads nowhere.
    """
    found: dict[str, Source] = {}
    for path, size in _files(paths):
        source = _look(path, size)
        if source is None:
            continue
        known = found.get(source.id)
        if known is None or (source.raw_size(), not source.packed) > (known.raw_size(), not known.packed):
            found[source.id] = source
    return sorted(found.values(), key=lambda source: source.path)


def _files(paths: Sequence[str | Path]) -> Iterator[tuple[str, int]]:
    """Path or URL of each log, and its size."""
    for given in paths:
        if "://" in str(given):
            yield from _files_elsewhere(str(given))
        elif (path := Path(given)).is_dir():
            yield from sorted(
                (str(one), one.stat().st_size) for one in path.rglob("*") if one.is_file() and _is_log(one)
            )
        elif path.is_file():
            yield str(path), path.stat().st_size
        else:
            raise SourceMissing(f"There is no log {given}: name files of a tracking log, or folders with some.")


def _files_elsewhere(url: str) -> Iterator[tuple[str, int]]:
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
        if one.type == fs.FileType.File and _is_log(Path(one.path)):
            yield places.below(url, one.path.removeprefix(root)), one.size


def _is_log(path: Path) -> bool:
    return ".log" in path.name and not path.name.startswith(".")


def _look(path: str, size: int) -> Source | None:
    """The log at ``path``; None when it has no whole line yet."""
    with _opened(path) as file:
        packed = file.read(2) == b"\x1f\x8b"
    with _unpacked(path, packed) as stream:
        try:
            first = stream.readline(_FIRST)
        except (EOFError, OSError, zlib.error):  # broken in its first line: reading it will say so
            with _opened(path) as file:
                first = file.read(_FIRST)
    if not first.endswith(b"\n") and len(first) < _FIRST and not packed:
        return None
    return Source(path, xxh3_128_hexdigest(first), size, packed) if first else None


def _opened(path: str) -> BufferedReader:
    if "://" not in path:
        return Path(path).open("rb")
    from lykeion.core import places  # see above

    place, name = places.opened(path)
    return BufferedReader(place.open_input_file(name), 1 << 20)


@contextmanager
def _unpacked(path: str, packed: bool) -> Iterator[BufferedReader]:
    with _opened(path) as file:
        yield cast("BufferedReader", gzip.GzipFile(fileobj=file)) if packed else file


def read_chunks(source: Source, first: int = 0, last: int | None = None) -> Iterator[Chunk]:
    """The chunks of ``source`` from number ``first`` to ``last`` (to its end without one); one in memory at a time."""
    read, most = (_read_packed, sys.maxsize) if source.packed else (_read, source.size)
    with _unpacked(source.path, source.packed) as stream:
        position = _begin(stream, first * CHUNK)
        number = first
        while last is None or number <= last:
            data, broken = read(stream, position, min((number + 1) * CHUNK, most))
            position += len(data)
            if data or broken:
                yield Chunk(number, data, position, broken)
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


def _read(stream: BufferedReader, position: int, until: int) -> tuple[bytes, str]:
    """The lines that begin between two places, at once: copying pieces together takes as long as reading them."""
    end = _begin(stream, until)
    stream.seek(position)
    return (stream.read(end - position), "") if end > position else (b"", "")


def _read_packed(stream: BufferedReader, position: int, until: int) -> tuple[bytes, str]:
    """The same, as far as it can be unpacked; and why there is no more, if not because the file ends."""
    pieces: list[bytes] = []
    length = until - position
    try:
        while length > 0 and (piece := stream.read1(min(length, 8 << 20))):
            pieces.append(piece)
            length -= len(piece)
        while pieces and not pieces[-1].endswith(b"\n") and (piece := stream.readline(LONGEST)):
            pieces.append(piece)
    except (EOFError, OSError, zlib.error) as error:
        return b"".join(pieces), f"{type(error).__name__}: {error}"
    return b"".join(pieces), ""
