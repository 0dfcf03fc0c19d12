"""HTML that people wrote, without anything that could act.

What course teams use stays: text, pictures, tables, links, classes that their style needs, and videos in iframes from
known places. Scripts, forms, event attributes and styles go.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

import nh3

VIDEO_HOSTS: Final = frozenset(
    {"www.youtube.com", "youtube.com", "www.youtube-nocookie.com", "player.vimeo.com", "www.dailymotion.com"}
)
_TAGS: Final = nh3.ALLOWED_TAGS | {"iframe", "section", "video", "source", "track"}
_EVERYWHERE: Final = {"class", "id", "title", "lang", "dir", "role", "aria-label", "aria-labelledby", "aria-hidden"}
_ATTRIBUTES: Final = {
    **nh3.ALLOWED_ATTRIBUTES,
    "*": _EVERYWHERE,
    "iframe": {"src", "width", "height", "title", "allowfullscreen", "loading"},
    "img": {"src", "alt", "width", "height", "loading"},
    "video": {"src", "controls", "poster", "width", "height"},
    "source": {"src", "type"},
    "track": {"src", "kind", "srclang", "label"},
}
_STATIC: Final = re.compile(r"""((?:src|href|poster)\s*=\s*["']?)/?static/([^"'\s>]+)""", re.IGNORECASE)


def clean(html: str, address: Callable[[str], str]) -> str:
    """``html`` without anything that could act; names below ``/static/`` become what ``address`` makes of them."""
    with_files = _STATIC.sub(lambda found: found[1] + address(found[2]), html)
    return nh3.clean(
        with_files,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_keep,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener",
    )


def _keep(tag: str, attribute: str, value: str) -> str | None:
    if tag == "iframe" and attribute == "src":
        return value if _is_video(value) else None
    if attribute == "id":
        return f"about-{value}"  # an author's id must not stand in for one of ours
    return value


def _is_video(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in {"https", ""} and parts.hostname in VIDEO_HOSTS
