"""Videos: what their editor shows of the fields, and what a form changes in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import parse_qs, urlsplit

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lykeion.authoring.api import components
from lykeion.authoring.types import Author, AuthoringError
from lykeion.authoring.versions import fields_at
from lykeion.blocks import api as blocks
from lykeion.content.types import Json, ObjectId

__all__ = ["FLAGS", "TEXTS", "VideoForm", "changes", "clock", "length_of", "save", "shown"]

TEXTS: Final = ("display_name", "youtube", "start_time", "end_time", "thumbnail", "handout", "track", "license")
FLAGS: Final = {"download_video": False, "download_track": False, "show_captions": True, "only_on_web": False}
"""Ticks of the form, with their defaults."""
OTHER_SPEEDS: Final = ("youtube_id_0_75", "youtube_id_1_25", "youtube_id_1_5")
LONGEST: Final = 24 * 3600  # seconds; a RelativeTime of XBlock ends there
_CLOCK: Final = re.compile(r"(?:(?:(\d{1,2}):)?(\d{1,2}):)?(\d{1,5})\Z")
_DURATION: Final = re.compile(r'<video_asset\b[^>]*\bduration="([\d.]+)"')
_ADDRESS: Final = re.compile(r"(https?:/)?/[^\s<>\"]+\Z")


@dataclass(frozen=True, slots=True)
class VideoForm:
    """A video as its form has it. ``texts`` are fields by name, ``youtube`` among them (an id or an address); None in
    ``sources`` or a name left out of ``texts`` and ``flags``: the form says nothing of it."""

    texts: Mapping[str, str] = field(default_factory=dict)
    flags: Mapping[str, bool] = field(default_factory=dict)
    sources: Sequence[str] | None = None
    default_transcript: str | None = None


def shown(fields: Mapping[str, Json]) -> VideoForm:
    """What the form shows of ``fields``; saving it unchanged changes nothing."""
    texts = {name: _text(fields.get(name)) for name in TEXTS}
    texts |= {"youtube": _text(fields.get("youtube_id_1_0"))}
    texts |= {name: clock(fields.get(name)) for name in ("start_time", "end_time")}
    flags = {name: bool(fields.get(name, default)) for name, default in FLAGS.items()}
    given = fields.get("html5_sources")
    sources = [_text(one) for one in given] if isinstance(given, list) else []
    return VideoForm(texts, flags, [one for one in sources if one], _text(fields.get("default_transcript")))


def save(author: Author, ref: str, form: VideoForm, *, base: ObjectId | None, at: datetime) -> ObjectId:
    """Saves what ``form`` says otherwise than version ``base``; the version the video then has.

    Raises :class:`AuthoringError` that names what cannot be, :class:`~lykeion.content.types.ChangedMeanwhile`.
    """
    seen = fields_at(author, ref, base)
    values, unset = changes(seen, form)
    _check_order({**seen, **values})
    return components.save(author, ref, values, unset=unset, base=base, at=at)


def changes(seen: Mapping[str, Json], form: VideoForm) -> tuple[dict[str, Json], list[str]]:
    """The fields that ``form`` sets, and those it takes back. Raises :class:`AuthoringError`."""
    was = shown(seen)
    values: dict[str, Json] = {}
    for name, text in form.texts.items():
        if text.strip() != was.texts[name]:
            values |= _MADE.get(name, _plain)(name, text.strip())
    values |= {name: flag for name, flag in form.flags.items() if flag != was.flags[name]}
    if form.sources is not None:
        sources = [one.strip() for one in form.sources if one.strip()]
        if sources != was.sources:
            values["html5_sources"] = [_address(_("Source"), one) for one in sources]
    if form.default_transcript not in (None, was.default_transcript):
        values["default_transcript"] = form.default_transcript
    unset = [name for name, value in values.items() if value is None and name in seen]
    return {name: value for name, value in values.items() if value is not None}, unset


def clock(value: Json) -> str:
    """A field of times as people read it: ``1:02:03``, ``2:03``, empty for none."""
    try:
        seconds = int(value) if isinstance(value, int | float) else _seconds(_text(value))
    except ValueError:
        return _text(value)  # something odd, shown as it is
    hours, rest = divmod(seconds, 3600)
    return "" if not seconds else f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"


def length_of(fields: Mapping[str, Json]) -> str:
    """How long the video is, as its archive tells (``<video_asset duration>``); empty when it does not."""
    children = fields.get("xml_children")
    found = _DURATION.search("".join(map(str, children))) if isinstance(children, list) else None
    return clock(float(found[1])) if found else ""


def _text(value: Json) -> str:
    return value.strip() if isinstance(value, str) else ""


def _plain(name: str, text: str) -> dict[str, Json]:
    return {name: text if text or name == "display_name" else None}


def _linked(name: str, text: str) -> dict[str, Json]:
    return {name: _address(str(_LABELS[name]), text) if text else None}


def _timed(name: str, text: str) -> dict[str, Json]:
    try:
        seconds = _seconds(text)
    except ValueError:
        words = _("{field}: “{text}” is no time. Write it like 1:30 or 1:02:03.")
        raise AuthoringError(words.format(field=_LABELS[name], text=text)) from None
    return {name: str(timedelta(seconds=seconds)).zfill(8) if seconds else None}


def _licensed(name: str, text: str) -> dict[str, Json]:
    if text and text not in blocks.licences.CHOICES:
        raise AuthoringError(_("“{text}” is no licence of this list.").format(text=text))
    return _plain(name, text)


def _from_youtube(_name: str, text: str) -> dict[str, Json]:
    """The id of another video. What there was of the old one in other speeds goes; an empty id is kept, since without
    one Open edX shows a video of its own."""
    found = youtube_id(text)
    if text and not found:
        words = _("“{text}” is no address or id of a YouTube video; one looks like https://www.youtube.com/watch?v=…")
        raise AuthoringError(words.format(text=text))
    return {"youtube_id_1_0": found, **dict.fromkeys(OTHER_SPEEDS)}


def youtube_id(text: str) -> str:
    """The id in an address of YouTube, of any kind, or an id itself; empty for anything else."""
    if blocks.YOUTUBE_ID.match(text):
        return text
    address = urlsplit(text if "//" in text else f"https://{text}")
    host = (address.hostname or "").removeprefix("www.").removeprefix("m.").removeprefix("music.")
    parts = [part for part in address.path.split("/") if part]
    if host == "youtu.be":
        found = parts[0] if parts else ""
    elif host in {"youtube.com", "youtube-nocookie.com"}:
        after = parts[1] if len(parts) > 1 and parts[0] in {"embed", "shorts", "live", "v"} else ""
        found = after or (parse_qs(address.query).get("v") or [""])[0]
    else:
        found = ""
    return found if blocks.YOUTUBE_ID.match(found) else ""


def _address(label: str, text: str) -> str:
    if not _ADDRESS.match(text):
        words = _("{field}: “{text}” is no address. Choose a file, or write one that begins with https://.")
        raise AuthoringError(words.format(field=label, text=text[:200]))
    return text


def _seconds(text: str) -> int:
    """Raises ValueError."""
    found = _CLOCK.match(text.strip()) if text.strip() else None
    if found is None and text.strip():
        raise ValueError(text)
    hours, minutes, seconds = (int(part or 0) for part in found.groups()) if found else (0, 0, 0)
    whole = hours * 3600 + minutes * 60 + seconds
    if whole >= LONGEST:
        raise ValueError(text)
    return whole


def _check_order(fields: Mapping[str, Json]) -> None:
    try:
        start, end = (_seconds(clock(fields.get(name))) for name in ("start_time", "end_time"))
    except ValueError:
        return
    if end and end <= start:
        words = _("The video would stop at {end}, before it starts at {start}.")
        raise AuthoringError(words.format(end=clock(end), start=clock(start)))


_LABELS: Final = {
    "start_time": gettext_lazy("Start"),
    "end_time": gettext_lazy("Stop"),
    "thumbnail": gettext_lazy("Poster"),
    "handout": gettext_lazy("Handout"),
    "track": gettext_lazy("Transcript to download"),
}
_MADE: Final[Mapping[str, Callable[[str, str], dict[str, Json]]]] = {
    "youtube": _from_youtube,
    "start_time": _timed,
    "end_time": _timed,
    "thumbnail": _linked,
    "handout": _linked,
    "track": _linked,
    "license": _licensed,
}
