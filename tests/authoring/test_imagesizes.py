"""How large images are, by their first bytes."""

from __future__ import annotations

import struct
from io import BytesIO

import pytest

from lykeion.authoring.imagesizes import image_size

PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 640, 480)
GIF = b"GIF89a" + struct.pack("<HH", 20, 10)
JPEG = (
    b"\xff\xd8" + b"\xff\xe1\x00\x08Exif\x00\x00" + b"\xff\xff" + b"\xff\xc0\x00\x11\x08" + struct.pack(">HH", 30, 40)
)
WEBP = b"RIFF\x00\x00\x00\x00WEBPVP8X" + b"\x0a\0\0\0" + b"\0\0\0\0" + (99).to_bytes(3, "little") * 2
LOSSLESS = b"RIFF\x00\x00\x00\x00WEBPVP8L\0\0\0\0\x2f" + ((6 << 14) | 4).to_bytes(4, "little")
LOSSY = b"RIFF\x00\x00\x00\x00WEBPVP8 \0\0\0\0\0\0\0\x9d\x01\x2a" + struct.pack("<HH", 8, 9)


@pytest.mark.parametrize(
    ("data", "size"),
    [
        (PNG, (640, 480)),
        (GIF, (20, 10)),
        (JPEG + b"\0" * 20, (40, 30)),
        (WEBP, (100, 100)),
        (LOSSLESS, (5, 7)),
        (LOSSY, (8, 9)),
        (b'<?xml version="1.0"?><svg width="12px" height="6.4" xmlns="x">', (12, 6)),
        (b'<svg viewBox="0 0 300 150">', (300, 150)),
        (b'<svg width="100%">', (0, 0)),
        (b"not an image", (0, 0)),
        (PNG[:18], (0, 0)),
        (b"\xff\xd8\xff\xe1\x00\x00", (0, 0)),
        (b"", (0, 0)),
    ],
)
def test_the_size_of_an_image_is_told_by_its_first_bytes(data: bytes, size: tuple[int, int]) -> None:
    assert image_size(BytesIO(data)) == size
