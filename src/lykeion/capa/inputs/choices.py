"""Radio buttons and checkboxes."""

from dataclasses import dataclass
from html import escape
from typing import Any, ClassVar

from lxml import etree

from lykeion.capa.inputs.base import Input, common, text_value
from lykeion.capa.scope import Part, Scope
from lykeion.capa.source import Element, line_of
from lykeion.capa.types import Expected, ProblemError, View

_NOT_SHOWN = ("choicehint", "compoundhint", "solution")


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose."""

    name: str
    html: str
    explanation_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceGroup(Input):
    """A set of choices of which one (`multiple` False) or several may be taken."""

    options: tuple[Choice, ...]
    multiple: bool = False

    grouped: ClassVar[bool] = True

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
    return ChoiceGroup(**common(part, entry), options=tuple(options), multiple=multiple)
