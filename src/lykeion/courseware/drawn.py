"""What the tracking log is told of blocks: which they are, and what was drawn from banks.

Source: ``get_block_original_usage``, ``publish_selected_children_events`` and ``format_block_keys_for_analytics`` of
Open edX.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Literal

from lykeion.content import api as content
from lykeion.content.types import Json, Node, ObjectId, Outline, OutlineBlock
from lykeion.core.keys import CourseLocator, usage_text
from lykeion.courseware.choosers import Chooser
from lykeion.courseware.choosing import Draw
from lykeion.courseware.types import Visitor
from lykeion.events.api import emit
from lykeion.events.types import BankAssignedPayload, BankBlock, BankPayload, BankRemovedPayload, BlockOrigin

EVENTS: Final = {
    "library_content": "edx.librarycontentblock.content",
    "itembank": "edx.itembankblock.content",
}


def module_of(run: CourseLocator, ref: str, block: OutlineBlock | None) -> dict[str, Json]:
    """What events call the block that they are of (``context.module``); of a copy from a library also what it is a copy
    of."""
    known = {"display_name": block.title if block else "", "usage_key": usage_text(run, ref)}
    return {**known, **_origin(run, ref, block.own)} if block and block.own.get("upstream") else known


def tell_draws(visitor: Visitor, draws: Sequence[tuple[Chooser, Draw]]) -> None:
    """Tells of what went from each bank, and of what came. Looks at the blocks in one read."""
    refs = {ref for _one, drawn in draws for ref in (*drawn.selected, *drawn.invalid, *drawn.overlimit)}
    nodes = content.nodes([block.object_id for ref in refs for block in _with_those_below(visitor.outline, ref)])
    for one, drawn in draws:
        _tell(visitor, one, drawn, nodes)


def _tell(visitor: Visitor, one: Chooser, drawn: Draw, nodes: Mapping[ObjectId, Node]) -> None:
    outline, usage, before = visitor.outline, usage_text(visitor.run.key, one.ref), drawn.before
    context = {"module": module_of(outline.run, one.ref, outline.blocks[one.index])}
    result = _summaries(outline, drawn.selected, nodes)
    for reason, refs in _happened(drawn):
        about: BankPayload = {"location": usage, "result": result, "previous_count": before, "max_count": one.count}
        moved = _summaries(outline, refs, nodes)
        event: BankAssignedPayload | BankRemovedPayload = (
            {**about, "reason": reason, "removed": moved} if reason else {**about, "added": moved}
        )
        kind = f"{EVENTS[one.type]}.{'removed' if reason else 'assigned'}"
        emit(kind, event, course_id=visitor.run.key, context=context, page="x_module", at=visitor.at)
        before = len(drawn.selected)


def _happened(drawn: Draw) -> Iterator[tuple[Literal["invalid", "overlimit", ""], Sequence[str]]]:
    """What was taken away, with the reason; then what came, without one."""
    if drawn.invalid:
        yield "invalid", drawn.invalid
    if drawn.overlimit:
        yield "overlimit", drawn.overlimit
    if drawn.added:
        yield "", drawn.added


def _summaries(outline: Outline, refs: Sequence[str], nodes: Mapping[ObjectId, Node]) -> list[BankBlock]:
    return [_summary(outline, ref, nodes) for ref in refs]


def _summary(outline: Outline, ref: str, nodes: Mapping[ObjectId, Node]) -> BankBlock:
    """The key of a block, where it was copied from, and what is below it."""
    run, block = outline.run, outline.get(ref)
    below = [_origin(run, one.ref, nodes[one.object_id].fields) for one in _with_those_below(outline, ref)[1:]]
    return {**_origin(run, ref, nodes[block.object_id].fields if block else {}), "descendants": below}


def _origin(run: CourseLocator, ref: str, fields: Mapping[str, Json]) -> BlockOrigin:
    return {
        "usage_key": usage_text(run, ref),
        "original_usage_key": fields.get("upstream"),
        "original_usage_version": fields.get("upstream_version"),
    }


def _with_those_below(outline: Outline, ref: str) -> tuple[OutlineBlock, ...]:
    block = outline.get(ref)
    return outline.subtree(block) if block is not None else ()
