"""One of several words, from a list that opens."""

from dataclasses import dataclass
from html import escape
from typing import Any

from lykeion.capa.inputs.base import Input
from lykeion.capa.types import Expected, View


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropdown(Input):
    """One of several words."""

    options: tuple[str, ...]

    def choices(self) -> tuple[tuple[str, str], ...]:
        """Each option: its value and its HTML."""
        return tuple((option, escape(option)) for option in self.options)

    def expected_html(self, expected: str) -> str:
        """The right word; options are plain text."""
        return escape(expected)

    def control(self, value: Any, attributes: str, view: View, expected: Expected | None) -> str:
        """A select with an empty first line."""
        unnamed = self.unnamed(view.gettext("Your answer"))
        lines = [f'<option value="">{escape(view.gettext("Select an option"))}</option>']
        for option in self.options:
            text = escape(option)
            lines.append(f'<option value="{text}"{" selected" if option == value else ""}>{text}</option>')
        return f'<select name="{self.name}" id="{self.name}"{unnamed}{attributes}>{"".join(lines)}</select>'
