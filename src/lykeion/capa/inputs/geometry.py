"""The shape of a molecule with its atoms: vsepr_input.

The posted text is what the package `chem` grades (chemtools.py): the geometry as `AX4E0`, and the atom at each place:
`c0` in the centre, `p0`... around it, or `a0`... on the axis and `e0`... around it; an octahedron has two pairs `e10`,
`e11` and `e20`, `e21` instead. An electron pair is `(ep)`.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import ClassVar, Final

from lykeion.capa.inputs.attributes import words
from lykeion.capa.inputs.base import common
from lykeion.capa.inputs.composed import Composed, field, select
from lykeion.capa.scope import Part
from lykeion.capa.source import Element
from lykeion.capa.types import View, gettext_noop

_SHAPES: Final = {
    "AX2E0": gettext_noop("linear"),
    "AX2E1": gettext_noop("bent"),
    "AX2E2": gettext_noop("bent"),
    "AX2E3": gettext_noop("linear"),
    "AX3E0": gettext_noop("trigonal planar"),
    "AX3E1": gettext_noop("trigonal pyramidal"),
    "AX3E2": gettext_noop("T-shaped"),
    "AX4E0": gettext_noop("tetrahedral"),
    "AX4E1": gettext_noop("seesaw"),
    "AX4E2": gettext_noop("square planar"),
    "AX5E0": gettext_noop("trigonal bipyramidal"),
    "AX5E1": gettext_noop("square pyramidal"),
    "AX5E2": gettext_noop("pentagonal planar"),
    "AX6E0": gettext_noop("octahedral"),
    "AX6E1": gettext_noop("pentagonal pyramidal"),
    "AX7E0": gettext_noop("pentagonal bipyramidal"),
    "AX8E0": gettext_noop("square antiprismatic"),
    "AX9E0": gettext_noop("tricapped trigonal prismatic"),
}
_AXIAL: Final = {
    "AX2E3": "a0 a1",
    "AX3E2": "a0 a1 e0",
    "AX4E1": "a0 a1 e0 e1",
    "AX5E0": "a0 a1 e0 e1 e2",
    "AX4E2": "e10 e11 e20 e21",
    "AX5E1": "a0 e10 e11 e20 e21",
    "AX6E0": "a0 a1 e10 e11 e20 e21",
    "AX5E2": "e0 e1 e2 e3 e4",
    "AX6E1": "a0 e0 e1 e2 e3 e4",
    "AX7E0": "a0 a1 e0 e1 e2 e3 e4",
}
_PAIR: Final = "(ep)"
_ANY: Final = 6  # places around the centre of a geometry that we do not know


def places(geometry: str) -> list[str]:
    """The places for atoms in a geometry, the centre first."""
    if geometry in _AXIAL:
        return ["c0", *_AXIAL[geometry].split()]
    known = re.fullmatch(r"AX([1-9])E[0-9]", geometry)
    return ["c0", *(f"p{number}" for number in range(int(known[1]) if known else _ANY))]


@dataclass(frozen=True, slots=True, kw_only=True)
class GeometryInput(Composed):
    """A geometry of the author's list, and an atom for each of its places."""

    molecules: str
    geometries: tuple[str, ...]

    kind: ClassVar[str] = "geometry"
    example: ClassVar[str] = '{"geometry": "AX3E0", "atoms": {"c0": "B", "p0": "F", "p1": "F", "p2": "F"}}'

    def settings(self) -> str:
        """Which places each geometry has."""
        shapes = json.dumps({geometry: places(geometry) for geometry in self.geometries})
        return f' data-places="{escape(shapes)}"'

    def controls(self, view: View) -> str:
        """A list of geometries, a field a place, and a sketch."""
        _ = view.gettext
        choices = [("", _("Choose a geometry")), *((name, _named(name, view)) for name in self.geometries)]
        shown = f'<p class="capa-description">{escape(self.molecules)}</p>' if self.molecules else ""
        how = _("Write the symbol of the atom at each place; {pair} stands for an electron pair.").format(pair=_PAIR)
        fields = "".join(self._place(place, view) for place in self._all_places())
        return (
            f"{shown}{field(_('Geometry'), select('data-geometry', choices))}"
            f'<p class="capa-description">{escape(how)}</p><div class="capa-atoms">{fields}</div>'
            f'<datalist id="atoms_{self.id}">{self._suggestions()}</datalist>'
            f'<svg class="capa-drawing" viewBox="0 0 240 200" data-drawing aria-hidden="true"></svg>'
        )

    def _all_places(self) -> Iterable[str]:
        return dict.fromkeys(place for geometry in self.geometries for place in places(geometry))

    def _place(self, place: str, view: View) -> str:
        control = (
            f'<input type="text" size="5" maxlength="12" autocomplete="off" spellcheck="false" '
            f'list="atoms_{self.id}" data-place="{place}">'
        )
        return field(_place_words(place, view), control)

    def _suggestions(self) -> str:
        atoms = dict.fromkeys([*re.findall(r"[A-Z][a-z]?", self.molecules), _PAIR])
        return "".join(f'<option value="{escape(atom)}"></option>' for atom in atoms)


def _named(geometry: str, view: View) -> str:
    return f"{geometry}: {view.gettext(_SHAPES[geometry])}" if geometry in _SHAPES else geometry


def _place_words(place: str, view: View) -> str:
    _ = view.gettext
    if place == "c0":
        return _("Central atom")
    if len(place) == 3:
        return _("Equatorial pair {pair}, atom {number}").format(pair=place[1], number=int(place[2]) + 1)
    kinds = {"p": _("Atom {number}"), "a": _("Axial atom {number}"), "e": _("Equatorial atom {number}")}
    return kinds[place[0]].format(number=int(place[1]) + 1)


def geometry_input(part: Part, entry: Element) -> GeometryInput:
    """Read the author's lists; without one of geometries, all are offered."""
    return GeometryInput(
        **common(part, entry),
        molecules=part.scope.substitute(entry.get("molecules", "")),
        geometries=words(entry.get("geometries")) or tuple(_SHAPES),
    )
