"""What a question of the visual editor still lacks, in the words of that editor."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from lykeion.capa.authoring.types import (
    Body,
    Dropdown,
    MultiSelect,
    Number,
    Question,
    SimpleProblem,
    SingleSelect,
    Text,
)
from lykeion.capa.authoring.write import to_xml
from lykeion.capa.lint.answers import numbers
from lykeion.capa.lint.types import Finding
from lykeion.capa.source import read
from lykeion.capa.types import gettext_noop


@dataclass(frozen=True, slots=True)
class Concern:
    """A finding about one question, by its place (from 0)."""

    question: int
    finding: Finding


def concerns(problem: SimpleProblem) -> tuple[Concern, ...]:
    """What learners would stumble over; see `lykeion.capa.api.visual_concerns`."""
    return tuple(
        Concern(place, finding) for place, question in enumerate(problem.questions) for finding in _of(question)
    )


def _found(kind: str, cause: str, mend: str, **values: object) -> Finding:
    return Finding(None, kind, cause, mend, values)


def _of(question: Question) -> Iterator[Finding]:
    if not question.label:
        mend = gettext_noop("write it in the first field: people who listen to the page hear it with the answer")
        yield Finding(None, "label", gettext_noop("nothing says what is asked"), mend, {}, "access")
    yield from _of_body(question.body)


def _of_body(body: Body) -> Iterator[Finding]:
    if isinstance(body, SingleSelect | MultiSelect | Dropdown):
        yield from _choices(body)
    elif isinstance(body, Number):
        yield from _number(body)
    else:
        yield from _text(body)


def _choices(body: SingleSelect | MultiSelect | Dropdown) -> Iterator[Finding]:
    if isinstance(body, Dropdown):
        rows = [(option.text, option.correct) for option in body.options]
    else:
        rows = [(choice.html, choice.correct) for choice in body.choices]
    if len(rows) < 2:
        cause = gettext_noop("there is nothing to choose between")
        yield _found("no-choices", cause, gettext_noop("add another answer"))
    if not any(correct for _, correct in rows):
        yield _found(
            "no-right-choice", gettext_noop("no answer is marked as right"), gettext_noop("mark the right one")
        )
    for place, (words, _) in enumerate(rows, 1):
        if not words:
            mend = gettext_noop("write it, or remove it")
            yield _found("empty", gettext_noop("answer {place} is empty"), mend, place=place)
    for words, count in Counter(words for words, _ in rows if words).items():
        if count > 1:
            cause = gettext_noop("two answers read {words}")
            yield _found("duplicate", cause, gettext_noop("give each its own words"), words=words)
    if isinstance(body, MultiSelect):
        yield from _combinations(body)


def _combinations(body: MultiSelect) -> Iterator[Finding]:
    letters = [chr(ord("A") + place) for place in range(len(body.choices))]
    for group in body.combinations:
        unknown = [letter for letter in group.letters if letter not in letters]
        if unknown or not group.letters:
            cause = gettext_noop("feedback for several answers names {unknown}, which are not there")
            mend = gettext_noop("the answers are {letters}")
            named = " ".join(unknown) or "?"
            yield _found("hint", cause, mend, unknown=named, letters=" ".join(letters))


def _number(body: Number) -> Iterator[Finding]:
    """As the checks of XML have it, which knows all that an answer may be."""
    if not body.answer:
        yield _found("empty", gettext_noop("the right answer is missing"), gettext_noop("write a number"))
        return
    root = read(to_xml(SimpleProblem((Question(body),))))
    for finding in numbers(root):
        yield Finding(None, finding.kind, finding.cause, finding.mend, finding.values, finding.level)


def _text(body: Text) -> Iterator[Finding]:
    if not body.answer:
        yield _found("empty", gettext_noop("the right answer is missing"), gettext_noop("write a word or a few"))
    patterns = [body.answer, *(other.answer for other in body.more)] if body.regexp else []
    for pattern in [*patterns, *(other.answer for other in body.wrong if other.regexp)]:
        try:
            re.compile(pattern)
        except re.error as error:
            cause = gettext_noop("{pattern} is no regular expression: {error}")
            mend = gettext_noop("mend it, or compare as plain text")
            yield _found("answer", cause, mend, pattern=pattern, error=str(error))
