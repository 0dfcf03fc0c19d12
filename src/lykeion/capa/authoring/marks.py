"""What is wrong in a problem, by the letters it stands at: for a text editor that marks it while its author types."""

import re
from dataclasses import dataclass
from typing import Final

from lykeion.capa.compile import compile_problem
from lykeion.capa.lint.check import findings
from lykeion.capa.lint.types import Finding
from lykeion.capa.types import ProblemError, ScriptsUnavailable

_NAMES: Final = ("name", "attribute", "src")  # values of findings that stand in the text


@dataclass(frozen=True, slots=True)
class Mark:
    """A finding and its place: letters `start` to `end` (counted from 0, `end` not included) of `line` (from 1)."""

    finding: Finding
    line: int
    start: int
    end: int


def marks(xml: str) -> tuple[Mark, ...]:
    """All findings in a problem, by place; see `lykeion.capa.api.check`."""
    lines = xml.split("\n")
    try:
        found = findings(xml)
    except ProblemError as error:
        return (_error(error, lines),)
    placed = [_placed(finding, lines) for finding in found]
    if not any(finding.level == "error" for finding in found):  # what cannot be compiled is told once, in better words
        placed += _compiled(xml, lines)
    return tuple(sorted(placed, key=lambda mark: (mark.line, mark.start)))


def _compiled(xml: str, lines: list[str]) -> list[Mark]:
    """What only the engine notices; nothing for problems with Python, which is not run here."""
    try:
        compile_problem(xml, problem_id="p", seed=1)
    except ScriptsUnavailable:
        return []
    except ProblemError as error:
        return [_error(error, lines)]
    return []


def _error(error: ProblemError, lines: list[str]) -> Mark:
    finding = Finding(error.line, "problem", "{message}", "", {"message": error.message})
    line = _within(error.line, lines)
    text = lines[line - 1]
    if error.column is None or not text:
        return _whole(finding, line, text)
    end = min(error.column - 1, len(text))
    start = _stumbled(text, end)
    return Mark(finding, line, start, max(end, start + 1))


def _stumbled(text: str, end: int) -> int:
    """Where the sign begins that a reader stumbled over when it had come to `end`."""
    start = max(text.rfind(sign, 0, end + 1) for sign in "<&=")
    return start if start >= 0 else max(end - 1, 0)


def _within(line: int | None, lines: list[str]) -> int:
    return min(max(line or 1, 1), len(lines))


def _whole(finding: Finding, line: int, text: str) -> Mark:
    """The whole line, without the blanks at its ends."""
    return Mark(finding, line, len(text) - len(text.lstrip()), len(text.rstrip()) or len(text))


def _placed(finding: Finding, lines: list[str]) -> Mark:
    """At the attribute it is about, else at the tag, else at the line.

    The reader of XML gives the line where a tag ends, so one over several lines begins on an earlier one.
    """
    last = _within(finding.line, lines)
    tag = finding.values.get("tag")
    if not isinstance(tag, str):
        return _whole(finding, last, lines[last - 1])
    opening = re.compile(rf"<{re.escape(tag)}(?=[\s/>]|$)")
    for line in range(last, 0, -1):
        found = opening.search(lines[line - 1])
        if found is not None:
            return _at_attribute(finding, lines, line, last, found) or Mark(finding, line, found.start(), found.end())
    return _whole(finding, last, lines[last - 1])


def _at_attribute(finding: Finding, lines: list[str], first: int, last: int, tag: re.Match[str]) -> Mark | None:
    """The attribute (or its value) that the finding names, in the lines of its tag."""
    names = [str(finding.values[key]) for key in _NAMES if key in finding.values]
    for name in names:
        word = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])")
        for line in range(first, last + 1):
            found = word.search(lines[line - 1], tag.end() if line == first else 0)
            if found is not None:
                return Mark(finding, line, found.start(), found.end())
    return None
