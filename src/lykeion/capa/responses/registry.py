"""Which tag is which kind of question, and which inputs it may have."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from lykeion.capa.responses import (
    annotation,
    checkboxes,
    choicetext,
    code,
    custom,
    dropdown,
    external,
    formula,
    image,
    multiplechoice,
    numerical,
    text,
)
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


_CUSTOM_INPUTS: Final = (
    "textline textbox crystallography chemicalequationinput vsepr_input drag_and_drop_input designprotein2dinput "
    "editageneinput editamoleculeinput annotationinput jsinput formulaequationinput"
)
KINDS: Final[Mapping[str, Kind]] = {
    "multiplechoiceresponse": _kind(multiplechoice.build, "choicegroup", 1),
    "truefalseresponse": _kind(multiplechoice.build, "choicegroup", 1),
    "choiceresponse": _kind(checkboxes.build, "checkboxgroup radiogroup", 1),
    "optionresponse": _kind(dropdown.build, "optioninput"),
    "numericalresponse": _kind(numerical.build, "textline formulaequationinput", 1),
    "stringresponse": _kind(text.build, "textline", 1),
    "choicetextresponse": _kind(choicetext.build, "radiotextgroup checkboxtextgroup", 1),
    "imageresponse": _kind(image.build, "imageinput"),
    "annotationresponse": _kind(annotation.build, "annotationinput", 1),
    "customresponse": _kind(custom.build, _CUSTOM_INPUTS),
    "symbolicresponse": _kind(custom.build, "textline", 1),
    "schematicresponse": _kind(custom.build_schematic, "schematic"),
    "coderesponse": _kind(code.build, "textbox filesubmission matlabinput", 1),
    "externalresponse": _kind(external.build, "textline textbox"),
    "formularesponse": _kind(formula.build, "textline formulaequationinput", 1),
}
