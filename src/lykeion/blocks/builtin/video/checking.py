"""Transcripts that authors bring, read strictly: what is wrong is said with its line."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from lykeion.blocks.builtin.video.transcripts import TIMING, Cue, decoded, plain, read_transcript, timed

KINDS: Final = ("srt", "vtt", "sjson", "json", "txt")
MOST: Final = 20  # problems that are told
_ALMOST: Final = re.compile(
    r"\s*[\d:.,]*\d:\d[\d:.,]*\s*\S{1,4}\s*\d+:\d[\d:.,]*\s*\Z"
)  # two times, an arrow that is none
_HEADS: Final = re.compile(r"\s*(WEBVTT|NOTE|STYLE|REGION)\b")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a file: the line (0: the file as a whole), in words how to mend it."""

    line: int
    words: str

    def __str__(self) -> str:
        return _("Line {line}: {words}").format(line=self.line, words=self.words) if self.line else self.words


class Unreadable(ValueError):
    """A file that cannot be taken as a transcript, with what is wrong in it."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


def read_checked(name: str, data: bytes) -> tuple[Cue, ...]:
    """The cues of the file ``name`` (SRT, WebVTT or sjson), in order of time. Raises :class:`Unreadable`."""
    kind = name.rpartition(".")[2].lower()
    if kind not in KINDS:
        words = _("A transcript is an .srt, .vtt or .sjson file; {name} is none of these.")
        raise Unreadable((Problem(0, words.format(name=name)),))
    if b"\0" in data[:4000] and data[:2] not in {b"\xff\xfe", b"\xfe\xff"}:
        raise Unreadable((Problem(0, _("{name} is not a text file.").format(name=name)),))
    text = decoded(data)
    problems = _in_json(text) if kind in {"sjson", "json"} else _in_lines(text)
    if problems:
        raise Unreadable(tuple(problems[:MOST]))
    try:
        return read_transcript(f"x.{kind}", data)
    except ValueError:
        words = _("{name} holds no line with times like 00:00:01,000 --> 00:00:02,000.")
        raise Unreadable((Problem(0, words.format(name=name)),)) from None


def _in_lines(text: str) -> list[Problem]:
    return [problem for number, line in enumerate(text.split("\n"), 1) if (problem := _in_line(number, line))]


def _in_line(number: int, line: str) -> Problem | None:
    if ("-->" not in line and not _ALMOST.match(line)) or _HEADS.match(line):
        return None
    found = TIMING.search(line)
    if found is None:
        words = _("“{line}” does not tell times. Write them like 00:00:01,000 --> 00:00:02,500.")
        return Problem(number, words.format(line=line.strip()[:60]))
    start, end = timed(found)
    if end <= start:
        return Problem(number, _("The cue ends before it begins: {line}.").format(line=found.group()))
    return None


def _in_json(text: str) -> list[Problem]:
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        return [Problem(error.lineno, _("This is not JSON: {error}.").format(error=error.msg))]
    given = [found.get(name) for name in ("start", "end", "text")] if isinstance(found, dict) else []
    lists = [one for one in given if isinstance(one, list)]
    if len(lists) < 3:
        return [Problem(0, _("An sjson file is a JSON object with the lists start, end and text."))]
    if len({len(one) for one in lists}) > 1:
        return [Problem(0, _("The lists start, end and text are not equally long."))]
    return [problem for place, row in enumerate(zip(*lists, strict=True), 1) if (problem := _in_row(place, *row))]


def _in_row(place: int, start: object, end: object, text: object) -> Problem | None:
    numbers = isinstance(start, int | float) and isinstance(end, int | float)
    if numbers and end > start >= 0 and (text is None or isinstance(text, str)):  # type: ignore[operator]
        return None
    if text is None or (isinstance(text, str) and not plain(text)):
        return None  # nothing is said
    words = _("Cue {place} has no times in milliseconds, or ends before it begins.")
    return Problem(0, words.format(place=place))
