"""A line of text, a number or a formula."""

from dataclasses import dataclass
from html import escape
from typing import Any, ClassVar

from lykeion.capa.calc import CalcError
from lykeion.capa.calc.latex import to_latex
from lykeion.capa.inputs.attributes import flag, whole_number
from lykeion.capa.inputs.base import Input, common, text_value
from lykeion.capa.scope import Part
from lykeion.capa.source import Element
from lykeion.capa.types import Expected, View

_QUIET = ' autocapitalize="off" autocorrect="off" spellcheck="false" inputmode="text"'


@dataclass(frozen=True, slots=True, kw_only=True)
class TextLine(Input):
    """A line of text, a number or a formula."""

    size: int | None = None
    hidden: bool = False
    math: bool = False  # an expression: shown as a formula while it is typed
    trailing_text: str = ""

    preview: ClassVar[str] = "preview_formcalc"  # the dispatch that reads what is typed

    def reading(self, value: str) -> str:
        """What is shown beside the field for a value: HTML; '' where it says nothing new."""
        if value.strip(" 0123456789.,+-") == "":
            return ""  # a plain number reads like itself
        try:
            return rf"\({escape(to_latex(value))}\)"
        except (CalcError, RecursionError):
            return ""

    def control(self, value: Any, attributes: str, view: View, expected: Expected | None) -> str:
        """A text field; mathematics gets no spelling help from the browser."""
        if self.hidden:
            return f'<input type="hidden" name="{self.name}" id="{self.name}" value="{text_value(value)}">'
        size = f' size="{self.size}"' if self.size else ""
        trailing = f' <span class="capa-trailing">{escape(self.trailing_text)}</span>' if self.trailing_text else ""
        quiet = _QUIET if self.math else ""
        unnamed = self.unnamed(view.gettext("Your answer"))
        field = (
            f'<input type="text" name="{self.name}" id="{self.name}" value="{text_value(value)}" '
            f'autocomplete="off"{size}{quiet}{self._listening()}{unnamed}{attributes}>'
        )
        if not self.math:
            return f'<span class="capa-line">{field}{trailing}</span>'
        return f'<span class="capa-line"{self._previewing(view)}>{field}{trailing}{self._place(value)}</span>'

    def _listening(self) -> str:
        return ' data-preview-target="field" data-action="preview#read"' if self.math else ""

    def _previewing(self, view: View) -> str:
        """What the script that shows formulas needs to know."""
        shown, unread = view.gettext("The preview below the field shows how it is read."), self.unread(view)
        return (
            f' data-controller="preview" data-preview-dispatch-value="{self.preview}" '
            f'data-preview-shown-value="{escape(shown)}" data-preview-unread-value="{escape(unread)}"'
        )

    def unread(self, view: View) -> str:
        """What is said of a text that cannot be read, or not yet."""
        return view.gettext("This cannot be read as a formula yet.")

    def _place(self, value: Any) -> str:
        shown = self.reading(value) if isinstance(value, str) else ""
        return f'<span class="capa-preview" id="preview_{self.id}" data-preview-target="place">{shown}</span>'


def line_input(part: Part, entry: Element) -> TextLine:
    """A textline or formulaequationinput."""
    math = entry.tag == "formulaequationinput" or part.tag in ("numericalresponse", "formularesponse")
    return TextLine(
        **common(part, entry),
        size=whole_number(entry.get("size"), 20 if entry.tag == "formulaequationinput" else None),
        hidden=flag(entry, "hidden"),
        math=math or flag(entry, "math"),
        trailing_text=part.scope.substitute(entry.get("trailing_text", "")),
    )
