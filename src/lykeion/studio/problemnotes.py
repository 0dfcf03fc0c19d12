"""What is wrong in a problem, as its editor tells it: words, how bad it is, and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from lykeion.capa import api as capa
from lykeion.capa.authoring.types import SimpleProblem


@dataclass(frozen=True, slots=True)
class Note:
    """One remark. ``line`` (from 1) and the letters ``start`` to ``end`` (from 0) of it for texts, 0 where there are
    none; ``where`` is the question it is about, in words."""

    text: str
    level: str
    line: int = 0
    start: int = 0
    end: int = 0
    where: str = ""

    def to_json(self) -> dict[str, Any]:
        """For the text editor, which marks the place."""
        return {
            "text": self.text,
            "level": self.level,
            "line": self.line,
            "start": self.start,
            "end": self.end,
        }


def xml_notes(xml: str) -> list[Note]:
    """About XML."""
    return [_marked(mark) for mark in capa.check(xml)]


def markdown_notes(text: str, xml: str) -> list[Note]:
    """About the simple syntax: its traps by line, and what is wrong with the problem that it makes."""
    wrong = [mark.finding for mark in capa.check(xml) if mark.finding.level == "error"]
    return [*map(_marked, capa.check_markdown(text)), *(Note(finding.text(_), finding.level) for finding in wrong)]


def visual_notes(problem: SimpleProblem) -> list[Note]:
    """About a problem of the visual editor, question by question."""
    several = len(problem.questions) > 1
    return [
        Note(
            concern.finding.text(_),
            concern.finding.level,
            where=_("Question {number}").format(number=concern.question + 1) if several else "",
        )
        for concern in capa.visual_concerns(problem)
    ]


def _marked(mark: capa.Mark) -> Note:
    return Note(mark.finding.text(_), mark.finding.level, mark.line, mark.start, mark.end)
