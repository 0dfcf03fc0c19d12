"""Which tag is which kind of question, and which inputs it may have."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from lykeion.capa.responses import checkboxes, dropdown, formula, multiplechoice, numerical, text
from lykeion.capa.responses.base import Response
from lykeion.capa.scope import Part


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of question: how to build it, what inputs it takes, and how many at most."""

    build: Callable[[Part], Response]
    inputs: frozenset[str]
    at_most: int | None = None


def _kind(build: Callable[[Part], Response], inputs: str, at_most: int | None = None) -> Kind:
    return Kind(build, frozenset(inputs.split()), at_most)


KINDS: Final[Mapping[str, Kind]] = {
    "multiplechoiceresponse": _kind(multiplechoice.build, "choicegroup", 1),
    "truefalseresponse": _kind(multiplechoice.build, "choicegroup", 1),
    "choiceresponse": _kind(checkboxes.build, "checkboxgroup radiogroup", 1),
    "optionresponse": _kind(dropdown.build, "optioninput"),
    "numericalresponse": _kind(numerical.build, "textline formulaequationinput", 1),
    "stringresponse": _kind(text.build, "textline", 1),
    "formularesponse": _kind(formula.build, "textline formulaequationinput", 1),
}
