"""Unit pages: one read of the learner's rows, the blocks from immutable objects, nothing that grows with the course."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Final

from django.utils.translation import gettext as _

from lykeion.blocks import api as blocks
from lykeion.blocks.types import Rendered
from lykeion.content.types import OutlineBlock
from lykeion.core.keys import usage_text
from lykeion.courseware.access import wall_refusal
from lykeion.courseware.barriers import barred
from lykeion.courseware.bookmarking import marked
from lykeion.courseware.completion import is_complete
from lykeion.courseware.entering import check_reading, plan, takes_part
from lykeion.courseware.limits import way_on
from lykeion.courseware.places import is_last_place, remember_place, unit_to_show
from lykeion.courseware.plan import Plan, PlanSubsection, PlanUnit, is_leaf
from lykeion.courseware.shifting import missed
from lykeion.courseware.types import AccessDenied, UnitBlock, UnitPage, UnitTab, Visitor, Wall
from lykeion.courseware.visit import Work, keeping

SECTION_DEPTH = 1  # course 0, section 1, subsection 2, unit 3
TOLD: Final[frozenset[Wall]] = frozenset({"track", "elsewhere"})
"""Walls in whose place a unit says what is behind them."""
VIEWS = frozenset({"student_view", "public_view"})  # others are for authors
Completions = Callable[[str], float]


@dataclass(frozen=True, slots=True)
class Shown:
    """A unit about to be shown, with the way to it. ``gated``: what in it is for those who pay, and so is not shown."""

    unit: OutlineBlock
    subsection: PlanSubsection
    section: OutlineBlock
    blocks: tuple[OutlineBlock, ...]
    gated: tuple[OutlineBlock, ...] = ()


def unit_page(visitor: Visitor, ref: str) -> UnitPage:
    """The page of the unit that ``ref`` is, is in, or leads to; see :func:`lykeion.courseware.api.unit`."""
    check_reading(visitor)
    here = plan(visitor)
    shown = _find(visitor, here, ref)
    (rendered, completion), _graded = keeping(visitor, lambda work: _render(work, visitor, shown))
    _remember(visitor, shown, here.total)
    return _page(visitor, here, shown, rendered, completion)


def _find(visitor: Visitor, here: Plan, ref: str) -> Shown:
    outline = visitor.outline
    block = _open(visitor, here, ref)
    unit = outline.get(unit_to_show(visitor, here, block))
    if unit is None:
        raise _nothing_open(visitor, here, block)
    subsection = here.subsections[here.home[unit.ref]]
    section = outline.blocks[outline.blocks[outline.index[subsection.ref]].parent]
    return Shown(unit, subsection, section, _blocks_of(visitor, here, unit), _gated_in(visitor, here, unit))


def check_open(visitor: Visitor, ref: str) -> None:
    """See :func:`lykeion.courseware.api.check_open`."""
    check_reading(visitor)
    _open(visitor, plan(visitor), ref)


def _open(visitor: Visitor, here: Plan, ref: str) -> OutlineBlock:
    """The block of ``ref``, if no wall stands in front of it."""
    block = visitor.outline.get(ref)
    if block is None:
        raise wall_refusal("not_chosen", visitor.outline.course, beta=False)
    if wall := here.wall(block):
        raise barred(visitor, wall, block)
    return block


def _nothing_open(visitor: Visitor, here: Plan, block: OutlineBlock) -> AccessDenied:
    """Why a section or subsection leads nowhere: the wall of the first thing in it, if that has one to tell of."""
    first = next((one for one in visitor.outline.subtree(block) if here.wall(one)), block)
    return barred(visitor, here.wall(first), first)


def _blocks_of(visitor: Visitor, here: Plan, unit: OutlineBlock) -> tuple[OutlineBlock, ...]:
    """What is shown one below the other: the open children of a unit; a unit of another type is shown whole."""
    if unit.type != "vertical":
        return (unit,)
    return tuple(child for child in visitor.outline.children(unit) if here.is_open(child))


def _gated_in(visitor: Visitor, here: Plan, unit: OutlineBlock) -> tuple[OutlineBlock, ...]:
    """The blocks at any depth whose wall is told of in their place, each without those below it."""
    if not visitor.limits.gated and visitor.copy is None:
        return ()
    outline = visitor.outline
    return tuple(
        one for one in outline.subtree(unit) if here.wall(one) in TOLD and here.is_open(outline.blocks[one.parent])
    )


def _render(work: Work, visitor: Visitor, shown: Shown) -> tuple[dict[str, Rendered], Completions]:
    refs = [block.ref for block in shown.blocks]
    work.state.load_rows([*refs, *shown.subsection.leaves], with_state=refs)
    view = "student_view" if takes_part(visitor) else "public_view"
    return blocks.render_unit_blocks(work.visit, refs, view), work.state.completion


def _remember(visitor: Visitor, shown: Shown, total: int) -> None:
    """Keeps the place, if it is another one: looking at the same unit of the same course again writes nothing."""
    user_id = visitor.viewer.user_id
    if user_id is None or not takes_part(visitor):
        return
    if not is_last_place(user_id, visitor.run.id, shown.unit.ref, total):
        remember_place(visitor, user_id, shown.unit, total)


def _page(
    visitor: Visitor, here: Plan, shown: Shown, rendered: dict[str, Rendered], completion: Completions
) -> UnitPage:
    unit, subsection = shown.unit, shown.subsection
    marks = marked(visitor)
    tabs = tuple(_tab(one, unit.ref, marks, completion) for one in subsection.units)
    previous, following = _neighbours(here, subsection, unit.ref)
    return UnitPage(
        section=shown.section.title,
        section_ref=shown.section.ref,
        subsection=subsection.title,
        subsection_ref=subsection.ref,
        title=unit.title,
        ref=unit.ref,
        usage=usage_text(visitor.run.key, unit.ref),
        tabs=tabs,
        blocks=_in_order(visitor, here, shown, rendered, completion),
        page=blocks.merged(rendered.values()),
        previous=previous,
        next=following,
        bookmarked=unit.ref in marks,
        due=visitor.dues.get(subsection.ref, subsection.due),
        graded=subsection.graded,
        format=subsection.format,
        position=1 + next(place for place, tab in enumerate(tabs) if tab.current),
        count=len(tabs),
        missed=missed(visitor, subsection, sum(is_complete(completion(leaf)) for leaf in subsection.leaves)),
    )


def _tab(unit: PlanUnit, current: str, marks: frozenset[str], completion: Completions) -> UnitTab:
    return UnitTab(
        ref=unit.ref,
        title=unit.title,
        icon=unit.icon,
        complete=_all_complete(unit.leaves, completion),
        bookmarked=unit.ref in marks,
        current=unit.ref == current,
    )


def _neighbours(here: Plan, subsection: PlanSubsection, ref: str) -> tuple[str | None, str | None]:
    """The units before and after; in a subsection that the menu hides, those of that subsection only."""
    step = here.steps.get(ref)
    way: Sequence[str] = here.way
    if step is None:
        way = [unit.ref for unit in subsection.units]
        step = way.index(ref)
    return (way[step - 1] if step > 0 else None, way[step + 1] if step + 1 < len(way) else None)


def _block(visitor: Visitor, here: Plan, block: OutlineBlock, rendered: Rendered, completion: Completions) -> UnitBlock:
    below = [one for one in visitor.outline.subtree(block) if here.is_open(one)]
    return UnitBlock(
        ref=block.ref,
        usage=usage_text(visitor.run.key, block.ref),
        type=block.type,
        html=rendered.html,
        complete=_all_complete([one.ref for one in below if is_leaf(one)], completion),
        view_completes=takes_part(visitor) and any(completes_by_view(one) for one in below),
    )


def _in_order(
    visitor: Visitor, here: Plan, shown: Shown, rendered: dict[str, Rendered], completion: Completions
) -> tuple[UnitBlock, ...]:
    """What is shown, with a word in place of what is gated; of what is gated inside a block, after that block."""
    made = [(one.index, _block(visitor, here, one, rendered[one.ref], completion)) for one in shown.blocks]
    made += [(one.index, _placeholder(visitor, one, _instead(visitor, here.wall(one)))) for one in shown.gated]
    return tuple(block for _index, block in sorted(made, key=itemgetter(0)))


def _instead(visitor: Visitor, wall: Wall) -> str:
    if wall == "elsewhere":
        return str(wall_refusal(wall, visitor.outline.course, beta=False))
    return _("This part is for verified learners. {way_on}").format(way_on=way_on(visitor))


def _placeholder(visitor: Visitor, block: OutlineBlock, words: str) -> UnitBlock:
    usage = usage_text(visitor.run.key, block.ref)
    return UnitBlock(block.ref, usage, block.type, "", complete=False, view_completes=False, instead=words)


def completes_by_view(block: OutlineBlock) -> bool:
    """Whether seeing a block for a while completes it (XBlock's completion service)."""
    return is_leaf(block) and not block.facts.has_score and not block.facts.custom_completion


def _all_complete(leaves: Sequence[str], completion: Completions) -> bool:
    return bool(leaves) and all(is_complete(completion(leaf)) for leaf in leaves)


def block_view(visitor: Visitor, ref: str, view: str) -> Rendered:
    """A view of one block; see :func:`lykeion.courseware.api.view`."""
    check_reading(visitor)
    block = _open(visitor, plan(visitor), ref if view in VIEWS else "")
    if block.depth <= SECTION_DEPTH:  # its page would grow with the course
        raise wall_refusal("not_chosen", block, beta=False)
    if view == "student_view" and not takes_part(visitor):
        view = "public_view"
    rendered, _graded = keeping(visitor, lambda work: blocks.render(work.visit, ref, view))
    return rendered
