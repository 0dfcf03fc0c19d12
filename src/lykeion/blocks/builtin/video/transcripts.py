"""Transcripts: SRT, WebVTT and the ``sjson`` of Open edX in; any of them, or plain text, out."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from html import unescape
from typing import Final

from lykeion.content.types import Json

_TIME: Final = r"(?:(\d+):)?(\d{1,2}):(\d{1,2})[,.](\d{1,3})"
TIMING: Final = re.compile(rf"{_TIME}\s*-->\s*{_TIME}")
_TAG: Final = re.compile(r"<[^<>]*>|\{\\[^{}]*\}")
_BLANKS: Final = re.compile(r"\s+")
MAX_BYTES: Final = 8 << 20


class BadTranscript(ValueError):
    """A file that is no transcript."""


@dataclass(frozen=True, slots=True)
class Cue:
    """One line of a transcript: seconds from the start of the video, and plain text."""

    start: float
    end: float
    text: str


def read_transcript(name: str, data: bytes) -> tuple[Cue, ...]:
    """The cues of the file ``name``, in order of time. Raises :class:`BadTranscript` when it holds none."""
    if len(data) > MAX_BYTES:
        raise BadTranscript(f"{name} is larger than {MAX_BYTES} bytes.")
    text = decoded(data)
    cues = _read_sjson(name, text) if name.endswith((".sjson", ".json")) else _read_timed(text)
    if not cues:
        raise BadTranscript(f"{name} holds no line with times like 00:00:01,000 --> 00:00:02,000.")
    return tuple(sorted(cues, key=lambda cue: cue.start))


def decoded(data: bytes) -> str:
    """The text of a file in UTF-8, UTF-16 or else Latin 1, with one kind of line ends."""
    for encoding in ("utf-8-sig", "utf-16") if data[:2] not in {b"\xff\xfe", b"\xfe\xff"} else ("utf-16",):
        try:
            return data.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeError:
            continue
    return data.decode("latin-1").replace("\r\n", "\n").replace("\r", "\n")


def _read_timed(text: str) -> list[Cue]:
    """SRT and WebVTT differ in their heads and in the sign before milliseconds only."""
    found = list(TIMING.finditer(text))
    ends = [*(following.start() for following in found[1:]), len(text)]
    cues = [_cue(one, text[one.end() : end]) for one, end in zip(found, ends, strict=False)]
    return [cue for cue in cues if cue.text]


def _cue(timing: re.Match[str], below: str) -> Cue:
    """The text of a cue ends at the first empty line; what follows is the next one's number or name."""
    _, _, body = below.partition("\n")
    text = body.lstrip("\n").split("\n\n", 1)[0] if body.strip() else ""
    return Cue(*timed(timing), plain(text))


def _seconds(parts: tuple[str | None, ...]) -> float:
    hours, minutes, seconds, fraction = (part or "0" for part in parts)
    whole = int(hours) * 3600 + int(minutes) * 60 + int(seconds)
    return (whole * 1000 + int(fraction.ljust(3, "0"))) / 1000


def timed(timing: re.Match[str]) -> tuple[float, float]:
    """Start and end, in seconds, of what :data:`TIMING` found."""
    parts = timing.groups()
    return _seconds(parts[:4]), _seconds(parts[4:])


def plain(text: str) -> str:
    """``text`` without tags, on one line."""
    return _BLANKS.sub(" ", unescape(_TAG.sub("", text))).strip()


def _read_sjson(name: str, text: str) -> list[Cue]:
    try:
        lists = json.loads(text)
        rows = zip(lists["start"], lists["end"], lists["text"], strict=False)
        return [Cue(int(start) / 1000, int(end) / 1000, plain(str(line))) for start, end, line in rows if line]
    except (ValueError, KeyError, TypeError) as error:
        raise BadTranscript(f"{name} is not JSON with the lists start, end and text: {error}") from error


def as_sjson(cues: tuple[Cue, ...]) -> dict[str, Json]:
    """Three lists: start and end in milliseconds, text."""
    return {
        "start": [round(cue.start * 1000) for cue in cues],
        "end": [round(cue.end * 1000) for cue in cues],
        "text": [cue.text for cue in cues],
    }


def as_srt(cues: tuple[Cue, ...]) -> str:
    """SubRip."""
    lines = (
        f"{number}\n{_clock(cue.start, ',')} --> {_clock(cue.end, ',')}\n{cue.text}\n"
        for number, cue in enumerate(cues, 1)
    )
    return "\n".join(lines)


def as_vtt(cues: tuple[Cue, ...]) -> str:
    """WebVTT, as browsers want it."""
    lines = (f"{_clock(cue.start, '.')} --> {_clock(cue.end, '.')}\n{_vtt_text(cue.text)}\n" for cue in cues)
    return "WEBVTT\n\n" + "\n".join(lines)


def as_text(cues: tuple[Cue, ...]) -> str:
    """The words alone, a line each."""
    return "\n".join(cue.text for cue in cues) + "\n"


def _vtt_text(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _clock(seconds: float, sign: str) -> str:
    thousandths = round(seconds * 1000)
    minutes, rest = divmod(thousandths, 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest // 1000:02}{sign}{rest % 1000:03}"


def clock(seconds: float) -> str:
    """``01:02:03.004``, or ``02:03.004`` in the first hour: how people read and write times here."""
    return _clock(seconds, ".").removeprefix("00:")


def places(language: str, given: Json, *, sub: str = "", youtube: str = "", edx_video_id: str = "") -> list[str]:
    """Where the transcript of a language may be among the files of a course, best first: ``given`` by name, else where
    Open edX has kept it over the years (``transcripts_utils.py``)."""
    names: list[str] = []
    if given:
        name = str(given).removeprefix("/static/")
        names += [name, f"transcripts/{name}", f"{name}.sjson"]
    for stem in filter(None, (sub, youtube, edx_video_id)):
        prefix = "" if language == "en" else f"{language}_"
        names += [f"{prefix}subs_{stem}.srt.sjson", f"{prefix}subs_{stem}.srt"]
    return list(dict.fromkeys(names))
