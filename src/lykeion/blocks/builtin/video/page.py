"""The HTML of a video. All but what is remembered of the learner is the same for everybody, and made once."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.template import Context, Engine, Template
from django.utils.translation import get_language, get_language_info

from lykeion.blocks.builtin.video import licences
from lykeion.blocks.resources import content_type
from lykeion.content.types import Json
from lykeion.core.lru import WeightedCache

if TYPE_CHECKING:
    from lykeion.blocks.builtin.video.block import VideoBlock

YOUTUBE_ID = re.compile(r"[\w-]{5,32}\Z")
SPEEDS = (0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0)

_bodies: WeightedCache[tuple[str, ...], str] = WeightedCache(4 << 20, lambda html: 300 + len(html))


def video_html(block: VideoBlock, state: dict[str, Json]) -> str:
    """The player of ``block`` with ``state``: position in seconds, speed, language, whether to remember."""
    place = block.scope_ids.place
    whose = block.runtime.handler_url(block, "save_user_state")  # Studio shows the same video with addresses of its own
    key = (place.outline.object_id, whose, str(get_language()), "" if state["remember"] else "visitor")
    body = _bodies.get(key)
    if body is None:
        body = _template().render(Context(_values(block)))
        _bodies.put(key, body)
    return (
        f'<div class="video-block" data-controller="video" data-video-state-value="{escape(json.dumps(state))}"{body}'
    )


@cache
def _template() -> Template:
    libraries = {"i18n": "django.templatetags.i18n", "ui": "lykeion.ui.templatetags.ui"}
    return Engine(dirs=[str(Path(__file__).parent / "templates")], libraries=libraries).get_template("video.html")


def _values(block: VideoBlock) -> dict[str, Any]:
    handler = block.runtime.handler_url
    sources = [_source(str(src)) for src in block.html5_sources or [] if str(src).strip()]
    youtube = str(block.youtube_id_1_0 or "").strip()
    languages = [_language(block, code) for code in block.languages()]
    return {
        "title": block.display_name,
        "video_id": block.url_name,
        "youtube": youtube if YOUTUBE_ID.match(youtube) else "",
        "sources": sources,
        "preload": "metadata" if sources and sources[0]["src"].startswith("/") else "none",
        "speeds": [{"value": f"{speed:g}", "label": f"{speed:g}\u00d7"} for speed in SPEEDS],
        "start": _number(block.start_time),
        "end": _number(block.end_time),
        "languages": languages,
        "lines": json.dumps({language["code"]: language["lines"] for language in languages}),
        "open": block.show_captions,
        "download": (block.source or (sources[0]["src"] if sources else "")) if block.download_video else "",
        "transcript_file": block.track if block.download_track else "",
        "downloads": languages if block.download_track else [],
        "handout": block.handout,
        "poster": str(block.thumbnail or "").strip(),
        "licence": licences.read(block.license),
        "save_url": handler(block, "save_user_state"),
        "completion_url": handler(block, "publish_completion"),
    }


def _source(src: str) -> dict[str, str]:
    kind = content_type(src.partition("?")[0])
    return {"src": src.strip(), "type": kind if kind.startswith("video/") or "mpegurl" in kind else ""}


def _language(block: VideoBlock, code: str) -> dict[str, str]:
    url = block.runtime.handler_url
    return {
        "code": code,
        "name": _name(code),
        "lines": url(block, "transcript", f"translation/{code}"),
        "vtt": url(block, "transcript", f"download/{code}.vtt"),
        "srt": url(block, "transcript", f"download/{code}.srt", "save=1"),
        "txt": url(block, "transcript", f"download/{code}.txt", "save=1"),
    }


def _name(code: str) -> str:
    try:
        return str(get_language_info(code.lower())["name_local"]).capitalize()
    except KeyError:
        return code


def _number(time: timedelta | None) -> str:
    """Seconds, written as scripts read them, whatever the language."""
    return f"{time.total_seconds():g}" if time else "0"
