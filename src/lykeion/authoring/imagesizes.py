"""How large an image is, told by its first bytes. Nothing is decoded, so a hostile image costs nothing.

Sources: PNG (W3C, §11.2.2), GIF89a, JPEG (ITU-T T.81, B.2.2), WebP (RFC 9649), SVG 2 (§8).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import BinaryIO, Final

Size = tuple[int, int]

LOOKED_AT: Final = 512 * 1024  # bytes: photographs carry profiles and previews before their size
_UNKNOWN: Final = (0, 0)
_LARGEST: Final = 1_000_000  # pixels of a side
_SVG: Final = re.compile(rb"<svg\b[^>]{0,5000}>", re.IGNORECASE)
_LENGTH: Final = rb"""\b%s\s*=\s*["']\s*([0-9.]{1,12})\s*(?:px)?\s*["']"""
_BOX: Final = re.compile(
    rb"""\bviewBox\s*=\s*["']\s*[-0-9.e]+[\s,]+[-0-9.e]+[\s,]+([0-9.]{1,12})[\s,]+([0-9.]{1,12})"""
)
_NO_FRAME: Final = frozenset({0xC4, 0xC8, 0xCC})  # tables between the markers that begin a frame


def image_size(stream: BinaryIO) -> Size:
    """Width and height of the image in ``stream`` in pixels; (0, 0) for what is no image of a kind that is known."""
    head = stream.read(LOOKED_AT)
    found = next((read(head) for starts, read in _KINDS if starts(head)), _UNKNOWN)
    return found if all(0 < side <= _LARGEST for side in found) else _UNKNOWN


def _big(data: bytes) -> int:
    return int.from_bytes(data, "big")


def _little(data: bytes) -> int:
    return int.from_bytes(data, "little")


def _png(head: bytes) -> Size:
    return _big(head[16:20]), _big(head[20:24])


def _gif(head: bytes) -> Size:
    return _little(head[6:8]), _little(head[8:10])


def _jpeg(head: bytes) -> Size:
    place = 2
    while place + 9 < len(head) and head[place] == 0xFF:
        marker = head[place + 1]
        if marker == 0xFF:  # a filling byte
            place += 1
        elif 0xC0 <= marker <= 0xCF and marker not in _NO_FRAME:
            return _big(head[place + 7 : place + 9]), _big(head[place + 5 : place + 7])
        else:
            place += 2 + _big(head[place + 2 : place + 4])
    return _UNKNOWN


def _webp(head: bytes) -> Size:
    kind = head[12:16]
    if kind == b"VP8X":
        return _little(head[24:27]) + 1, _little(head[27:30]) + 1
    if kind == b"VP8L":
        bits = _little(head[21:25])
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return _little(head[26:28]) & 0x3FFF, _little(head[28:30]) & 0x3FFF


def _svg(head: bytes) -> Size:
    found = _SVG.search(head)
    if found is None:
        return _UNKNOWN
    sides = [re.search(_LENGTH % name, found[0]) for name in (b"width", b"height")]
    if all(sides):
        return _pixels(*(side[1] for side in sides if side))
    box = _BOX.search(found[0])
    return _pixels(box[1], box[2]) if box else _UNKNOWN


def _pixels(width: bytes, height: bytes) -> Size:
    try:
        return round(float(width)), round(float(height))
    except ValueError:
        return _UNKNOWN


_KINDS: Final[tuple[tuple[Callable[[bytes], bool], Callable[[bytes], Size]], ...]] = (
    (lambda head: head.startswith(b"\x89PNG\r\n\x1a\n"), _png),
    (lambda head: head[:6] in (b"GIF87a", b"GIF89a"), _gif),
    (lambda head: head.startswith(b"\xff\xd8"), _jpeg),
    (lambda head: head[:4] == b"RIFF" and head[8:12] == b"WEBP", _webp),
    (lambda head: b"<svg" in head[:4096].lower(), _svg),
)
