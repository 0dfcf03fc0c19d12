"""A picture to point at."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Any, Final

from lykeion.capa.inputs.attributes import pixels
from lykeion.capa.inputs.base import Input, common, text_value
from lykeion.capa.scope import Part
from lykeion.capa.source import Element, line_of
from lykeion.capa.types import Expected, ProblemError, View

_RECTANGLE: Final = re.compile(r"[\(\[]([0-9]+),([0-9]+)[\)\]]-[\(\[]([0-9]+),([0-9]+)[\)\]]")
_PAIR: Final = re.compile(r"\[\s*(-?[0-9.]+)\s*,\s*(-?[0-9.]+)\s*\]")
_POINT: Final = re.compile(r"\s*\[\s*([0-9]{1,9})\s*,\s*([0-9]{1,9})\s*]")


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageInput(Input):
    """Point with the mouse, a finger or the arrow keys, or write the coordinates."""

    src: str
    width: int
    height: int
    alt: str = ""

    def hints(self) -> tuple[str, ...]:
        """How to point without a mouse."""
        return (f"how_{self.id}",)

    def control(self, value: Any, attributes: str, view: View, expected: Expected | None) -> str:
        """The picture, the mark, and the field that holds the place."""
        label = escape(view.gettext("Place in the picture, as [x,y] from the upper left corner"))
        return (
            f'<div class="capa-pointing" data-controller="picture"{self._sentences(view)}>'
            f"{self._picture(value, view, expected)}"
            f'<p class="capa-description" id="how_{self.id}" data-picture-target="how" hidden>{self._how(view)}</p>'
            f'<label class="capa-label" for="{self.name}">{label}</label><input type="text" name="{self.name}" '
            f'id="{self.name}" value="{text_value(value)}" placeholder="[0,0]" autocomplete="off" '
            f'data-picture-target="place" data-action="picture#show problem:filled->picture#show"{attributes}></div>'
        )

    def _picture(self, value: Any, view: View, expected: Expected | None) -> str:
        described = self.alt or view.gettext("Picture to point at")
        return (
            f'<span class="capa-picture" data-picture-target="stage" aria-describedby="how_{self.id}" '
            f'data-action="click->picture#point keydown->picture#steer focus->picture#begin blur->picture#leave">'
            f'<img src="{escape(self.src)}" width="{self.width}" height="{self.height}" alt="{escape(described)}">'
            f'{self._targets(expected)}<span class="capa-cross" data-picture-target="cross" hidden></span>'
            f"{self._mark(value)}</span>"
        )

    def _sentences(self, view: View) -> str:
        chosen = view.gettext("Chosen: {x} from the left, {y} from the top.")
        name = view.gettext("Pointer on the picture")
        return (
            f' data-picture-width-value="{self.width}" data-picture-height-value="{self.height}" '
            f'data-picture-chosen-value="{escape(chosen)}" data-picture-name-value="{escape(name)}"'
        )

    def _how(self, view: View) -> str:
        return escape(
            view.gettext(
                "Select a place in the picture. By keyboard: move the cross with the arrow keys (with Shift in small "
                "steps), and press Enter to choose."
            )
        )

    def _mark(self, value: Any) -> str:
        match = _POINT.match(value) if isinstance(value, str) else None
        if match is None:
            return '<span class="capa-mark" data-picture-target="mark" hidden></span>'
        x, y = (100 * int(match[1]) / self.width, 100 * int(match[2]) / self.height)
        return f'<span class="capa-mark" data-picture-target="mark" style="left:{x:.2f}%;top:{y:.2f}%"></span>'

    def _targets(self, expected: Expected | None) -> str:
        """The right places over the picture, where answers are shown."""
        if not isinstance(expected, dict):
            return ""
        shapes = [*_rectangles(expected.get("rectangle") or ""), *_polygons(expected.get("regions") or "")]
        return (
            f'<svg class="capa-targets" viewBox="0 0 {self.width} {self.height}" preserveAspectRatio="none" '
            f'aria-hidden="true">{"".join(shapes)}</svg>'
        )


def _rectangles(written: str) -> Iterator[str]:
    for left, top, right, bottom in _RECTANGLE.findall(written.replace(" ", "")):
        width, height = int(right) - int(left), int(bottom) - int(top)
        if width >= 0 and height >= 0:
            yield f'<rect x="{left}" y="{top}" width="{width}" height="{height}"/>'


def _polygons(written: str) -> Iterator[str]:
    """Each region as a polygon; what is no list of points is the grader's to complain of."""
    for region in re.findall(r"\[\s*(\[[^\[\]]*\](?:\s*,\s*\[[^\[\]]*\])*)\s*\]", written):
        points = _PAIR.findall(region)
        if len(points) > 2:
            yield f'<polygon points="{" ".join(f"{x},{y}" for x, y in points)}"/>'


def image_input(part: Part, entry: Element) -> ImageInput:
    """Read a picture with its size."""
    return ImageInput(
        **common(part, entry),
        src=part.scope.substitute(_required(entry, "src")),
        width=_size(entry, "width"),
        height=_size(entry, "height"),
        alt=part.scope.substitute(entry.get("alt", "")),
    )


def _required(entry: Element, name: str) -> str:
    value = entry.get(name)
    if value is None:
        raise ProblemError(f"<imageinput> is missing its required attribute {name}.", line_of(entry))
    return value


def _size(entry: Element, name: str) -> int:
    size = pixels(_required(entry, name))
    if size is None:
        raise ProblemError(
            f"<imageinput> has {name}={entry.get(name)!r}; it must be a number of pixels.", line_of(entry)
        )
    return size
