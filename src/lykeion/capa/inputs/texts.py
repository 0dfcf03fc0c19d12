"""The name under which questions that take several kinds of input ask for one; see `inputs/kinds.py`."""

from lykeion.capa.inputs.code import TextBox
from lykeion.capa.inputs.kinds import input_of as text_line

__all__ = ["TextBox", "text_line"]
