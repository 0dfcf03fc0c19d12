"""Which input element is built by what. An input that no table names is a line of text."""

from collections.abc import Callable, Mapping
from typing import Final

from lykeion.capa.inputs.annotation import annotation_text
from lykeion.capa.inputs.base import Input
from lykeion.capa.inputs.chemistry import chemical_input
from lykeion.capa.inputs.code import code_input
from lykeion.capa.inputs.crystal import crystal_input
from lykeion.capa.inputs.draganddrop import drag_and_drop_input
from lykeion.capa.inputs.files import file_input
from lykeion.capa.inputs.gene import gene_input
from lykeion.capa.inputs.geometry import geometry_input
from lykeion.capa.inputs.jsinput import js_input
from lykeion.capa.inputs.line import line_input
from lykeion.capa.inputs.molecule import molecule_input
from lykeion.capa.inputs.protein import protein_input
from lykeion.capa.inputs.schematic import schematic_input
from lykeion.capa.scope import Part
from lykeion.capa.source import Element

BUILDERS: Final[Mapping[str, Callable[[Part, Element], Input]]] = {
    "annotationinput": annotation_text,
    "chemicalequationinput": chemical_input,
    "codeinput": code_input,
    "crystallography": crystal_input,
    "designprotein2dinput": protein_input,
    "drag_and_drop_input": drag_and_drop_input,
    "editageneinput": gene_input,
    "editamoleculeinput": molecule_input,
    "filesubmission": file_input,
    "jsinput": js_input,
    "matlabinput": code_input,
    "schematic": schematic_input,
    "textbox": code_input,
    "vsepr_input": geometry_input,
}
"""The inputs of questions that take several kinds of them; choices, pictures and tags belong to one question each."""


def input_of(part: Part, entry: Element) -> Input:
    """The input for an element of the author's text."""
    return BUILDERS.get(str(entry.tag), line_input)(part, entry)
