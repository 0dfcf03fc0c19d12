"""A place in a picture: imageresponse."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from lykeion.capa.inputs.image import image_input
from lykeion.capa.responses.base import CORRECT, INCORRECT, Outcome, Response, Submission, frame
from lykeion.capa.scope import Part
from lykeion.capa.types import AnswerError, Expected, ProblemError, gettext_noop

Point = tuple[float, float]
_GIVEN: Final = re.compile(r"\[([0-9]+),([0-9]+)]")
_RECTANGLE: Final = re.compile(r"[\(\[]([0-9]+),([0-9]+)[\)\]]-[\(\[]([0-9]+),([0-9]+)[\)\]]")


@dataclass(frozen=True, slots=True)
class Target:
    """Where a click is right, as the author wrote it."""

    rectangle: str | None
    regions: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageMapped(Response):
    """The point lies in one of the rectangles (edges included) or regions (edges not)."""

    targets: Mapping[str, Target]

    def grade(self, submission: Submission) -> Outcome:
        """A verdict for each picture."""
        results = {}
        for entry in self.inputs:
            answer = submission.answers.get(entry.id)
            point = _point(answer) if answer else None
            hit = point is not None and self._hits(self.targets[entry.id], point)
            results[entry.id] = CORRECT if hit else INCORRECT
        return Outcome(results)

    def _hits(self, target: Target, point: Point) -> bool:
        if target.rectangle and any(
            _inside_rectangle(self._rectangle(text), point) for text in target.rectangle.split(";")
        ):
            return True
        return bool(target.regions) and any(_inside_hull(region, point) for region in self._regions(target.regions))

    def _rectangle(self, text: str) -> tuple[int, int, int, int]:
        match = _RECTANGLE.match(text.strip().replace(" ", ""))
        if match is None:
            raise ProblemError(f"The rectangle {text!r} cannot be read; write (x1,y1)-(x2,y2).", self.line)
        left, top, right, bottom = map(int, match.groups())
        return left, top, right, bottom

    def _regions(self, text: str | None) -> list[list[Point]]:
        try:
            regions = json.loads(text or "[]")
            if regions and not isinstance(regions[0][0], list):
                regions = [regions]
            return [[(float(x), float(y)) for x, y in region] for region in regions]
        except (ValueError, TypeError, IndexError, KeyError) as error:
            raise ProblemError(f"The regions {text!r} cannot be read; write [[[x,y],[x,y],...]].", self.line) from error

    def expected(self) -> Mapping[str, Expected]:
        """The targets as the author wrote them."""
        return {key: {"rectangle": target.rectangle, "regions": target.regions} for key, target in self.targets.items()}


def _point(answer: Any) -> Point:
    match = _GIVEN.match(answer.strip().replace(" ", "")) if isinstance(answer, str) else None
    if match is None:
        raise AnswerError(
            gettext_noop("'{answer}' is not a place in the picture; it must look like [120,80]."), answer=answer
        )
    return float(match.group(1)), float(match.group(2))


def _inside_rectangle(rectangle: tuple[int, int, int, int], point: Point) -> bool:
    left, top, right, bottom = rectangle
    return left <= point[0] <= right and top <= point[1] <= bottom


def _inside_hull(points: Sequence[Point], point: Point) -> bool:
    """Strictly inside the convex hull; a region without area holds nothing."""
    corners = _hull(points)
    if len(corners) < 3:
        return False
    return all(_turn(a, b, point) > 0 for a, b in zip(corners, [*corners[1:], corners[0]], strict=True))


def _hull(points: Sequence[Point]) -> list[Point]:
    """The corners, anticlockwise (Andrew's monotone chain)."""
    ordered = sorted(set(points))
    return _half(ordered)[:-1] + _half(ordered[::-1])[:-1]


def _half(points: Sequence[Point]) -> list[Point]:
    chain: list[Point] = []
    for point in points:
        while len(chain) >= 2 and _turn(chain[-2], chain[-1], point) <= 0:
            chain.pop()
        chain.append(point)
    return chain


def _turn(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def build(part: Part) -> ImageMapped:
    """Read the targets of all pictures."""
    inputs = [image_input(part, entry) for entry in part.entries]
    targets = {
        str(entry.get("id")): Target(_attribute(part, entry.get("rectangle")), _attribute(part, entry.get("regions")))
        for entry in part.entries
    }
    return ImageMapped(**frame(part, *inputs), targets=targets)


def _attribute(part: Part, value: str | None) -> str | None:
    return None if value is None else part.scope.substitute(value)
