"""Authors' short links in HTML, made into addresses of the site.

Source: ``common/djangoapps/static_replace`` of Open edX: a quoted ``/static/x``, ``/course/x`` or ``/jump_to_id/x``
is replaced wherever it stands, in attributes, styles and scripts alike; ``/static/x?raw`` is left as it is. Beyond
Open edX, ``url(/static/x)`` needs no quotes.
"""

from __future__ import annotations

import re
from html import escape, unescape
from urllib.parse import unquote

from lykeion.blocks.types import Urls

SHORT_LINK = re.compile(r"""/(?:(?<=["'(]/)|(?<=&\#3[49];/)|(?<=&quot;/))(static|course|jump_to_id)/""")
QUOTE = re.compile(r"""(?:\\?["']|&\#3[49];|&quot;)\Z""")
BARE = re.compile(r"""[^\s"'<>()]*\)""")
ANY = ("/static/", "/course/", "/jump_to_id/")
LONGEST = 2000  # characters of a link


def with_addresses(html: str, urls: Urls) -> str:
    """``html`` with every short link replaced."""
    if not any(start in html for start in ANY):
        return html
    parts: list[str] = []
    done = 0
    for found in SHORT_LINK.finditer(html):
        end = _end_of_link(html, found)
        if end < 0 or found.start() < done:
            continue
        parts += (html[done : found.start()], _address(found[1], html[found.end() : end], urls))
        done = end
    return "".join((*parts, html[done:]))


def _end_of_link(html: str, link: re.Match[str]) -> int:
    """The place of the quote (or parenthesis) that ends a link as it began, or -1."""
    if html[link.start() - 1] == "(":
        bare = BARE.match(html, link.end(), link.end() + LONGEST)
        return bare.end() - 1 if bare else -1
    found = QUOTE.search(html, max(0, link.start() - 6), link.start())
    quote = found[0] if found else html[link.start() - 1]
    return html.find(quote, link.end(), link.end() + LONGEST)


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
