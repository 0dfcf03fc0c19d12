"""Radio buttons and checkboxes."""

from dataclasses import dataclass
from html import escape
from typing import Any, ClassVar

from lxml import etree

from lykeion.capa.inputs.base import Input, common, status_of, text_value
from lykeion.capa.scope import Part, Scope
from lykeion.capa.source import Element, line_of
from lykeion.capa.types import Expected, InputResult, ProblemError, View

_NOT_SHOWN = ("choicehint", "compoundhint", "solution")


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose."""

    name: str
    html: str
    explanation_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices(Input):
    """Things to choose from, whose verdict the author may keep back."""

    shows_correctness: bool = True  # False: only that an answer came, in the author's words
    submitted_message: str = ""

    grouped: ClassVar[bool] = True

    def status(self, result: InputResult | None, view: View) -> str:
        """The verdict, unless the author keeps it back."""
        return status_of(result, view) if self.shows_correctness else "unanswered"

    def received(self, value: Any, view: View) -> str:
        """What is said instead of a verdict kept back."""
        if self.shows_correctness or not (value or self.id in view.correct_map):
            return ""
        return f'<div class="capa-received">{self.submitted_message or escape(view.gettext("Answer received."))}</div>'


def verdict_of(part: Part, entry: Element) -> dict[str, Any]:
    """The arguments that every kind of Choices takes besides those of every Input."""
    return {
        "shows_correctness": entry.get("show_correctness", "always") != "never",
        "submitted_message": part.scope.substitute(entry.get("submitted_message", "")),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceGroup(Choices):
    """A set of choices of which one (`multiple` False) or several may be taken."""

    options: tuple[Choice, ...]
    multiple: bool = False

    def choices(self) -> tuple[tuple[str, str], ...]:
        """Name and HTML of each choice, in the order shown."""
        return tuple((choice.name, choice.html) for choice in self.options)

    def value_text(self, value: Any) -> Any:
        """The words of the chosen."""
        words = dict(self.choices())
        if isinstance(value, list):
            return [words.get(str(name), name) for name in value]
        return words.get(value, value) if isinstance(value, str) else value

    def control(self, value: Any, attributes: str, view: View, expected: Expected | None) -> str:
        """One label a choice; the right ones are marked when answers are shown."""
        return self._choices(value, view, expected) + self.received(value, view)

    def _choices(self, value: Any, view: View, expected: Expected | None) -> str:
        chosen = value if isinstance(value, list) else [value]
        kind, suffix = ("checkbox", "[]") if self.multiple else ("radio", "")
        right = expected if isinstance(expected, list) else []
        mark = f'<span class="capa-choice__mark">{escape(view.gettext("Correct answer"))}</span>' if right else ""
        lines = []
        for choice in self.options:
            name = text_value(choice.name)
            checked = " checked" if choice.name in chosen else ""
            is_right = choice.name in right
            lines.append(
                f'<label class="capa-choice{" is-answer" if is_right else ""}"><input type="{kind}" '
                f'name="{self.name}{suffix}" id="{self.name}_{name}" value="{name}"{checked}>'
                f'<span class="capa-choice__text">{choice.html}</span>{mark if is_right else ""}</label>'
            )
        return "".join(lines)


def choice_elements(part: Part, entry: Element) -> list[Element]:
    """The `<choice>` children; anything else in a group is the author's slip, but for hints for several choices."""
    choices = []
    for child in entry:
        if child.tag == "choice":
            choices.append(child)
        elif child.tag != "compoundhint":
            raise ProblemError(f"<{entry.tag}> may have <choice> inside, not <{child.tag}>.", line_of(child))
    return choices


def choice_html(scope: Scope, choice: Element) -> str:
    """What a choice shows: its content without the hints in it."""
    parts = [escape(choice.text or "", quote=False)]
    for child in choice:
        if child.tag not in _NOT_SHOWN:
            parts.append(etree.tostring(child, encoding="unicode", method="html", with_tail=False))
        parts.append(escape(child.tail or "", quote=False))
    return scope.substitute("".join(parts)).strip()


def choice_group(part: Part, entry: Element, options: list[Choice], *, multiple: bool) -> ChoiceGroup:
    """The input for these choices in this order."""
    return ChoiceGroup(**common(part, entry), **verdict_of(part, entry), options=tuple(options), multiple=multiple)
