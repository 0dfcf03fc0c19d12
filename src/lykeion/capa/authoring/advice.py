"""Lines of the simple syntax that mean something else than they seem to (docs/decisions/0005-markdown.md)."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from lykeion.capa.authoring.marks import Mark
from lykeion.capa.lint.types import Finding, Level
from lykeion.capa.markdown.answers import is_numerical, is_plain_number
from lykeion.capa.markdown.hints import without_hints
from lykeion.capa.types import gettext_noop

_CHOICE: Final = re.compile(r"\s*(\((.{0,3})\))")
_BOX: Final = re.compile(r"\s*(\[(.?)\])(?!\])")
_ANSWER: Final = re.compile(r"=(?!=)\s*(.*)")
_MORE: Final = re.compile(r"or=\s*(.*)")
_FIRST: Final = re.compile(r"s?=")
_BEGINS_AS_NUMBER: Final = re.compile(r"[+-]?\.?[0-9]|pi\b")
_EXPLANATION: Final = re.compile(r"\[explanation\](.*?)\[/?explanation\]", re.IGNORECASE | re.DOTALL)
_MARKS_OF_CHOICES: Final = frozenset("xX!@ ")


def advice(markdown: str) -> tuple[Mark, ...]:
    """What is hardly meant so, by line and letter; see `lykeion.capa.api.check_markdown`."""
    text = markdown.replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    found = [*_lines(lines), *_explanations(text)]
    return tuple(sorted(found, key=lambda mark: (mark.line, mark.start)))


def _mark(line: int, start: int, end: int, kind: str, cause: str, mend: str, **values: object) -> Mark:
    level: Level = "warning"
    return Mark(Finding(line, kind, cause, mend, values, level), line, start, end)


def _lines(lines: Sequence[str]) -> Iterator[Mark]:
    numerical = False  # whether `or=` would belong to a number
    for number, line in enumerate(lines, 1):
        if choice := _CHOICE.match(line):
            yield from _choice(number, choice)
        elif box := _BOX.match(line):
            yield from _box(number, box)
        elif _FIRST.match(line):
            numerical = line.startswith("=") and is_numerical(without_hints(line[1:]))
            yield from _answer(number, line)
        elif numerical and (more := _MORE.match(line)) and not is_plain_number(without_hints(more.group(1))):
            cause = gettext_noop("after a number this line is passed over: {answer} is no plain number")
            mend = gettext_noop(
                "other right numbers have no tolerance and are no ranges: make the first answer a range"
            )
            yield _mark(number, 0, len(line), "dropped", cause, mend, answer=without_hints(more.group(1)))


def _choice(line: int, found: re.Match[str]) -> Iterator[Mark]:
    if not set(found.group(2)) <= _MARKS_OF_CHOICES:
        cause = gettext_noop("{letters} at the beginning of a line makes a choice")
        mend = gettext_noop("write (x) for a right choice and ( ) for a wrong one, or begin the line with a word")
        yield _mark(line, *found.span(1), "choice", cause, mend, letters=found.group(1))


def _box(line: int, found: re.Match[str]) -> Iterator[Mark]:
    if found.group(2) not in ("", " ", "x", "X"):
        cause = gettext_noop("{letters} at the beginning of a line makes a checkbox")
        mend = gettext_noop("write [x] for a right one and [ ] for a wrong one, or begin the line with a word")
        yield _mark(line, *found.span(1), "choice", cause, mend, letters=found.group(1))


def _answer(line: int, text: str) -> Iterator[Mark]:
    """A formula with letters is compared as text."""
    found = _ANSWER.match(text)
    answer = without_hints(found.group(1)) if found else ""
    if _BEGINS_AS_NUMBER.match(answer) and not is_numerical(answer):
        cause = gettext_noop("{answer} has letters: it is compared as text")
        mend = gettext_noop("write a plain number, or s= where text is meant; formulas with letters need XML")
        yield _mark(line, 0, len(text), "text", cause, mend, answer=answer)


def _explanations(text: str) -> Iterator[Mark]:
    for found in _EXPLANATION.finditer(text):
        place = found.group(1).find("]")
        if place >= 0:
            at = found.start(1) + place
            start = at - text.rfind("\n", 0, at) - 1
            cause = gettext_noop("a ] in an explanation makes it plain text that everybody sees")
            yield _mark(text.count("\n", 0, at) + 1, start, start + 1, "bracket", cause, gettext_noop("write &#93;"))
