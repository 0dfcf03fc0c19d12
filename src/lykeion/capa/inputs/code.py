"""Several lines of text or program code."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any, Final

from lykeion.capa.inputs.attributes import flag, whole_number
from lykeion.capa.inputs.base import Input, common, text_value
from lykeion.capa.scope import Part
from lykeion.capa.source import Element, text_of
from lykeion.capa.types import Expected, View

_MODES: Final[Mapping[str, tuple[str, ...]]] = {
    "python": ("python2", "python3", "text/x-python", "py"),
    "javascript": ("js", "text/javascript", "application/javascript", "json", "typescript"),
    "java": ("text/x-java", "java-clike"),
    "c": ("text/x-csrc", "clike"),
    "cpp": ("c++", "text/x-c++src"),
    "sql": ("text/x-sql", "mysql", "text/x-mysql"),
    "octave": ("matlab", "text/x-octave"),
    "r": ("text/x-rsrc",),
    "xml": ("text/xml", "application/xml"),
    "html": ("text/html", "htmlmixed"),
    "css": ("text/css",),
    "shell": ("bash", "sh", "text/x-sh"),
    "haskell": ("text/x-haskell",),
    "ruby": ("text/x-ruby",),
    "go": ("golang", "text/x-go"),
}
MODES: Final = tuple(_MODES)
"""The languages that the editor colours; anything else is plain text."""
_CANONICAL: Final = {name: mode for mode, others in _MODES.items() for name in (mode, *others)}
_LARGEST_TAB = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class TextBox(Input):
    """A text area, with an editor for programs in front of it where scripts run."""

    rows: int = 30
    columns: int = 80
    hidden: bool = False
    mode: str = "plain"
    line_numbers: bool = True
    tab_size: int = 4
    initial: str = ""  # stands there before anything is written

    def hints(self) -> tuple[str, ...]:
        """The way out of the editor."""
        return () if self.hidden else (f"leave_{self.id}",)

    def control(self, value: Any, attributes: str, view: View, expected: Expected | None) -> str:
        """The text area. A line end goes before the text, because HTML takes the first one away."""
        text = text_value(value or self.initial)
        area = (
            f'<textarea name="{self.name}" id="{self.name}" rows="{self.rows}" cols="{self.columns}" dir="ltr" '
            f'spellcheck="false" autocapitalize="off" autocomplete="off" data-code-target="source" '
            f'data-action="problem:filled->code#read"{" hidden" if self.hidden else ""}'
            f"{self.unnamed(view.gettext('Your answer'))}{attributes}>\n{text}</textarea>"
        )
        return area if self.hidden else f"<div{self._editor()}>{area}{self._way_out(view)}</div>"

    def _editor(self) -> str:
        numbers = str(self.line_numbers).lower()
        return (
            f' class="capa-code" data-controller="code" data-code-mode-value="{self.mode}" '
            f'data-code-tab-value="{self.tab_size}" data-code-numbers-value="{numbers}" style="--rows: {self.rows}"'
        )

    def _way_out(self, view: View) -> str:
        words = view.gettext("Tab indents. To leave the editor by keyboard, press Escape, then Tab.")
        return f'<p class="capa-description" id="leave_{self.id}" data-code-target="hint" hidden>{escape(words)}</p>'


def code_input(part: Part, entry: Element) -> TextBox:
    """A textbox, codeinput or matlabinput."""
    asked = "octave" if entry.tag == "matlabinput" else entry.get("mode", "python").strip().lower()
    return TextBox(
        **common(part, entry),
        rows=whole_number(entry.get("rows"), 30) or 30,
        columns=whole_number(entry.get("cols"), 80) or 80,
        hidden=flag(entry, "hidden"),
        mode=_CANONICAL.get(asked, "plain"),
        line_numbers=flag(entry, "linenumbers", otherwise=True),
        tab_size=min(whole_number(entry.get("tabsize"), 4) or 4, _LARGEST_TAB),
        initial=part.scope.substitute(_initial(part, entry)),
    )


def _initial(part: Part, entry: Element) -> str:
    """The text inside the input (inputtypes.py:CodeInput), else what the question says to begin with."""
    text = (entry.text or "").strip()  # not that of elements in it, such as what goes with a test run
    if text:
        return text
    display = part.element.find("codeparam/initial_display")
    return "" if display is None else text_of(display).strip()
