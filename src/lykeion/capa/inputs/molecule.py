"""A molecule as a MOL file: editamoleculeinput.

The original drew molecules in a program of others and posted their MOL text with lines about them. Here the MOL text,
from any drawing program, is put in a field; the author's own molecule can be fetched as a beginning.
"""

from dataclasses import dataclass
from html import escape
from typing import ClassVar

from lykeion.capa.inputs.base import common
from lykeion.capa.inputs.composed import Composed, field
from lykeion.capa.scope import Part
from lykeion.capa.source import Element
from lykeion.capa.types import View


@dataclass(frozen=True, slots=True, kw_only=True)
class MoleculeInput(Composed):
    """The MOL text, and lines about the molecule."""

    file: str

    kind: ClassVar[str] = "molecule"
    example: ClassVar[str] = '{"mol": "...", "info": ["..."]}'

    def controls(self, view: View) -> str:
        """Two text areas, and a button that fetches the author's molecule."""
        _ = view.gettext
        area = '<textarea rows="{rows}" dir="ltr" spellcheck="false" {attribute}></textarea>'
        mol = field(
            _("The molecule in MOL format, as drawing programs save it"), area.format(rows=10, attribute="data-mol")
        )
        info = field(_("About the molecule, one fact a line"), area.format(rows=3, attribute="data-info"))
        return f"{mol}{self._given(view)}{info}"

    def _given(self, view: View) -> str:
        if not self.file:
            return ""
        words, failed = (
            view.gettext("Begin with the given molecule"),
            view.gettext("The molecule could not be fetched."),
        )
        return (
            f'<p><a class="button button-quiet" href="{escape(self.file)}" data-given '
            f'data-failed="{escape(failed)}">{escape(words)}</a> <span role="status" data-told></span></p>'
        )


def molecule_input(part: Part, entry: Element) -> MoleculeInput:
    """Read where the author's molecule is."""
    return MoleculeInput(**common(part, entry), file=part.scope.substitute(entry.get("file", "")))
