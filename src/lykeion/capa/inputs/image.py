"""A picture to point at."""

import re
from dataclasses import dataclass
from html import escape
from typing import Any, Final

from lykeion.capa.inputs.base import Input, common, text_value
from lykeion.capa.scope import Part
from lykeion.capa.source import Element, line_of
from lykeion.capa.types import Expected, ProblemError, View

_POINT: Final = re.compile(r"\s*\[\s*([0-9]{1,9})\s*,\s*([0-9]{1,9})\s*]")


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageInput(Input):
    """Point with the mouse or a finger, or write the coordinates."""

    src: str
    width: int
    height: int

    def control(self, value: Any, attributes: str, view: View, expected: Expected | None) -> str:
        """The picture, the mark, and the field that holds the place."""
        label = escape(view.gettext("Place in the picture, as [x,y] from the upper left corner"))
        word = escape(view.gettext("Picture to point at"))
        return (
            f'<span class="capa-picture"><img src="{escape(self.src)}" width="{self.width}" height="{self.height}" '
            f'alt="{word}" data-action="click->problem#point">{self._mark(value)}</span>'
            f'<label class="capa-label" for="{self.name}">{label}</label><input type="text" name="{self.name}" '
            f'id="{self.name}" value="{text_value(value)}" placeholder="[0,0]" autocomplete="off"{attributes}>'
        )

    def _mark(self, value: Any) -> str:
        match = _POINT.match(value) if isinstance(value, str) else None
        if match is None:
            return '<span class="capa-mark" hidden></span>'
        x, y = (100 * int(match[1]) / self.width, 100 * int(match[2]) / self.height)
        return f'<span class="capa-mark" style="left:{x:.2f}%;top:{y:.2f}%"></span>'


def image_input(part: Part, entry: Element) -> ImageInput:
    """Read a picture with its size."""
    return ImageInput(
        **common(part, entry),
        src=part.scope.substitute(_required(entry, "src")),
        width=_size(entry, "width"),
        height=_size(entry, "height"),
    )


def _required(entry: Element, name: str) -> str:
    value = entry.get(name)
    if value is None:
        raise ProblemError(f"<imageinput> is missing its required attribute {name}.", line_of(entry))
    return value


def _size(entry: Element, name: str) -> int:
    digits = re.match(r"\s*([0-9]+)", _required(entry, name))
    if digits is None or int(digits[1]) == 0:
        raise ProblemError(
            f"<imageinput> has {name}={entry.get(name)!r}; it must be a number of pixels.", line_of(entry)
        )
    return int(digits[1])
