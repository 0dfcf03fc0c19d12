"""What all inputs share: their names, their verdict, the HTML around them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, ClassVar, Final

from lykeion.capa.inputs.attributes import flag
from lykeion.capa.scope import Labels, Part
from lykeion.capa.source import MAX_POINTS, Element, line_of, points
from lykeion.capa.types import Expected, InputFacts, InputResult, ProblemError, UploadedFile, View, gettext_noop

STATUS_WORDS: Final[Mapping[str, str]] = {
    "correct": gettext_noop("Correct"),
    "partially-correct": gettext_noop("Partially correct"),
    "incorrect": gettext_noop("Incorrect"),
    "incomplete": gettext_noop("Incomplete"),
    "queued": gettext_noop("Processing"),
    "submitted": gettext_noop("Submitted"),
    "unanswered": gettext_noop("Unanswered"),
}
WAITING: Final = gettext_noop(
    "Your answer has been submitted. As soon as your submission is graded, this message will be replaced with the "
    "grader's feedback."
)
_ICONS: Final[Mapping[str, str]] = {
    "correct": '<path d="M4 12.5 9.5 18 20 6.5"/>',
    "partially-correct": '<path d="M4 12h16M12 4v16"/>',
    "incorrect": '<path d="M6 6l12 12M18 6 6 18"/>',
    "submitted": '<path d="M4 12.5 9.5 18 20 6.5"/>',
    "queued": '<circle cx="12" cy="12" r="8"/><path d="M12 7v5l3 3"/>',
    "incomplete": '<circle cx="12" cy="12" r="8"/><path d="M12 7v5l3 3"/>',
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One thing to fill in. Subclasses add what their kind needs and write `control`."""

    tag: str
    id: str
    response_tag: str
    points: int
    labels: Labels
    inline: bool = False  # stands in a line of text

    grouped: ClassVar[bool] = False  # True: a set of controls in a fieldset, named by a legend

    @property
    def name(self) -> str:
        """The name of the form field."""
        return f"input_{self.id}"

    def check_files(self, files: Sequence[UploadedFile]) -> None:
        """Raises AnswerError for files that may not be handed in here."""

    def facts(self) -> InputFacts:
        """What reports say about this input."""
        return InputFacts(self.id, self.response_tag, self.tag, self.points, self.labels.label, self.choices())

    def choices(self) -> tuple[tuple[str, str], ...]:
        """Name and HTML of each choice, in the order shown."""
        return ()

    def value_text(self, value: Any) -> Any:
        """The answer as a reader of reports wants to see it."""
        return value

    def expected_html(self, expected: str) -> str:
        """The right answer as HTML; authors may write HTML in theirs."""
        return expected

    def control(self, value: Any, attributes: str, view: View, expected: Expected | None) -> str:
        """The HTML of the form control itself; `attributes` go on the control (or on each of a group)."""
        raise NotImplementedError

    def hints(self) -> tuple[str, ...]:
        """Ids of what the control says about how to use it."""
        return ()

    def status(self, result: InputResult | None, view: View) -> str:
        """The word for its state that is shown."""
        return status_of(result, view)

    def render(self, view: View, expected: Expected | None = None) -> str:
        """Label, descriptions, control, verdict, feedback."""
        result = view.correct_map.get(self.id)
        status = self.status(result, view)
        described = " ".join([f"status_{self.id}", *(id_ for id_, _ in self.labels.descriptions), *self.hints()])
        attributes = f' aria-describedby="{described}"' + (" disabled" if view.disabled else "")
        control = self.control(view.answers.get(self.id), "" if self.grouped else attributes, view, expected)
        naming = self._group(control, attributes) if self.grouped else self._labelled(control)
        inline = " inline" if self.inline else ""
        return (
            f'<div class="capa-input capa-input--{self.tag}{inline} {status}" id="inputtype_{self.id}">{naming}'
            f"{status_html(self.id, status, view)}{message_html(result, view)}"
            f"{self._answer_html(expected, view)}</div>"
        )

    def _answer_html(self, expected: Expected | None, view: View) -> str:
        """The right answer, where it is asked for and allowed."""
        if not isinstance(expected, str):
            return f'<div class="capa-answer" id="answer_{self.id}" hidden></div>'
        label, answer = escape(view.gettext("Answer:")), self.expected_html(expected)
        return f'<div class="capa-answer" id="answer_{self.id}"><strong>{label}</strong> {answer}</div>'

    def _group(self, control: str, attributes: str) -> str:
        legend = f"<legend>{self.labels.label}</legend>" if self.labels.label else ""
        return f"<fieldset{attributes}>{legend}{self._descriptions()}{control}</fieldset>"

    def _labelled(self, control: str) -> str:
        label = f'<label class="capa-label" for="{self.name}">{self.labels.label}</label>' if self.labels.label else ""
        return f"{label}{self._descriptions()}{control}"

    def unnamed(self, words: str) -> str:
        """The attribute that names a control for which the author wrote no label."""
        return "" if self.labels.label else f' aria-label="{escape(words)}"'

    def _descriptions(self) -> str:
        return "".join(f'<p class="capa-description" id="{id_}">{html}</p>' for id_, html in self.labels.descriptions)


