"""Answers that are one JSON text, put together with several controls.

The text is the form's field, as it has always been posted. Where scripts run, the controls stand in front of it and
write it; where none run, the text itself can be written.
"""

from dataclasses import dataclass
from html import escape
from typing import Any, ClassVar

from lykeion.capa.inputs.base import Input, text_value
from lykeion.capa.types import Expected, View


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed(Input):
    """Subclasses say which script part puts the text together (`kind`), and write its controls."""

    grouped: ClassVar[bool] = True
    kind: ClassVar[str]
    example: ClassVar[str]  # of the posted text

    def controls(self, view: View) -> str:
        """The controls, without names: only the text is posted."""
        raise NotImplementedError

    def settings(self) -> str:
        """Attributes that tell the script what the author wrote."""
        return ""

    def control(self, value: Any, attributes: str, view: View, expected: Expected | None) -> str:
        """The text with an example; behind it, until a script shows them, the controls."""
        words = view.gettext("Your answer, written like this: {example}").format(example=self.example)
        return (
            f'<div class="capa-composed" data-controller="composed" data-composed-kind-value="{self.kind}"'
            f'{self.settings()}><div data-composed-target="raw"><label class="capa-label" for="{self.name}">'
            f'{escape(words)}</label><input type="text" name="{self.name}" id="{self.name}" '
            f'value="{text_value(value)}" autocomplete="off" spellcheck="false" '
            f'data-composed-target="text" data-action="problem:filled->composed#read"></div>'
            f'<div class="capa-composed__form" data-composed-target="form" data-action="input->composed#write '
            f'change->composed#write" hidden>{self.controls(view)}</div></div>'
        )


def field(label: str, control: str) -> str:
    """A control inside its label; `label` is plain text."""
    return f'<label class="capa-field"><span>{escape(label)}</span>{control}</label>'


def select(attributes: str, options: list[tuple[str, str]]) -> str:
    """A select without a name; options are values with their plain words."""
    lines = "".join(f'<option value="{escape(value)}">{escape(words)}</option>' for value, words in options)
    return f"<select {attributes}>{lines}</select>"
