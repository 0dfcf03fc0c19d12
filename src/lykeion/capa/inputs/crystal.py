"""A plane in a crystal's cell: crystallography.

The posted text is what the package `chem` grades (miller.py): the lattice and three points of the plane.
"""

from dataclasses import dataclass
from html import escape
from typing import ClassVar, Final

from lykeion.capa.inputs.base import common
from lykeion.capa.inputs.composed import Composed, field, select
from lykeion.capa.scope import Part
from lykeion.capa.source import Element
from lykeion.capa.types import View, gettext_noop

_LATTICES: Final = (
    ("", gettext_noop("Choose a lattice")),
    ("sc", gettext_noop("Simple cubic")),
    ("bcc", gettext_noop("Body-centred cubic")),
    ("fcc", gettext_noop("Face-centred cubic")),
)
_POINTS: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class CrystalInput(Composed):
    """The kind of lattice, and three points through which the plane goes."""

    kind: ClassVar[str] = "crystal"
    example: ClassVar[str] = '{"lattice": "bcc", "points": [["1.00","0.00","0.00"],["0.00","1.00","0.00"],...]}'

    def controls(self, view: View) -> str:
        """A list of lattices, three numbers a point, and the cell with the plane in it."""
        _ = view.gettext
        lattices = [(value, _(words)) for value, words in _LATTICES]
        how = _("Give three points of the plane: numbers from 0 to 1 along each edge, or click on edges of the cell.")
        return (
            f"{field(_('Lattice'), select('data-lattice', lattices))}"
            f'<p class="capa-description">{escape(how)}</p><div class="capa-crystal"><div class="capa-points">'
            f"{''.join(self._point(number, view) for number in range(1, _POINTS + 1))}</div>"
            f'<svg class="capa-drawing" viewBox="0 0 260 240" data-drawing aria-hidden="true"></svg></div>'
        )

    def _point(self, number: int, view: View) -> str:
        title = escape(view.gettext("Point {number}").format(number=number))
        label = f"point_{number}_{self.id}"
        numbers = "".join(
            field(axis, f'<input type="number" min="0" max="1" step="0.05" inputmode="decimal" data-axis="{axis}">')
            for axis in "xyz"
        )
        return (
            f'<div class="capa-point" role="group" aria-labelledby="{label}" data-point><p id="{label}">{title}</p>'
            f"{numbers}</div>"
        )


def crystal_input(part: Part, entry: Element) -> CrystalInput:
    """Width and height of the original's canvas mean nothing here: the drawing fits its place."""
    return CrystalInput(**common(part, entry))
