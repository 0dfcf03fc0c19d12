"""The site's icons, read once from the sprite and written into the page where they are used."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache
from pathlib import Path

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

SPRITE = Path(__file__).parent / "templates" / "ui" / "icons.svg"
SYMBOL = re.compile(r'<symbol id="([a-z-]+)"([^>]*)>(.*?)</symbol>', re.DOTALL)
FLIPPED = frozenset({"next", "previous", "log-out", "external", "send", "undo"})  # point along the line of reading


@cache
def _shapes() -> dict[str, str]:
    return {name: body.strip() for name, _, body in SYMBOL.findall(SPRITE.read_text(encoding="utf-8"))}


def icon_names() -> Collection[str]:
    """Return the names of all icons, in the order of the sprite."""
    return _shapes().keys()


@cache
def icon_svg(name: str, label: str = "") -> SafeString:
    """Return the icon as inline SVG: an image named ``label``, or hidden from readers when there is none.

    Raises ``LookupError`` naming the icons there are, when ``name`` is not one of them.
    """
    shape = _shapes().get(name)
    if shape is None:
        raise LookupError(f"There is no icon {name!r} in {SPRITE.name}; there are: {', '.join(_shapes())}")
    flips = " icon-flips" if name in FLIPPED else ""
    says = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    body = mark_safe(shape)  # noqa: S308  our own file, no input in it
    return format_html('<svg class="icon{}" viewBox="0 0 24 24" {}>{}</svg>', flips, says, body)
