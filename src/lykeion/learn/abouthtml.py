"""HTML of about pages. Everybody sees them, signed in or not, so only harmless markup passes (``ui/cleanhtml.py``)."""

from __future__ import annotations

from django.utils.safestring import SafeString, mark_safe

from lykeion.content import api as content
from lykeion.content.types import Node, ObjectId
from lykeion.core.keys import CourseLocator
from lykeion.core.lru import WeightedCache
from lykeion.learn.addresses import asset_url
from lykeion.ui.cleanhtml import clean

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
    return clean(html, lambda path: asset_url(run, path))


def _data(part: Node | None) -> str:
    data = "" if part is None else part.fields.get("data")
    return data if isinstance(data, str) else ""
