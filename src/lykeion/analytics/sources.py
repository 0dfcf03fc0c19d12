"""Tracking logs as chunks: which lines belong to which chunk depends on the log alone, never on who reads it when.

A line belongs to the chunk in which its first byte lies (of what is left after unpacking). So a log that grew, was
rotated, renamed, packed or copied gives the same chunks under the same names.
"""

from __future__ import annotations

import gzip
import os
import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from io import BufferedIOBase
from pathlib import Path
from typing import Final

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
        with Path(self.path).open("rb") as file:
            file.seek(-4, os.SEEK_END)
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
    """The logs at ``paths`` (files, and folders with what is below them), each once: of copies the longest.

    Empty files are none. Raises :class:`SourceMissing`.
    """
    found: dict[str, Source] = {}
    for path in _files(paths):
        source = look(path)
        if source is None:
            continue
        known = found.get(source.id)
        if known is None or (source.raw_size(), not source.packed) > (known.raw_size(), not known.packed):
            found[source.id] = source
    return sorted(found.values(), key=lambda source: source.path)


def _files(paths: Sequence[str | Path]) -> Iterator[Path]:
    for given in map(Path, paths):
        if given.is_dir():
            yield from sorted(path for path in given.rglob("*") if path.is_file() and _is_log(path))
        elif given.is_file():
            yield given
        else:
            raise SourceMissing(f"There is no log {given}: name files of a tracking log, or folders with some.")


def _is_log(path: Path) -> bool:
    return ".log" in path.name and not path.name.startswith(".")


def look(path: Path) -> Source | None:
    """The log at ``path``; None when it has no whole line yet."""
    packed = _is_packed(path)
    with _opened(path, packed) as stream:
        try:
            first = stream.readline(_FIRST)
        except (EOFError, OSError, zlib.error):  # broken in its first line: reading it will say so
            first = path.read_bytes()[:_FIRST]
    if not first.endswith(b"\n") and len(first) < _FIRST and not packed:
        return None
    return Source(str(path), xxh3_128_hexdigest(first), path.stat().st_size, packed) if first else None


def _is_packed(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == b"\x1f\x8b"


def _opened(path: Path, packed: bool) -> BufferedIOBase:
    return gzip.open(path) if packed else path.open("rb")


def read_chunks(source: Source, first: int = 0, last: int | None = None) -> Iterator[Chunk]:
    """The chunks of ``source`` from number ``first`` to ``last`` (to its end without one); one in memory at a time."""
    with closing(_opened(Path(source.path), source.packed)) as stream:
        position = _begin(stream, first * CHUNK)
        number = first
        while last is None or number <= last:
            data, broken = _read(stream, (number + 1) * CHUNK - position)
            position += len(data)
            if data or broken:
                yield Chunk(number, data, position, broken)
            if broken or position < (number + 1) * CHUNK:
                return
            number += 1


def _begin(stream: BufferedIOBase, at: int) -> int:
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


def _read(stream: BufferedIOBase, length: int) -> tuple[bytes, str]:
    """``length`` bytes and the rest of the last line; and why there is no more, if not because the file ends."""
    pieces: list[bytes] = []
    try:
        while length > 0 and (piece := stream.read1(min(length, 8 << 20))):
            pieces.append(piece)
            length -= len(piece)
        while pieces and not pieces[-1].endswith(b"\n") and (piece := stream.readline(LONGEST)):
            pieces.append(piece)
    except (EOFError, OSError, zlib.error) as error:
        return b"".join(pieces), f"{type(error).__name__}: {error}"
    return b"".join(pieces), ""
