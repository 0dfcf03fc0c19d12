"""Choices with fields for numbers in them."""

from dataclasses import dataclass
from html import escape
from typing import Any, Final

from lxml import etree

from lykeion.capa.inputs.base import common, text_value
from lykeion.capa.inputs.choices import Choices, verdict_of
from lykeion.capa.scope import Part
from lykeion.capa.source import Element, text_of
from lykeion.capa.types import Expected, View

FIELDS: Final = ("numtolerance_input", "decoy_input")


@dataclass(frozen=True, slots=True)
class TextChoice:
    """A choice: fixed HTML, with the names of the fields that stand between its pieces."""

    name: str
    pieces: tuple[str, ...]
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceTextInput(Choices):
    """Radio buttons or checkboxes with fields."""

    options: tuple[TextChoice, ...]
    multiple: bool

    def choices(self) -> tuple[tuple[str, str], ...]:
        """Name and fixed HTML of each choice."""
        return tuple((choice.name, "".join(choice.pieces)) for choice in self.options)

    def control(self, value: Any, attributes: str, view: View, expected: Expected | None) -> str:
        """One line a choice. The fields stand beside the label, not in it, so that each has a name of its own."""
        kept = value if isinstance(value, dict) else {}
        right = expected if isinstance(expected, list) else []
        return "".join(
            f'<div class="capa-choice{" is-answer" if choice.name in right else ""}" data-controller="textchoice" '
            f'data-action="input->textchoice#choose">{self._button(choice, kept)}'
            f'<span class="capa-choice__text">{self._text(choice, kept, view)}</span></div>'
            for choice in self.options
        ) + self.received(value, view)

    def _button(self, choice: TextChoice, kept: dict[str, Any]) -> str:
        name = text_value(choice.name)
        checked = " checked" if choice.name in kept or kept.get("choice") == choice.name else ""
        kind, field = ("checkbox", choice.name) if self.multiple else ("radio", "choice")
        label = escape(text_of(etree.HTML(f"<p>{''.join(choice.pieces)}</p>")).strip())
        return (
            f'<input type="{kind}" name="{self.name}{{{text_value(field)}}}" value="{name}" id="{name}"{checked} '
            f'aria-label="{label}">'
        )

    def _text(self, choice: TextChoice, kept: dict[str, Any], view: View) -> str:
        parts = [choice.pieces[0]]
        label = escape(view.gettext("Number"))
        for field, piece in zip(choice.fields, choice.pieces[1:], strict=True):
            name = text_value(field)
            parts.append(
                f'<input type="text" name="{self.name}{{{name}}}" id="{name}" size="8" autocomplete="off" '
                f'aria-label="{label}" value="{text_value(kept.get(field))}">{piece}'
            )
        return "".join(parts)


def choice_text_input(part: Part, entry: Element) -> ChoiceTextInput:
    """Read choices with their fields."""
    arguments = common(part, entry) | verdict_of(part, entry)
    options = tuple(
        _choice(part, f"{arguments['id']}_choiceinput_{index}", choice)
        for index, choice in enumerate(entry.findall("choice"))
    )
    return ChoiceTextInput(**arguments, options=options, multiple=entry.tag == "checkboxtextgroup")


def fields_of(choice: Element) -> list[Element]:
    """The fields of a choice: right inside it, not deeper."""
    return [child for child in choice if child.tag in FIELDS]


def _choice(part: Part, stem: str, choice: Element) -> TextChoice:
    pieces = [escape(choice.text or "", quote=False)]
    fields: list[str] = []
    for child in choice:
        tail = escape(child.tail or "", quote=False)
        if child.tag in FIELDS:
            fields.append(f"{stem}_numtolerance_input_{len(fields)}")
            pieces.append(tail)
        else:
            pieces[-1] += etree.tostring(child, encoding="unicode", method="html", with_tail=False) + tail
    return TextChoice(f"{stem}bc", tuple(part.scope.substitute(piece) for piece in pieces), tuple(fields))
