"""A box for MATLAB programs, which can be run before they are submitted: matlabinput."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from html import escape
from typing import Any

from lykeion.capa.inputs.base import status_of
from lykeion.capa.inputs.code import TextBox, code_input
from lykeion.capa.scope import Part
from lykeion.capa.source import Element
from lykeion.capa.types import Expected, View


@dataclass(frozen=True, slots=True, kw_only=True)
class MatlabBox(TextBox):
    """`plot_payload` goes with each test run. What a run answered is in the input's state (inputtypes.py)."""

    plot_payload: str | None = None

    def control(self, value: Any, attributes: str, view: View, expected: Expected | None) -> str:
        """The box; below it the button to run what is in it, and what the last run said."""
        box = TextBox.control(self, value, attributes, view, expected)
        state = view.input_state.get(self.id, {})
        waits = state.get("queuestate") == "queued"
        said = escape(view.gettext("Your program is being run.")) if waits else str(state.get("queue_msg") or "")
        return f'{box}{self._button(view)}<div class="capa-run" aria-live="polite">{said}</div>'

    def _button(self, view: View) -> str:
        """Not there once the answer was graded."""
        graded = status_of(view.correct_map.get(self.id), view) in ("correct", "incorrect", "partially-correct")
        if graded or not view.url:
            return ""
        return (
            f'<button type="submit" class="button" formnovalidate formaction="{escape(view.url)}/input_ajax" '
            f'data-dispatch="input_ajax" name="plot" value="{self.id}">{escape(view.gettext("Run code"))}</button>'
        )


def matlab_input(part: Part, entry: Element) -> MatlabBox:
    """Read the size of the box, and the author's word to the program that runs it."""
    box = code_input(part, entry)
    same: Mapping[str, Any] = {one.name: getattr(box, one.name) for one in fields(box)}
    return MatlabBox(**same, plot_payload=entry.findtext("plot_payload"))
