"""The blocks of a course that choose among their children, as its author set them: found once for each outline."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from lykeion.blocks.api import chooses
from lykeion.content.types import ObjectId, Outline, OutlineBlock
from lykeion.core.keys import ref_meant
from lykeion.core.lru import WeightedCache

BANKS: Final = frozenset({"library_content", "itembank"})
CONDITION: Final = ("correct", "True")
"""Attribute and value of a conditional that names none (Open edX: conditional_block.py)."""


@dataclass(frozen=True, slots=True)
class Chooser:
    """A block that chooses. ``index`` is its place in the outline; ``children`` maps the ref of each child, in order,
    to the places that it and all below it take. ``count`` is how many a bank draws (negative: all); ``by_group`` maps
    groups of ``partition`` to the ref of a split test's child; a conditional asks that ``attribute`` of all
    ``sources`` (refs) is ``value``. Nothing is drawn for learners from what is ``for_team``."""

    ref: str
    type: str
    index: int
    children: Mapping[str, range]
    count: int
    partition: int
    by_group: Mapping[int, str]
    attribute: str
    value: str
    sources: tuple[str, ...]
    for_team: bool


@dataclass(frozen=True, slots=True)
class Choosers:
    """Those of a course in document order. ``reads`` are the refs of what a learner left that decides; ``scored`` are
    sources of conditions whose score decides; ``sources`` are all of them."""

    all: tuple[Chooser, ...]
    reads: tuple[str, ...]
    scored: tuple[str, ...]
    sources: frozenset[str]


_FOUND: WeightedCache[ObjectId, Choosers] = WeightedCache(100_000, weigh=lambda one: len(one.all) + 1)


def choosers_of(outline: Outline) -> Choosers:
    """The choosers of ``outline``: from memory, else by one walk."""
    found = _FOUND.get(outline.root)
    if found is None:
        found = _find(outline)
        _FOUND.put(outline.root, found)
    return found


def is_chooser(block: OutlineBlock) -> bool:
    """Whether ``block`` has anything to choose: children, or a conditional's blocks from elsewhere in the course."""
    return bool(block.children and chooses(block.type)) or block.type == "conditional"


def _find(outline: Outline) -> Choosers:
    choosers = tuple(_chooser(outline, one) for one in outline.blocks if is_chooser(one))
    own = [one.ref for one in choosers if one.type in BANKS or one.type == "randomize"]
    sources = dict.fromkeys(source for one in choosers for source in one.sources)
    scored = (one for one in map(outline.get, sources) if one is not None and one.facts.has_score)
    return Choosers(
        all=choosers,
        reads=tuple(dict.fromkeys([*own, *sources])),
        scored=tuple(one.ref for one in scored if one.type != "problem"),  # a problem's own state tells more
        sources=frozenset(sources),
    )


def _chooser(outline: Outline, block: OutlineBlock) -> Chooser:
    own, is_conditional = block.own, block.type == "conditional"
    return Chooser(
        ref=block.ref,
        type=block.type,
        index=block.index,
        children={one.ref: range(one.index, one.end) for one in outline.children(block)},
        count=whole_number(own.get("max_count"), 1),
        partition=whole_number(own.get("user_partition_id"), -1),
        by_group=_by_group(own.get("group_id_to_child")),
        attribute=str(own.get("conditional_attr") or CONDITION[0]),
        value=str(own.get("conditional_value") or CONDITION[1]),
        sources=tuple(refs_in(own.get("sources_list"))) if is_conditional else (),
        for_team=bool(block.settings.get("visible_to_staff_only")),
    )


def whole_number(value: Any, default: int) -> int:
    """``value`` as a whole number; ``default`` for what is none."""
    try:
        return int(value)
    except (TypeError, ValueError, OverflowError):
        return default


def _by_group(stored: Any) -> dict[int, str]:
    if not isinstance(stored, Mapping):
        return {}
    pairs = ((whole_number(group, -1), ref_meant(child)) for group, child in stored.items())
    return {group: ref for group, ref in pairs if ref}


def refs_in(stored: Any) -> list[str]:
    """The refs of the blocks that a list of keys names; what is no key is left out."""
    names = stored if isinstance(stored, Iterable) and not isinstance(stored, str | Mapping) else ()
    return [ref for ref in map(ref_meant, names) if ref]
