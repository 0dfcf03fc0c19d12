"""Licences of videos, in the words that Open edX keeps them in (``license`` of ``video_xfields.py``)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

RESERVED: Final = "all-rights-reserved"
CHOICES: Final = (
    RESERVED,
    *(f"creative-commons: ver=4.0 {parts}" for parts in ("BY", "BY SA", "BY ND", "BY NC", "BY NC SA", "BY NC ND")),
    "creative-commons: ver=4.0 zero",
)
_CREATIVE: Final = re.compile(r"creative-commons:?\s*(?:ver=(?P<version>[\d.]+))?\s*(?P<parts>[A-Za-z\s]*)\Z")


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence by name; ``url`` is where it is written, empty for none."""

    name: str
    url: str = ""


def read(text: str | None) -> Licence | None:
    """The licence that a field holds; None for none, the text itself when it is not known."""
    words = (text or "").strip()
    if not words:
        return None
    if words == RESERVED:
        return Licence(_("All rights reserved"))
    found = _CREATIVE.match(words)
    return Licence(words) if found is None else _creative(found["version"] or "4.0", found["parts"].upper().split())


def _creative(version: str, parts: list[str]) -> Licence:
    site = "https://creativecommons.org"
    if "ZERO" in parts or not parts:
        return Licence(_("Creative Commons: public domain"), f"{site}/publicdomain/zero/1.0/")
    name = "-".join(parts)
    return Licence(f"Creative Commons {name} {version}", f"{site}/licenses/{name.lower()}/{version}/")
