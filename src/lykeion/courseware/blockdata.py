"""A part of a course for apps: what a viewer may see of it, as values, with what its blocks tell of themselves."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from lykeion.blocks import api as blocks
from lykeion.content.types import Json, OutlineBlock
from lykeion.core.errors import LykeionError
from lykeion.courseware.entering import plan, takes_part
from lykeion.courseware.plan import Plan
from lykeion.courseware.types import Visitor
from lykeion.courseware.units import check_open
from lykeion.courseware.visit import Work, keeping

MOST_TOLD: Final = 200
"""Blocks that are asked what they tell in one answer: each runs code of its package."""


class TooMuchAsked(LykeionError):
    """More blocks would have to be asked than one answer has time for."""


@dataclass(frozen=True, slots=True)
class BlockData:
    """One block as apps see it. ``children`` are the refs right below it that the viewer may see; ``told`` is what it
    tells of itself (None when it was not asked, has nothing to tell, or failed)."""

    ref: str
    type: str
    title: str
    children: tuple[str, ...]
    graded: bool
    multi_device: bool
    told: Json = None


def block_data(visitor: Visitor, ref: str, *, depth: int, asked: Collection[str]) -> tuple[BlockData, ...]:
    """See :func:`lykeion.courseware.api.block_data`."""
    check_open(visitor, ref)
    here = plan(visitor)
    top = visitor.outline.blocks[visitor.outline.index[ref]]
    shown = list(_below(visitor, here, top, depth))
    speaking = [one.ref for one in shown if one.type in asked and _may_speak(visitor, one)]
    if len(speaking) > MOST_TOLD:
        raise TooMuchAsked(_("Ask for less at once: at most {count} blocks.").format(count=MOST_TOLD))

    def ask(work: Work) -> tuple[dict[str, Json], dict[str, bool]]:
        return blocks.view_data(work.visit, speaking, {one.type for one in shown})

    (told, multi), _graded = keeping(visitor, ask, kept=False)
    return tuple(_data(visitor, here, one, told.get(one.ref), multi[one.type]) for one in shown)


def _below(visitor: Visitor, here: Plan, block: OutlineBlock, depth: int) -> Iterator[OutlineBlock]:
    yield block
    for child in visitor.outline.children(block) if depth > 0 else ():
        if here.is_open(child):
            yield from _below(visitor, here, child, depth - 1)


def _may_speak(visitor: Visitor, block: OutlineBlock) -> bool:
    """Readers of a public course are told nothing of what is scored, as by handlers."""
    return takes_part(visitor) or not block.facts.has_score


def _data(visitor: Visitor, here: Plan, block: OutlineBlock, told: Json, multi_device: bool) -> BlockData:
    children = tuple(child.ref for child in visitor.outline.children(block) if here.is_open(child))
    graded = bool(block.settings.get("graded"))
    return BlockData(block.ref, block.type, block.title, children, graded, multi_device, told)
