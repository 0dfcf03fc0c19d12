"""Authors' short links in HTML, made into addresses of the site.

Source: ``common/djangoapps/static_replace`` of Open edX: a quoted ``/static/x``, ``/course/x`` or ``/jump_to_id/x``
is replaced wherever it stands, in attributes, styles and scripts alike; ``/static/x?raw`` is left as it is.
"""

from __future__ import annotations

import re
from html import escape, unescape
from urllib.parse import unquote

from lykeion.blocks.types import Urls

SHORT_LINK = re.compile(r"""(\\?["']|&\#3[49];|&quot;)/(static|course|jump_to_id)/(.*?)(?=\1)""")
ANY = ("/static/", "/course/", "/jump_to_id/")


def with_addresses(html: str, urls: Urls) -> str:
    """``html`` with every short link replaced."""
    if not any(start in html for start in ANY):
        return html

    def address(found: re.Match[str]) -> str:
        quote, kind, rest = found.groups()
        return quote + _address(kind, rest, urls) if len(rest) < 2000 else found[0]

    return SHORT_LINK.sub(address, html)


def _address(kind: str, rest: str, urls: Urls) -> str:
    text = unescape(rest)
    if kind == "static" and text.endswith("?raw"):
        return f"/{kind}/{rest}"
    path, tail = _split(text)
    made = {"static": urls.asset, "course": urls.course, "jump_to_id": urls.jump}[kind](path)
    return escape(made + tail)


def _split(text: str) -> tuple[str, str]:
    """The path, and what follows from the first ``?`` or ``#`` on."""
    ends = [place for place in (text.find("?"), text.find("#")) if place >= 0]
    end = min(ends, default=len(text))
    return unquote(text[:end]), text[end:]
