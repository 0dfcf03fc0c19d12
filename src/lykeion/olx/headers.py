"""A quick look at how many entries a tar has: headers only, nothing is unpacked and nothing is believed but sizes."""

import gzip
import io
import zlib
from pathlib import Path
from typing import IO, Final

_BLOCK: Final = 512
_SIZE: Final = slice(124, 136)
_KIND: Final = 156
_ABOUT_THE_NEXT: Final = b"xgLK"  # headers that only say more of the entry that follows
_PIECE: Final = 1 << 18


def more_entries_than(limit: int, archive: Path) -> bool:
    """Whether the .tar.gz or .tar holds more than `limit` entries.

    Stops at the first thing it cannot read: whether the archive is sound is for whoever unpacks it to say.
    """
    with archive.open("rb") as stream:
        packed = stream.read(2) == b"\x1f\x8b"
        stream.seek(0)
        try:
            return _counts_past(limit, io.BufferedReader(gzip.GzipFile(fileobj=stream)) if packed else stream)
        except (OSError, EOFError, zlib.error, ValueError):
            return False


def _counts_past(limit: int, tar: IO[bytes]) -> bool:
    count = 0
    while count <= limit:
        header = tar.read(_BLOCK)
        if len(header) < _BLOCK or not header[0]:
            return False
        if header[_KIND] not in _ABOUT_THE_NEXT:
            count += 1
        _skip(tar, _size(header[_SIZE]))
    return True


def _size(field: bytes) -> int:
    """The number in a header: octal text, or bytes for the very large."""
    if field[0] & 0x80:
        return int.from_bytes(field[1:], "big")
    return int(field.strip(b" \0") or b"0", 8)


def _skip(tar: IO[bytes], size: int) -> None:
    left = -(-size // _BLOCK) * _BLOCK
    while left > 0 and (piece := tar.read(min(left, _PIECE))):
        left -= len(piece)
