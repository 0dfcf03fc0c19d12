"""Pages beside the outline: authors' own pages, updates, handouts. They are blocks too, in outlines of their own."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from lykeion.blocks import api as blocks
from lykeion.blocks.types import Rendered
from lykeion.content import api as content
from lykeion.content.types import BlockFacts, Node, ObjectId, Outline, OutlineBlock
from lykeion.core.keys import CourseLocator
from lykeion.courseware.access import wall_refusal
from lykeion.courseware.entering import check_reading
from lykeion.courseware.types import Visitor
from lykeion.courseware.visit import begin

UPDATES, HANDOUTS = "info/updates", "info/handouts"
SHOWN: Final = 50  # updates; older ones are for those who ask the author
_TAG: Final = re.compile(r"<[^<>]*>")
_SHOWS: Final = re.compile(r"<(img|video|audio|iframe|svg|object|canvas|script)\b", re.IGNORECASE)
_FACTS: Final = BlockFacts(completion="excluded")
Page = tuple[str, ObjectId, Node]
"""(block id, object id, node) of something to be shown."""


def tab(visitor: Visitor, slug: str) -> Rendered:
    """An author's page; see :func:`lykeion.courseware.api.page`."""
    check_reading(visitor)
    node = _part(visitor, f"tabs/{slug}")
    if node is None:
        raise wall_refusal("staff_only", visitor.outline.course, beta=False)
    return _show(visitor, [(slug, *node)])[0]


def handouts(visitor: Visitor) -> str:
    """The handouts as HTML, '' when there are none."""
    found = _part(visitor, HANDOUTS)
    if found is None or is_blank(str(found[1].fields.get("data") or "")):
        return ""
    return _show(visitor, [("handouts", *found)])[0].html


def updates(visitor: Visitor) -> tuple[tuple[str, str], ...]:
    """The updates (date as the author wrote it, HTML), newest first."""
    found = _part(visitor, UPDATES)
    if found is None:
        return ()
    object_id, node = found
    items = read_updates(node)
    pages = [_update(object_id, place, html) for place, (_date, html) in enumerate(items)]
    return tuple((date, page.html) for (date, _html), page in zip(items, _show(visitor, pages), strict=True))


def latest_update(run: CourseLocator) -> str:
    """The newest update of a published run as its author wrote it, '' when there is none."""
    node = content.part(content.head(run), UPDATES)
    items = [] if node is None else read_updates(node)
    return items[0][1] if items else ""


def read_updates(node: Node) -> list[tuple[str, str]]:
    """The visible items of an updates page, newest first; a page without a list of items is one item."""
    items = node.fields.get("items")
    if not isinstance(items, list):
        data = str(node.fields.get("data") or "")
        return [] if is_blank(data) else [("", data)]
    shown = [item for item in items if isinstance(item, Mapping) and item.get("status") != "deleted"]
    shown.sort(key=_number, reverse=True)
    return [(str(item.get("date") or ""), str(item.get("content") or "")) for item in shown[:SHOWN]]


def is_blank(html: str) -> bool:
    """Whether ``html`` shows nothing, as the ``<ol></ol>`` that Studio writes into new courses."""
    return not _TAG.sub("", html).strip() and not _SHOWS.search(html)


def _number(item: Mapping[str, Any]) -> int:
    number = item.get("id")
    return number if isinstance(number, int) else 0


def _update(object_id: ObjectId, place: int, html: str) -> Page:
    return (f"update{place}", ObjectId(f"{object_id}/{place}"), Node("course_info", {"data": html}))


def _part(visitor: Visitor, name: str) -> tuple[ObjectId, Node] | None:
    object_id = content.parts(visitor.outline.root).get(name)
    return None if object_id is None else (object_id, content.nodes([object_id])[object_id])


def _show(visitor: Visitor, pages: Sequence[Page]) -> list[Rendered]:
    """The pages as their blocks show them. They keep nothing of a learner."""
    outline = _outline(visitor.outline, pages)
    nodes = {object_id: node for _id, object_id, node in pages}
    work = begin(visitor, visible=lambda block: True)  # pages beside the outline have no walls
    visit = replace(work.visit, outline=outline, nodes=lambda ids: {one: nodes[one] for one in ids})
    rendered = blocks.render_unit_blocks(visit, [block.ref for block in outline.blocks])
    return [rendered[block.ref] for block in outline.blocks]


def _outline(outline: Outline, pages: Sequence[Page]) -> Outline:
    made = tuple(_block(place, page) for place, page in enumerate(pages))
    return Outline(
        outline.run, outline.root, made, {one.ref: one.index for one in made}, {one.id: one.index for one in made}
    )


def _block(place: int, page: Page) -> OutlineBlock:
    block_id, object_id, node = page
    return OutlineBlock(
        index=place,
        end=place + 1,
        parent=-1,
        depth=0,
        type=node.type,
        id=block_id,
        object_id=object_id,
        title=str(node.fields.get("display_name") or ""),
        children=(),
        settings={},
        own={},
        facts=_FACTS,
    )
