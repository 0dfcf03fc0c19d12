"""What the path of an address may hold unquoted."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

SAFE: Final = "!$&'()*+,;=/~:@"  # what Django leaves as it is: RFC 3986 sub-delimiters and a few more
SAFE_IN_SEGMENT: Final = SAFE.replace("/", "")


def quoted(path: str) -> str:
    """``path`` as it stands in an address."""
    return quote(path, safe=SAFE)
