"""What the path of an address may hold unquoted."""

from __future__ import annotations

from typing import Final

SAFE: Final = "!$&'()*+,;=/~:@"  # what Django leaves as it is: RFC 3986 sub-delimiters and a few more
SAFE_IN_SEGMENT: Final = SAFE.replace("/", "")
