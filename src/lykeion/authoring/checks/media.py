"""What people who cannot see or hear would miss: transcripts of videos, texts of images."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Final

from lykeion.authoring.checks.types import Finding, Looked
from lykeion.content.types import Node

_WITH_HTML: Final = frozenset({"html", "problem", "static_tab", "about", "course_info"})
_SHOWN: Final = 60


def check(looked: Looked) -> Iterator[Finding]:
    """Videos without transcripts, images without ``alt``. (``alt=""`` says that an image only decorates.)"""
    for place in looked.places:
        node = looked.nodes[place.object_id]
        title = str(node.fields.get("display_name") or place.ref)
        if node.type == "video" and not has_transcript(node):
            yield Finding("no-transcript", "warning", place.ref, title, place.unit)
        if node.type in _WITH_HTML:
            for source in images_without_text(str(node.fields.get("data", ""))):
                yield Finding("no-alt", "warning", place.ref, title, place.unit, {"image": source[:_SHOWN]})


def has_transcript(video: Node) -> bool:
    """Whether a video has words to read: transcripts, captions of old, or those kept with the video elsewhere."""
    fields = video.fields
    return bool(fields.get("transcripts") or fields.get("sub") or "<transcript" in str(fields.get("xml_children", "")))


def images_without_text(html: str) -> list[str]:
    """The ``src`` of every image that says nothing to those who do not see it."""
    if "<img" not in html.lower():
        return []
    reader = _Images()
    reader.feed(html)
    reader.close()
    return reader.found


class _Images(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        hidden = known.get("aria-hidden") == "true" or known.get("role") == "presentation"
        if tag == "img" and not hidden and not {"alt", "aria-label", "aria-labelledby"} & set(known):
            self.found.append(known.get("src") or "img")
