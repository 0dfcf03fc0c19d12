"""The outline of a root: what pages and rules need of every block of a course, without the texts.

Compiling reads the tree level by level (a few hundred objects a query) into columns; columns are also what is stored.
Everything that follows from them, such as inheritance, is worked out when an outline is put together, so an outline
that was just compiled and one that was loaded are the same by construction. Nothing here recurses: a course may be as
deep as it likes.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, dataclass, field, replace
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any, Final

import orjson

from lykeion.content.roots import course_of
from lykeion.content.settings import DATES, Settings, merge, read_settings
from lykeion.content.stores.batches import BATCH
from lykeion.content.types import BlockFacts, ContentError, Node, ObjectId, ObjectStore, Outline, OutlineBlock
from lykeion.core.keys import CourseLocator

Facts = Callable[[Node], BlockFacts]

FORMAT: Final = 7
"""To be raised with every change of what is compiled; stored outlines of other formats are not looked at."""
MAX_BLOCKS: Final = 500_000
DEFAULT_START: Final = datetime(2030, 1, 1, tzinfo=UTC)
"""When a course that says nothing starts (``inheritance.py`` of Open edX)."""

_ID_LENGTH: Final = 48


def no_facts(node: Node) -> BlockFacts:
    """What is known of any block while nobody has registered to tell more."""
    return BlockFacts()


@dataclass(slots=True)
class Columns:
    """An outline as parallel lists in document order; sparse ones hold (index, value) pairs."""

    object_ids: str = ""  # 48 digits each, end to end
    types: list[str] = field(default_factory=list)  # the different types
    type: list[int] = field(default_factory=list)
    id: list[str] = field(default_factory=list)
    parent: list[int] = field(default_factory=list)
    settings: list[tuple[int, Settings]] = field(default_factory=list)
    own: list[tuple[int, Settings]] = field(default_factory=list)
    facts: list[tuple[Any, ...]] = field(default_factory=list)  # the different facts
    fact: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Entry:
    """What the columns need of one object."""

    type: str
    children: tuple[tuple[str, ObjectId], ...]
    settings: Settings
    own: Settings
    facts: BlockFacts


def compile_columns(store: ObjectStore, root: ObjectId, facts: Facts) -> Columns:
    """Reads the tree of the course below ``root``. Raises :class:`ContentError` for a root without a course, or one
    with more than ``MAX_BLOCKS`` blocks."""
    course = course_of(store, root)
    return _columns(course, _entries(store, course, facts))


def compile_part(store: ObjectStore, way: Sequence[tuple[str, ObjectId]], facts: Facts) -> Columns:
    """The columns of the last block of ``way`` (ids with their objects, the course first) and all below it, with those
    above it and nothing beside it, be it the same object: for one page of a draft, whose whole outline nobody needs."""
    objects = [object_id for _name, object_id in way]
    entries = _entries(store, objects[-1], facts)
    nodes = store.get_many(objects[:-1])
    for (_name, object_id), below in pairwise(way):
        entries[object_id] = replace(entry_of(nodes[object_id], facts), children=(below,))
    return _columns(objects[0], entries)


def entry_of(node: Node, facts: Facts) -> Entry:
    """What the outline needs of ``node``."""
    return Entry(node.type, node.children, *read_settings(node), facts(node))


def check_size(count: int) -> None:
    """Raises :class:`ContentError` when ``count`` blocks are too many."""
    if count > MAX_BLOCKS:
        raise ContentError(f"A course may have at most {MAX_BLOCKS:,} blocks.")


def title_of(block_id: str, own: Mapping[str, Any]) -> str:
    """What a block is called: its display name, else its id."""
    title = own.get("display_name")
    return title if isinstance(title, str) else block_id.replace("_", " ")


def _entries(store: ObjectStore, course: ObjectId, facts: Facts) -> dict[ObjectId, Entry]:
    entries: dict[ObjectId, Entry] = {}
    level = [course]
    while level:
        below: dict[ObjectId, None] = {}
        for start in range(0, len(level), BATCH):
            for object_id, node in store.get_many(level[start : start + BATCH]).items():
                entries[object_id] = entry_of(node, facts)
                below.update((child, None) for _, child in node.children)
        level = [object_id for object_id in below if object_id not in entries]
    return entries


def _columns(course: ObjectId, entries: dict[ObjectId, Entry]) -> Columns:
    columns = Columns()
    object_ids: list[str] = []
    types: dict[str, int] = {}
    facts: dict[BlockFacts, int] = {}
    name = "library" if entries[course].type == "library" else "course"
    waiting = [(name, course, -1)]
    while waiting:
        block_id, object_id, parent = waiting.pop()
        entry, index = entries[object_id], len(object_ids)
        check_size(index + 1)
        object_ids.append(object_id)
        columns.id.append(block_id)
        columns.parent.append(parent)
        columns.type.append(types.setdefault(entry.type, len(types)))
        columns.fact.append(facts.setdefault(entry.facts, len(facts)))
        if entry.settings:
            columns.settings.append((index, entry.settings))
        if entry.own:
            columns.own.append((index, entry.own))
        waiting.extend((name, child, index) for name, child in reversed(entry.children))
    columns.object_ids = "".join(object_ids)
    columns.types = list(types)
    columns.facts = [astuple(fact) for fact in facts]
    return columns


def assemble(run: CourseLocator, root: ObjectId, columns: Columns) -> Outline:
    """The outline that ``columns`` describe, for ``run``."""
    count = len(columns.id)
    children: list[list[int]] = [[] for _ in range(count)]
    for place in range(1, count):
        children[columns.parent[place]].append(place)
    ends = [place + 1 for place in range(count)]
    for place in range(count - 1, 0, -1):
        parent = columns.parent[place]
        ends[parent] = max(ends[parent], ends[place])
    blocks = _blocks(columns, children, ends)
    handed = {blocks[place].object_id: settings for place, settings in columns.settings}
    return Outline(run, root, blocks, *names_of(blocks), handed)


def names_of(blocks: Sequence[OutlineBlock]) -> tuple[dict[str, int], dict[str, int]]:
    """Places of ``blocks`` by ref and by id: of blocks that share a name the first one counts."""
    index: dict[str, int] = {}
    by_id: dict[str, int] = {}
    for block in reversed(blocks):
        index[f"{block.type}@{block.id}"] = block.index
        by_id[block.id] = block.index
    return index, by_id


def columns_of(outline: Outline) -> Columns:
    """The columns that ``outline`` could have been put together from: to store one that was renewed."""
    columns = Columns(object_ids="".join(block.object_id for block in outline.blocks))
    types: dict[str, int] = {}
    facts: dict[BlockFacts, int] = {}
    for block in outline.blocks:
        columns.id.append(block.id)
        columns.parent.append(block.parent)
        columns.type.append(types.setdefault(block.type, len(types)))
        columns.fact.append(facts.setdefault(block.facts, len(facts)))
        if block.object_id in outline.handed:
            columns.settings.append((block.index, dict(outline.handed[block.object_id])))
        if block.own:
            columns.own.append((block.index, dict(block.own)))
    columns.types = list(types)
    columns.facts = [astuple(fact) for fact in facts]
    return columns


def _blocks(columns: Columns, children: list[list[int]], ends: list[int]) -> tuple[OutlineBlock, ...]:
    own, facts = dict(columns.own), [BlockFacts(*values) for values in columns.facts]
    settings, depths = _inherited(columns)
    object_ids, types = columns.object_ids, columns.types
    nothing: Settings = {}
    blocks = []
    for place, block_id in enumerate(columns.id):
        here = own.get(place, nothing)
        blocks.append(
            OutlineBlock(
                place,
                ends[place],
                columns.parent[place],
                depths[place],
                types[columns.type[place]],
                block_id,
                ObjectId(object_ids[place * _ID_LENGTH : (place + 1) * _ID_LENGTH]),
                title_of(block_id, here),
                tuple(children[place]),
                settings[place],
                here,
                facts[columns.fact[place]],
            )
        )
    return tuple(blocks)


def _inherited(columns: Columns) -> tuple[list[Settings], list[int]]:
    """Settings that hold in each block, and its depth; blocks that set nothing share those of their parent."""
    own = dict(columns.settings)
    settings: list[Settings] = []
    depths: list[int] = []
    for place, parent in enumerate(columns.parent):
        above = settings[parent] if parent >= 0 else {"start": DEFAULT_START}
        settings.append(merge(above, own[place]) if place in own else above)
        depths.append(depths[parent] + 1 if parent >= 0 else 0)
    return settings, depths


def dump(columns: Columns) -> bytes:
    """Columns as bytes, for stores and caches that others may write to: data only, no code."""
    form = {name: getattr(columns, name) for name in Columns.__slots__}
    form["settings"] = [(place, _plain(settings)) for place, settings in columns.settings]
    return zlib.compress(orjson.dumps(form), 1)


def load(data: bytes) -> Columns:
    """The columns that :func:`dump` wrote. Raises ``ValueError`` when ``data`` is damaged."""
    try:
        form = orjson.loads(zlib.decompress(data))
        form["settings"] = [(place, _rich(settings)) for place, settings in form["settings"]]
        return Columns(**form)
    except (zlib.error, KeyError, TypeError) as error:
        raise ValueError(f"not a stored outline: {error}") from error


def _plain(settings: Settings) -> Settings:
    """Settings that JSON can hold: dates as text, group access as pairs (its keys are numbers)."""
    plain = dict(settings)
    for name in DATES & settings.keys():
        plain[name] = settings[name] and settings[name].isoformat()
    if settings.get("group_access") is not None:
        plain["group_access"] = list(settings["group_access"].items())
    return plain


def _rich(plain: Settings) -> Settings:
    for name in DATES & plain.keys():
        plain[name] = plain[name] and datetime.fromisoformat(plain[name])
    if plain.get("group_access") is not None:
        plain["group_access"] = dict(plain["group_access"])
    return plain