def status_of(result: InputResult | None, view: View) -> str:
    """The word for the state of an input, as far as this view may tell it."""
    if not view.statuses:
        return "submitted" if view.submitted and result is not None else "unanswered"
    if result is None:
        return "unanswered"
    return "queued" if result.correctness == "incomplete" and result.queuestate else result.correctness


def status_html(input_id: str, status: str, view: View) -> str:
    """The verdict as icon and word; empty, but there, while there is none."""
    if status == "unanswered":
        return f'<p class="capa-status" id="status_{input_id}"></p>'
    word = escape(view.gettext(STATUS_WORDS.get(status, status)))
    icon = _ICONS.get(status, "")
    return (
        f'<p class="capa-status {status}" id="status_{input_id}">'
        f'<svg class="capa-icon" viewBox="0 0 24 24" aria-hidden="true">{icon}</svg>{word}</p>'
    )


def status_icon(status: str) -> str:
    """The paths of the icon for a verdict; '' where there is none."""
    return _ICONS.get(status, "")


def message_html(result: InputResult | None, view: View) -> str:
    """The author's feedback to the answer. It is HTML by design: authors write it, and their code makes it."""
    if result is None or not view.statuses:
        return ""
    parts = []
    if result.queuestate:
        parts.append(f'<div class="message">{escape(view.gettext(WAITING))}</div>')
    if result.msg and not _is_only_queued(result):
        parts.append(f'<div class="message">{result.msg}</div>')
    if result.hint and result.hintmode in ("always", None):
        parts.append(f'<div class="capa-hint">{result.hint}</div>')
    return "".join(parts)


def _is_only_queued(result: InputResult) -> bool:
    """Whether the message is what a queue said when it took the answer (Open edX keeps the queue's length)."""
    return result.queuestate is not None and (result.msg == "queued" or result.msg.isdecimal())


def common(part: Part, entry: Element) -> dict[str, Any]:
    """The arguments that every Input takes."""
    id_ = str(entry.get("id"))
    try:
        worth = points(entry)
    except ValueError as error:
        raise ProblemError(
            f'<{entry.tag}> has points="{entry.get("points")}"; points must be a whole number, at most {MAX_POINTS}.',
            line_of(entry),
        ) from error
    return {
        "tag": str(entry.tag),
        "id": id_,
        "response_tag": part.tag,
        "points": worth,
        "labels": part.labels.get(id_, Labels()),
        "inline": flag(entry, "inline"),
    }


def text_value(value: Any) -> str:
    """An answer as text for an HTML attribute, escaped; also its slashes where the host would see an author's link
    (`"/static/x"`) and write another address in its place."""
    if value is None:
        return ""
    text = escape(value if isinstance(value, str) else str(value)).replace("&quot;/", "&quot;&#47;")
    return f"&#47;{text[1:]}" if text.startswith("/") else text
