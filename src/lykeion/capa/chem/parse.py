"""From text to molecules: tokens, then a reader that never goes back.

    expression = molecule { "+" molecule }
    molecule   = [ number [ "/" number ] ] group [ "(s)" | "(l)" | "(g)" | "(aq)" ]
    group      = item { item }
    item       = ( element | "(" group ")" | "[" group "]" ) [ number ] [ "^" [ number ] ( "+" | "-" ) ]

A sign after `^` belongs to the charge; any other `+` begins the next molecule.
"""

import re
from typing import Final

from lykeion.capa.chem.types import FormulaError, Group, Item, Molecule

_NAMES: Final = """
Ac Ag Al Am Ar As At Au B Ba Be Bh Bi Bk Br C Ca Cd Ce Cf Cl Cm Cn Co Cr Cs Cu Db Ds Dy Er Es Eu F Fe Fl Fm Fr Ga Gd
Ge H He Hf Hg Ho Hs I In Ir K Kr La Li Lr Lu Lv Md Mg Mn Mo Mt N Na Nb Nd Ne Ni No Np O Os P Pa Pb Pd Pm Po Pr Pt Pu
Ra Rb Re Rf Rg Rh Rn Ru S Sb Sc Se Sg Si Sm Sn Sr Ta Tb Tc Te Th Ti Tl Tm U Uuo Uup Uus Uut V W Xe Y Yb Zn Zr
"""
ELEMENTS: Final = frozenset(_NAMES.split())
"""As graders know them: four of the heaviest still under their names of before 2016."""
MOST_LETTERS: Final = 1000
MOST_BRACKETS: Final = 50
_PHASES: Final = ("(s)", "(l)", "(g)", "(aq)")
_TOKEN: Final = re.compile(
    r"\s*(\((?:s|l|g|aq)\)|[0-9]|[\[\]()^+\-/]|" + "|".join(sorted(ELEMENTS, key=len, reverse=True)) + ")"
)
_END: Final = ""


def parse(text: str) -> tuple[Molecule, ...]:
    """The molecules of one side of an equation. Raises FormulaError."""
    if len(text) > MOST_LETTERS:
        raise FormulaError(text[:20] + "…", MOST_LETTERS)
    return _Reader(text).expression()


class _Reader:
    """Walks over the tokens once."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens, self.places = _tokens(text)
        self.at = 0
        self.depth = 0

    @property
    def next(self) -> str:
        return self.tokens[self.at]

    def take(self) -> str:
        token = self.next
        self.at += 1
        return token

    def expect(self, *tokens: str) -> str:
        if self.next not in tokens:
            raise FormulaError(self.text, self.places[self.at])
        return self.take()

    def expression(self) -> tuple[Molecule, ...]:
        molecules = [self.molecule()]
        while self.next == "+":
            self.take()
            molecules.append(self.molecule())
        self.expect(_END)
        return tuple(molecules)

    def molecule(self) -> Molecule:
        count, divisor = self.number(), ""
        if count and self.next == "/":
            self.take()
            divisor = self.number()
            if not divisor:
                self.expect()
        group = Group("", self.items())
        return Molecule(group, count, divisor, self.take() if self.next in _PHASES else "")

    def number(self) -> str:
        digits = ""
        while self.next.isdecimal():
            digits += self.take()
        return digits

    def items(self) -> tuple[Item, ...]:
        items = [self.item()]
        while self.next in ELEMENTS or self.next in ("(", "["):
            items.append(self.item())
        return tuple(items)

    def item(self) -> Item:
        body = self.group() if self.next in ("(", "[") else self.expect(*ELEMENTS)
        return Item(body, self.number(), self.charge())

    def group(self) -> Group:
        self.depth += 1
        if self.depth > MOST_BRACKETS:
            self.expect()
        group = Group(self.take(), self.items())
        self.expect(group.closing)
        self.depth -= 1
        return group

    def charge(self) -> str:
        if self.next != "^":
            return ""
        self.take()
        number = self.number()
        return ("" if number == "1" else number) + self.expect("+", "-")


def _tokens(text: str) -> tuple[list[str], list[int]]:
    """The tokens and where each begins, with an empty one at the end."""
    tokens, places, place = [], [], 0
    end = len(text.rstrip())
    while place < end:
        match = _TOKEN.match(text, place)
        if match is None:
            raise FormulaError(text, place)
        tokens.append(match[1])
        places.append(match.start(1))
        place = match.end()
    return [*tokens, _END], [*places, end]
