"""Inputs of one or more lines of text, and the dropdown."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any, Final

from lykeion.capa.inputs.base import Input, common, text_value
from lykeion.capa.inputs.draganddrop import drag_and_drop_input
from lykeion.capa.inputs.jsinput import js_input
from lykeion.capa.inputs.schematic import schematic_input
from lykeion.capa.scope import Part
from lykeion.capa.source import Element
from lykeion.capa.types import Expected, View


@dataclass(frozen=True, slots=True, kw_only=True)
class TextLine(Input):
    """A line of text, a number or a formula."""

    size: int | None = None
    hidden: bool = False
    math: bool = False  # an expression: shown as a formula while it is typed
    trailing_text: str = ""

    def control(self, value: Any, attributes: str, view: View, expected: Expected | None) -> str:
        """A text field; mathematics gets no spelling help from the browser."""
        size = f' size="{self.size}"' if self.size else ""
        quiet = ' autocapitalize="off" autocorrect="off" spellcheck="false" inputmode="text"' if self.math else ""
        unnamed = "" if self.labels.label else f' aria-label="{escape(view.gettext("Your answer"))}"'
        trailing = f' <span class="capa-trailing">{escape(self.trailing_text)}</span>' if self.trailing_text else ""
        kind = "hidden" if self.hidden else "text"
        preview = f'<span class="capa-preview" id="preview_{self.id}" aria-live="polite"></span>' if self.math else ""
        listens = ' data-action="problem#preview"' if self.math else ""
        return (
            f'<span class="capa-line"><input type="{kind}" name="{self.name}" id="{self.name}" '
            f'value="{text_value(value)}" autocomplete="off"{size}{quiet}{listens}{unnamed}{attributes}>'
            f"{trailing}{preview}</span>"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TextBox(Input):
    """Several lines of text or program code."""

    rows: int = 30
    columns: int = 80
    hidden: bool = False

    def control(self, value: Any, attributes: str, view: View, expected: Expected | None) -> str:
        """A text area."""
        unnamed = "" if self.labels.label else f' aria-label="{escape(view.gettext("Your answer"))}"'
        return (
            f'<textarea name="{self.name}" id="{self.name}" rows="{self.rows}" cols="{self.columns}" '
            f'spellcheck="false"{unnamed}{attributes}>{text_value(value)}</textarea>'
        )


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
        unnamed = "" if self.labels.label else f' aria-label="{escape(view.gettext("Your answer"))}"'
        lines = [f'<option value="">{escape(view.gettext("Select an option"))}</option>']
        for option in self.options:
            text = escape(option)
            lines.append(f'<option value="{text}"{" selected" if option == value else ""}>{text}</option>')
        return f'<select name="{self.name}" id="{self.name}"{unnamed}{attributes}>{"".join(lines)}</select>'


_OTHERS: Final[Mapping[str, Callable[[Part, Element], Input]]] = {
    "drag_and_drop_input": drag_and_drop_input,
    "jsinput": js_input,
    "schematic": schematic_input,
}


def text_line(part: Part, entry: Element) -> Input:
    """A textline, formulaequationinput or another single-line input, a text box, or what stands in place of one."""
    if (build := _OTHERS.get(str(entry.tag))) is not None:
        return build(part, entry)
    if entry.tag in ("textbox", "codeinput", "matlabinput"):
        return _text_box(part, entry)
    math = entry.tag == "formulaequationinput" or part.tag in ("numericalresponse", "formularesponse")
    return TextLine(
        **common(part, entry),
        size=_whole_number(entry.get("size"), 20 if entry.tag == "formulaequationinput" else None),
        hidden=_flag(entry, "hidden"),
        math=math or _flag(entry, "math"),
        trailing_text=part.scope.substitute(entry.get("trailing_text", "")),
    )


def _text_box(part: Part, entry: Element) -> TextBox:
    return TextBox(
        **common(part, entry),
        rows=_whole_number(entry.get("rows"), 30) or 30,
        columns=_whole_number(entry.get("cols"), 80) or 80,
        hidden=_flag(entry, "hidden"),
    )


def _flag(entry: Element, name: str) -> bool:
    return entry.get(name, "").lower() not in ("", "false", "0", "none", "no")


def _whole_number(text: str | None, otherwise: int | None) -> int | None:
    """A size as the author wrote it; a slip in a size is no reason to hide the question."""
    return int(text) if text is not None and text.isdecimal() and 0 < int(text) < 1000 else otherwise
