"""How long learners will be busy: an estimate from what a course holds.

Words are read at 180 a minute, a problem takes two minutes a question, videos as long as they are. Where the length of
a video is not told, its words are (150 spoken a minute); where those are not known, six minutes are taken.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from lykeion.authoring.checks.types import Looked
from lykeion.content.types import Node

READ: Final = 180 / 60  # words a second
QUESTION: Final = 120  # seconds
UNKNOWN: Final = 360
_TAG: Final = re.compile(r"<[^>]{0,2000}>")
_SCRIPT: Final = re.compile(r"<(script|style)\b.*?</\1>", re.DOTALL | re.IGNORECASE)
_WORD: Final = re.compile(r"\w+")
_CUE: Final = re.compile(r"--> *(\d+):(\d\d):(\d\d)")
_CLOCK: Final = re.compile(r"(\d+):(\d\d):(\d\d)")


@dataclass(frozen=True, slots=True)
class Effort:
    """Seconds that a course takes, by what."""

    reading: int
    watching: int
    answering: int
    unknown_videos: int

    @property
    def hours(self) -> float:
        """All of it, to a tenth."""
        return round((self.reading + self.watching + self.answering) / 3600, 1)


def effort(looked: Looked, transcript: Callable[[str], str]) -> Effort:
    """What the course takes. ``transcript(path)`` gives the text of a course file, '' when there is none."""
    reading = watching = answering = unknown = 0
    for block in looked.outline.blocks:
        node = looked.nodes[block.object_id]
        if node.type == "video":
            seconds = video_seconds(node) or _spoken(node, transcript)
            unknown += seconds is None
            watching += UNKNOWN if seconds is None else seconds
        elif node.type == "problem":
            answering += QUESTION * max(1, round(block.facts.max_score or 1))
            reading += _reading(node)
        elif node.type == "html":
            reading += _reading(node)
        elif block.facts.has_score and not block.children:
            answering += QUESTION
    return Effort(reading, watching, answering, unknown)


def video_seconds(video: Node) -> int | None:
    """How long a video is, if its fields tell."""
    told = video.fields.get("duration")
    if isinstance(told, int | float) and told > 0:
        return round(told)
    start, end = (_seconds(video.fields.get(name)) for name in ("start_time", "end_time"))
    return end - (start or 0) if end and end > (start or 0) else None


def _seconds(value: Any) -> int | None:
    if isinstance(value, int | float):
        return round(value)
    found = _CLOCK.fullmatch(value) if isinstance(value, str) else None
    return None if found is None else int(found[1]) * 3600 + int(found[2]) * 60 + int(found[3])


def _spoken(video: Node, transcript: Callable[[str], str]) -> int | None:
    """The last moment of a transcript."""
    files = video.fields.get("transcripts")
    for path in files.values() if isinstance(files, dict) else ():
        ends = [int(h) * 3600 + int(m) * 60 + int(s) for h, m, s in _CUE.findall(transcript(str(path)))]
        if ends:
            return max(ends)
    return None


def _reading(node: Node) -> int:
    text = _TAG.sub(" ", _SCRIPT.sub(" ", str(node.fields.get("data", ""))))
    return round(len(_WORD.findall(text)) / READ)
