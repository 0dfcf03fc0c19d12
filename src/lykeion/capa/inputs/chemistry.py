"""A chemical equation, shown as it is read while it is typed: chemicalequationinput."""

from dataclasses import dataclass
from typing import ClassVar

from lykeion.capa.chem.page import to_html
from lykeion.capa.inputs.attributes import whole_number
from lykeion.capa.inputs.base import common
from lykeion.capa.inputs.line import TextLine
from lykeion.capa.scope import Part
from lykeion.capa.source import Element
from lykeion.capa.types import View


@dataclass(frozen=True, slots=True, kw_only=True)
class ChemicalEquation(TextLine):
    """One line with a formula or an equation."""

    preview: ClassVar[str] = "preview_chemcalc"

    def reading(self, value: str) -> str:
        """The equation with its indices and charges in their places."""
        return to_html(value) if value.strip() else ""

    def unread(self, view: View) -> str:
        """What is said of a text that is no equation yet."""
        return view.gettext("This cannot be read as a chemical equation yet.")


def chemical_input(part: Part, entry: Element) -> ChemicalEquation:
    """Read the size of the field."""
    return ChemicalEquation(**common(part, entry), size=whole_number(entry.get("size"), 20), math=True)
