"""HTML of about pages. Everybody sees them, signed in or not, so only harmless markup passes.

Course teams write these pages in Studio. What they use them for stays: text, pictures, tables, links, classes that
their style needs, and videos in iframes from known places. Scripts, forms, event attributes and styles go.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

import nh3
from django.utils.safestring import SafeString, mark_safe

from lykeion.content import api as content
from lykeion.content.types import Node, ObjectId
from lykeion.core.keys import CourseLocator
from lykeion.core.lru import WeightedCache
from lykeion.learn.addresses import asset_url

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
_CLEAN: WeightedCache[tuple[CourseLocator, ObjectId], str] = WeightedCache(8_000_000, weigh=len)


def about_html(run: CourseLocator, root: ObjectId, name: str) -> SafeString:
    """Part ``about/<name>`` at ``root`` as HTML that is safe to show; empty when the course has none."""
    part_id = content.parts(root).get(f"about/{name}")
    if part_id is None:
        return SafeString()
    clean = _CLEAN.get((run, part_id))
    if clean is None:
        clean = sanitise(_data(content.part(root, f"about/{name}")), run)
        _CLEAN.put((run, part_id), clean)
    return mark_safe(clean)  # noqa: S308  # nh3 made it so


def sanitise(html: str, run: CourseLocator) -> str:
    """``html`` without anything that could act; ``/static/`` names become addresses of the course's files."""
    with_files = _STATIC.sub(lambda found: found[1] + asset_url(run, found[2]), html)
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


def _data(part: Node | None) -> str:
    data = "" if part is None else part.fields.get("data")
    return data if isinstance(data, str) else ""
