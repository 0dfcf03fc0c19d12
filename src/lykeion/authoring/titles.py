"""Finding blocks of a version by their title. Titles are remembered by object id, so that after an edit only what is
new is read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lykeion.authoring.items import COURSE, title_of
from lykeion.content import api as content
from lykeion.content.types import ObjectId
from lykeion.core.lru import WeightedCache

_REMEMBERED: Final = 20_000_000  # characters
_BATCH: Final = 500

_titles: WeightedCache[ObjectId, str] = WeightedCache(_REMEMBERED, lambda title: len(title) + 60)


def find(root: ObjectId, text: str, *, limit: int) -> list[list[content.Step]]:
    """The ways to blocks whose title has all words of ``text``, whatever their case, in the order of the course."""
    words = text.casefold().split()
    found: list[list[content.Step]] = []
    if not words:
        return found
    ways = list(_walk(root))
    names = _named([way[-1] for way in ways])
    for way in ways:
        title = names[way[-1].object_id] or way[-1].id.replace("_", " ")
        if all(word in title.casefold() for word in words):
            found.append(way)
            if len(found) == limit:
                break
    return found


def _walk(root: ObjectId) -> Iterator[list[content.Step]]:
    """The ways to all blocks but the course, in document order."""
    waiting = [content.way(root, COURSE)]
    while waiting:
        way = waiting.pop()
        if len(way) > 1:
            yield way
        waiting.extend([*way, step] for step in reversed(content.children(way[-1].object_id)))


def _named(steps: list[content.Step]) -> dict[ObjectId, str]:
    """The titles of ``steps``, '' where there is none but the id."""
    found = {step.object_id: title for step in steps if (title := _titles.get(step.object_id)) is not None}
    missing = list(dict.fromkeys(step.object_id for step in steps if step.object_id not in found))
    for start in range(0, len(missing), _BATCH):
        for object_id, node in content.nodes(missing[start : start + _BATCH]).items():
            found[object_id] = title_of(node, "")
            _titles.put(object_id, found[object_id])
    return found
