"""A chemical equation as HTML, the same that Open edX sends."""

from html import escape
from typing import Final

from lykeion.capa.chem.parse import parse
from lykeion.capa.chem.types import FormulaError, Group, Item, Molecule

_ARROWS: Final = (("<->", "↔"), ("->", "→"))  # the longer one first


def to_html(text: str) -> str:
    """Both sides of an equation; a side that cannot be read stands there as typed, marked as an error."""
    for arrow, sign in _ARROWS:
        left, found, right = text.partition(arrow)
        if found:
            return f'<span class="math">{_side(left)}{sign}{_side(right)}</span>'
    return f'<span class="math">{_side(text)}</span>'


def is_readable(text: str) -> bool:
    """Whether every side of an equation can be read."""
    return "inline-error" not in to_html(text)


def _side(text: str) -> str:
    try:
        return "+".join(map(_molecule, parse(text)))
    except FormulaError:
        return f'<span class="inline-error inline">{escape(text)}</span>'


def _molecule(molecule: Molecule) -> str:
    count = molecule.count
    if molecule.divisor:
        count = f"<sup>{count}</sup>&frasl;<sub>{molecule.divisor}</sub>"
    return f"{count}{_group(molecule.group)}{molecule.phase}"


def _group(group: Group) -> str:
    return f"{group.opening}{''.join(map(_item, group.items))}{group.closing}"


def _item(item: Item) -> str:
    body = _group(item.body) if isinstance(item.body, Group) else item.body
    index = f"<sub>{item.index}</sub>" if item.index else ""
    charge = f"<sup>{item.charge}</sup>" if item.charge else ""
    return f"{body}{index}{charge}"
