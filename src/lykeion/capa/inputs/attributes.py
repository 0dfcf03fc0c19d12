"""Switches, sizes and lists as authors write them."""

import re

from lykeion.capa.source import Element

_OFF = ("", "false", "0", "none", "no")
_LARGEST = 1000


def flag(entry: Element, name: str, *, otherwise: bool = False) -> bool:
    """Whether a switch is on; `otherwise` for one that is not there."""
    value = entry.get(name)
    return otherwise if value is None else value.strip().lower() not in _OFF


def whole_number(text: str | None, otherwise: int | None) -> int | None:
    """A size as the author wrote it; a slip in a size is no reason to hide the question."""
    return int(text) if text is not None and text.isdecimal() and 0 < int(text) < _LARGEST else otherwise


def pixels(text: str | None) -> int | None:
    """The whole number that a length in pixels begins with (`500`, `500px`); None for none or 0."""
    digits = re.match(r"\s*([0-9]{1,6})", text or "")
    return int(digits[1]) or None if digits else None


def words(text: str | None) -> tuple[str, ...]:
    """The entries of a list written with spaces or commas."""
    return tuple(filter(None, re.split(r"[\s,;]+", text or "")))
