"""Whole numbers that people and scripts send as text."""

from __future__ import annotations

from typing import Final

_MOST_DIGITS: Final = 17  # every such number fits a column of the database


def whole(text: str) -> int | None:
    """The number that ``text`` is, from 0 up; None when it is none, or so large that nobody can mean it."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS else None
