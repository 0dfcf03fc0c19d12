"""What a chemical expression is made of."""

from dataclasses import dataclass


class FormulaError(ValueError):
    """The text is no chemical expression; `place` is where reading stopped, counted from 0."""

    def __init__(self, text: str, place: int) -> None:
        super().__init__(f"cannot read {text!r} at character {place + 1}")
        self.text = text
        self.place = place


@dataclass(frozen=True, slots=True)
class Item:
    """An element or a group in brackets, with its index and its charge (`2+`); '' for none."""

    body: "str | Group"
    index: str = ""
    charge: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Items side by side in round or square brackets; `opening` is '' for those of a molecule itself."""

    opening: str
    items: tuple[Item, ...]

    @property
    def closing(self) -> str:
        """The bracket that ends it."""
        return {"(": ")", "[": "]", "": ""}[self.opening]


@dataclass(frozen=True, slots=True)
class Molecule:
    """So many of these: `count` is '', a number, or a number with `divisor` below it; `phase` is `(aq)` or the like."""

    group: Group
    count: str = ""
    divisor: str = ""
    phase: str = ""
