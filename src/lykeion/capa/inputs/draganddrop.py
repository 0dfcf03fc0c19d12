"""Things to be put into a picture (inputtypes.py:DragAndDropInput)."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Any, ClassVar, Final

from lxml import etree

from lykeion.capa.inputs.base import Input, common, text_value
from lykeion.capa.inputs.placingwords import placing_words
from lykeion.capa.scope import Part, Scope
from lykeion.capa.source import Element, line_of, text_of
from lykeion.capa.types import Expected, ProblemError, View

_COLOUR: Final = re.compile(r"#[0-9a-fA-F]{3,8}|[a-zA-Z]{3,25}|rgba?\([0-9.,%\s]{3,40}\)")
_CONTROLLER: Final = "drag-and-drop"


@dataclass(frozen=True, slots=True)
class Target:
    """A rectangle in pixels of the picture (or of the thing it belongs to), from the upper left corner."""

    id: str
    x: float
    y: float
    width: float
    height: float
    label: str

    def to_json(self) -> dict[str, Any]:
        """What the script needs to know."""
        place = {"id": self.id, "x": self.x, "y": self.y, "w": self.width, "h": self.height}
        return {**place, "label": self.label} if self.label else place


@dataclass(frozen=True, slots=True)
class Draggable:
    """A thing to place: a picture, words (HTML) or both; `fields` are the places on the thing itself."""

    id: str
    label: str
    icon: str
    can_reuse: bool
    fields: tuple[Target, ...]

    @property
    def name(self) -> str:
        """The thing in words."""
        return text_of(etree.HTML(f"<p>{self.label}</p>")).strip() if self.label else self.id

    def face(self) -> str:
        """The thing as it looks; without a label its picture is named by its id, as nothing else names it."""
        alternative = "" if self.label else escape(self.name)
        icon = f'<img src="{escape(self.icon)}" alt="{alternative}" draggable="false">' if self.icon else ""
        words = self.label or ("" if self.icon else escape(self.id))
        return icon + (f'<span class="dnd-words">{words}</span>' if words else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class DragAndDropInput(Input):
    """A picture, things to place in it, and places for them; without places they go anywhere."""

    picture: str
    alternative: str
    draggables: tuple[Draggable, ...]
    targets: tuple[Target, ...]
    one_per_target: bool
    target_outline: bool
    label_colour: str

    grouped: ClassVar[bool] = True

    def control(self, value: Any, attributes: str, view: View, expected: Expected | None) -> str:
        """Things, picture and field; the script adds the ways to place."""
        _ = view.gettext
        words = escape(json.dumps(placing_words(_), ensure_ascii=False))
        things = "".join(self._thing(index, one) for index, one in enumerate(self.draggables))
        alternative = escape(self.alternative or _("Picture to place things in"))
        return (
            f'<div class="dnd" data-controller="{_CONTROLLER}" data-{_CONTROLLER}-words-value="{words}" '
            f'data-{_CONTROLLER}-board-value="{escape(json.dumps(self._board(), ensure_ascii=False))}">'
            f'<p class="dnd-help" data-{_CONTROLLER}-target="help"></p>'
            f'<ul class="dnd-tray" role="list" aria-label="{escape(_("Things to place"))}" '
            f'data-{_CONTROLLER}-target="tray">{things}</ul>'
            f'<div class="dnd-stage" data-{_CONTROLLER}-target="stage">'
            f'<img class="dnd-picture" src="{escape(self.picture)}" alt="{alternative}" draggable="false"></div>'
            f'<div data-{_CONTROLLER}-target="panel" hidden></div>'
            f'<div class="dnd-placed" data-{_CONTROLLER}-target="placed"></div>'
            f'<input type="hidden" name="{self.name}" id="{self.name}" value="{text_value(value)}" autocomplete="off" '
            f'data-empty="[]" data-{_CONTROLLER}-target="field"></div>'
        )

    def _thing(self, index: int, thing: Draggable) -> str:
        return (
            f'<li data-thing="{index}"><button type="button" class="dnd-thing" disabled>'
            f'<span class="dnd-face">{thing.face()}</span></button></li>'
        )

    def _board(self) -> dict[str, Any]:
        return {
            "things": [
                {
                    "id": one.id,
                    "name": one.name,
                    "reuse": one.can_reuse,
                    "fields": [field.to_json() for field in one.fields],
                }
                for one in self.draggables
            ],
            "targets": [target.to_json() for target in self.targets],
            "onePerTarget": self.one_per_target,
            "outline": self.target_outline,
            "colour": self.label_colour,
        }

    def expected_html(self, expected: str) -> str:
        """The right places in words, where the author wrote them in the form of the answer; else as written."""
        try:
            found = json.loads(expected)
        except ValueError:
            return expected
        pairs = list(_pairs(found))
        if not pairs:
            return expected
        lines = "".join(
            f"<li>{escape(self._thing_names(ids))}: {escape(self._spots(spots))}</li>" for ids, spots in pairs
        )
        return f"<ul>{lines}</ul>"

    def _thing_names(self, ids: Any) -> str:
        names = {one.id: one.name for one in self.draggables}
        return ", ".join(names.get(str(id_), str(id_)) for id_ in ids)

    def _spots(self, spots: Any) -> str:
        labels = {one.id: one.label or str(number) for number, one in enumerate(self.targets, 1)}
        return ", ".join(labels.get(spot, spot) if isinstance(spot, str) else json.dumps(spot) for spot in spots)


def _pairs(found: Any) -> Iterator[tuple[list[Any], list[Any]]]:
    """Things and their places: from the answer's form, a dictionary, or the rules of `draganddrop.grade`."""
    for entry in found if isinstance(found, list) else [found]:
        if not isinstance(entry, dict):
            return
        if isinstance(entry.get("draggables"), list) and isinstance(entry.get("targets"), list):
            yield entry["draggables"], entry["targets"]
        else:
            yield from (([key], [spot]) for key, spot in entry.items())


