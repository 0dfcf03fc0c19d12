"""A unit as its authors see it: its components, each as learners will see it, with what is in those that hold some."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from lykeion.authoring.api.audience import in_words
from lykeion.authoring.api.outline import Item, items
from lykeion.authoring.host import Scratch, visit_of
from lykeion.authoring.kinds import ICONS, is_blank_html, name_of
from lykeion.authoring.types import Author, Capability
from lykeion.blocks import api as blocks
from lykeion.blocks.types import Rendered, Visit
from lykeion.content import api as content
from lykeion.content.types import Outline

__all__ = ["Component", "UnitView", "ref_of_id", "title_of", "unit"]

DRAWN = 12
"""Of so many components inside another one, more are listed by name only."""


@dataclass(frozen=True, slots=True)
class Component:
    """One component and its HTML as learners will see it; or, of one that holds others, those.

    ``kind`` is what its type is called, ``seen_by`` who may see it, in words ('' for everybody), ``said`` what its
    package finds wrong.
    """

    item: Item
    html: str
    title: str = ""
    kind: str = ""
    icon: str = "other"
    holds: bool = False
    inside: tuple[Component, ...] = ()
    seen_by: str = ""
    said: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class UnitView:
    """What the page of a unit shows. ``page`` is what all components together need on it."""

    components: tuple[Component, ...]
    page: Rendered


class _Drawing:
    """One drawing of a unit: which components are shown, and what of theirs the page needs."""

    def __init__(self, author: Author, outline: Outline, at: datetime, scratch: Scratch | None) -> None:
        self.author, self.outline, self.at, self.scratch = author, outline, at, scratch
        self.drawn: list[Rendered] = []

    def components(self, found: Iterable[Item], depth: int) -> tuple[Component, ...]:
        found = list(found)
        shown = {} if depth and len(found) > DRAWN else self._rendered(found)
        return tuple(self._component(one, shown.get(one.ref), depth) for one in found)

    def _component(self, one: Item, rendered: Rendered | None, depth: int) -> Component:
        holds = blocks.is_container(one.type)
        named = self.outline.blocks[self.outline.index[one.ref]].own.get("display_name")
        kind = name_of(one.type)
        return Component(
            item=one,
            title=named if isinstance(named, str) and named.strip() else kind,
            kind=kind,
            icon=ICONS.get(one.type, "unit" if holds else "other"),
            html="" if rendered is None else rendered.html,
            holds=holds,
            inside=self.components(items(self.author, one.ref), depth + 1) if holds else (),
            seen_by=in_words(self.author, one.base),
            said=() if holds else (*_empty(one, rendered), *blocks.messages(self._visit(), one.ref)),
        )

    def _rendered(self, found: Iterable[Item]) -> Mapping[str, Rendered]:
        leaves = [one for one in found if not blocks.is_container(one.type)]
        for_learners = [one.ref for one in leaves if blocks.author_view(one.type) == "student_view"]
        shown = blocks.render_unit_blocks(self._visit(), for_learners)
        for one in leaves:
            if one.ref not in shown:
                shown[one.ref] = self._for_authors(one)
        self.drawn += shown.values()
        return shown

    def _for_authors(self, one: Item) -> Rendered:
        may = self.author.can(Capability.EDIT)
        visit = visit_of(self.author, self.outline, self.at, self.scratch, editing=one.base if may else None)
        return blocks.render(visit, one.ref, "author_view", authored={} if may else None)

    def _visit(self) -> Visit:
        return visit_of(self.author, self.outline, self.at, self.scratch)


def _empty(one: Item, rendered: Rendered | None) -> tuple[tuple[str, str], ...]:
    if one.type != "html" or rendered is None or not is_blank_html(rendered.html):
        return ()
    return (("empty", _("This text is empty: learners see nothing here.")),)


def unit(author: Author, ref: str, *, at: datetime, scratch: Scratch | None = None) -> UnitView:
    """What is in ``ref`` (a unit, or a component that holds others) of the draft. Costs reads by the number of
    components, whatever the size of the course.

    Raises :class:`~lykeion.content.types.ContentError` when there is no such unit.
    """
    outline = content.part_outline(author.run, author.root, ref)
    drawing = _Drawing(author, outline, at, scratch)
    components = drawing.components(items(author, ref), 0)
    return UnitView(components, blocks.merged(drawing.drawn))


def title_of(author: Author, ref: str) -> str:
    """What a unit or a component is called: its name, or what its type is called. Raises as :func:`unit` does."""
    node = content.nodes([content.way(author.root, ref)[-1].object_id])
    _held, own = content.settings_along(list(node.values()))
    named = own.get("display_name")
    return named if isinstance(named, str) and named.strip() else name_of(ref.partition("@")[0])


def ref_of_id(author: Author, block_id: str) -> str | None:
    """The ref of the block of that id in the draft, of whatever type; None when there is none."""
    return next((ref for ref in content.refs_of(author.root) if ref.partition("@")[2] == block_id), None)
