"""Feedback for an answer: its HTML (exactly Open edX's, since authors' styles hang on it) and its event."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, Final

from lxml import etree

from lykeion.capa.source import Element
from lykeion.capa.types import HintEvent

DEFAULT_LABELS: Final = {True: "Correct:", False: "Incorrect:"}


def inner_html(element: Element) -> str:
    """What is inside an element, as XML text, stripped."""
    parts = [escape(element.text or "", quote=False)]
    parts.extend(etree.tostring(child, encoding="unicode") for child in element)
    return "".join(parts).strip()


def inner_text(element: Element) -> str:
    """The text before the first child, stripped and escaped: all that some hints show (Open edX's rule)."""
    return escape((element.text or "").strip(), quote=False)


class Hint:
    """A hint of the author's: its HTML, and the label if one is given ('' for no label, None for the usual one)."""

    __slots__ = ("html", "label")

    def __init__(self, element: Element, html: str | None = None) -> None:
        self.html = inner_html(element) if html is None else html
        self.label = element.get("label")


def feedback(
    *,
    part_id: str,
    question_type: str,
    correct: bool,
    student_answer: Sequence[Any],
    texts: Sequence[Mapping[str, Any]],
    label: str | None = None,
    multiline: bool = False,
    choice_all: Sequence[str] | None = None,
) -> tuple[str, HintEvent | None]:
    """The HTML and the event of one feedback; ('', None) when there is nothing to say."""
    texts = [text for text in texts if text["text"]]
    if not texts:
        return "", None
    label = DEFAULT_LABELS[correct] if label is None else label
    event = HintEvent(
        part_id=part_id,
        trigger_type="compound" if choice_all is not None and not multiline else "single",
        label=label,
        hints=tuple(texts),
        correct=correct,
        student_answer=tuple(student_answer),
        question_type=question_type,
        choice_all=None if choice_all is None else tuple(choice_all),
    )
    return _html(correct, label, [text["text"] for text in texts], multiline), event


def feedback_on_choice(
    hints: Mapping[str, Hint], chosen: Any, *, part_id: str, question_type: str, correct: bool
) -> tuple[str, HintEvent | None]:
    """The HTML and the event of the hint that belongs to the one choice `chosen`; ('', None) when it has none."""
    hint = hints.get(chosen) if isinstance(chosen, str) else None
    if hint is None:
        return "", None
    return feedback(
        part_id=part_id,
        question_type=question_type,
        correct=correct,
        student_answer=[chosen],
        texts=[{"text": hint.html}],
        label=hint.label,
    )


def _html(correct: bool, label: str, texts: Sequence[str], multiline: bool) -> str:
    label_html = f'<span class="hint-label">{escape(label, quote=False)} </span>' if label else ""
    hints = "".join(f'<div class="hint-text">{text}</div>' for text in texts)
    if multiline:
        hints = f'<div class="feedback-hint-multi">{hints}</div>'
    kind = "correct" if correct else "incorrect"
    return f'<div class="feedback-hint-{kind}"><div class="explanation-title">Answer</div>{label_html}{hints}</div>'
