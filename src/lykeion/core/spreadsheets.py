"""Tables as text, as people's spreadsheets write and read them."""

from __future__ import annotations

import codecs
from typing import Final

_FULL_WIDTH: Final = ("\uff1d", "\uff0b", "\uff0d", "\uff20")
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", *_FULL_WIDTH)
_UTF_16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def safe(text: str) -> str:
    """``text`` as no spreadsheet takes it for a formula (OWASP: CSV injection): with an apostrophe in front."""
    return f"'{text}" if text.lstrip("'").startswith(_FORMULA) else text


def unsafe(text: str) -> str:
    """What :func:`safe` made safe, as it was; other texts as they are."""
    return text[1:] if text[:1] == "'" and text.lstrip("'").startswith(_FORMULA) else text


def encoding_of(start: bytes) -> str:
    """The encoding of a file that begins with ``start``: UTF-8, unless it says that it is UTF-16 ("Unicode text" of
    spreadsheets)."""
    return "utf-16" if start.startswith(_UTF_16) else "utf-8-sig"


def separator_of(head: str) -> str:
    """What stands between the columns of a file whose first line is ``head``: a comma, a semicolon or a tab."""
    return max(",;\t", key=head.count)