def drag_and_drop_input(part: Part, entry: Element) -> DragAndDropInput:
    """Read the picture, the things and the places. Raises ProblemError for what has no id, place or picture."""
    scope = part.scope
    colour = scope.substitute(entry.get("label_bg_color", ""))
    return DragAndDropInput(
        **common(part, entry),
        picture=_required(scope, entry, "img"),
        alternative=scope.substitute(entry.get("alt", "")),
        draggables=tuple(_draggable(scope, child) for child in entry.iterchildren("draggable")),
        targets=tuple(_target(scope, child) for child in entry.iterchildren("target")),
        one_per_target=_flag(entry, "one_per_target", "true"),
        target_outline=_flag(entry, "target_outline", "false"),
        label_colour=colour if _COLOUR.fullmatch(colour) else "",
    )


def _draggable(scope: Scope, element: Element) -> Draggable:
    return Draggable(
        id=_required(scope, element, "id"),
        label=_balanced(scope.substitute(element.get("label", ""))),
        icon=scope.substitute(element.get("icon", "")),
        can_reuse=_flag(element, "can_reuse", "false"),
        fields=tuple(_target(scope, child) for child in element.iterchildren("target")),
    )


def _target(scope: Scope, element: Element) -> Target:
    x, y, width, height = (_number(scope, element, name) for name in ("x", "y", "w", "h"))
    label = scope.substitute(element.get("label", ""))
    return Target(_required(scope, element, "id"), x, y, width, height, label)


def _balanced(label: str) -> str:
    """A label as HTML that cannot break the page around it: every element in it is closed."""
    if "<" not in label and "&" not in label:
        return escape(label)
    span = etree.HTML(f"<span>{label}</span>").find(".//span")
    return "" if span is None else etree.tostring(span, encoding="unicode", method="html", with_tail=False)


def _required(scope: Scope, element: Element, name: str) -> str:
    value = element.get(name)
    if value is None:
        raise ProblemError(f"<{element.tag}> is missing its required attribute {name}.", line_of(element))
    return scope.substitute(value)


def _number(scope: Scope, element: Element, name: str) -> float:
    text = _required(scope, element, name)
    found = re.fullmatch(r"\s*(-?[0-9]{1,6}(?:\.[0-9]{0,6})?)\s*(?:px)?\s*", text)
    if found is None:
        raise ProblemError(f"<{element.tag}> has {name}={text!r}; it must be a number of pixels.", line_of(element))
    number = float(found[1])
    return int(number) if number.is_integer() else number


def _flag(element: Element, name: str, otherwise: str) -> bool:
    return element.get(name, otherwise).strip().lower() == "true"
