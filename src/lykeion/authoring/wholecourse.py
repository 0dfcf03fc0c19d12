"""All of a draft, place by place: for what is about the whole course (files, checks). Costs by its size, once: objects
never change, so what was found in one is remembered by its id."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lykeion.content import api as content
from lykeion.content.types import Node, ObjectId

_NO_PAGES: Final = frozenset({"course", "library", "files", "extras"})
_BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class Place:
    """A block (``ref``: ``html@a``) or a part (``about/overview``) of a course. ``unit`` is the unit a block is in, or
    is; '' above units and for parts."""

    ref: str
    object_id: ObjectId
    unit: str = ""


def places(root: ObjectId) -> list[Place]:
    """Every block in document order, the course (or library) first, then the parts by name."""
    parts = content.parts(root)
    top = "library" if "library" in parts else "course"
    found = [Place(f"{top}@{top}", parts[top])]
    found.extend(_below(parts[top], ""))
    found.extend(Place(name, oid) for name, oid in parts.items() if name not in _NO_PAGES)
    return found


def _below(object_id: ObjectId, unit: str) -> Iterator[Place]:
    for step in content.children(object_id):
        here = unit or (step.ref if step.ref.startswith("vertical@") else "")
        yield Place(step.ref, step.object_id, here)
        yield from _below(step.object_id, here)


def nodes(ids: list[ObjectId]) -> Iterator[tuple[ObjectId, Node]]:
    """Objects, each once, some hundred at a time."""
    wanted = list(dict.fromkeys(ids))
    for start in range(0, len(wanted), _BATCH):
        yield from content.nodes(wanted[start : start + _BATCH]).items()


def title_of(place: Place) -> str:
    """What people call the place."""
    [node] = content.nodes([place.object_id]).values()
    title = node.fields.get("display_name")
    return title if isinstance(title, str) and title.strip() else place.ref.partition("@")[2] or place.ref
