"""Settings of blocks as they were read before: nobody who learns can change them, so they are worked out once a place.

Reading a field that nobody set takes XBlock four look-ups, and a problem has twenty of them.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from lykeion.blocks.fields import slots
from lykeion.content.types import ObjectId
from lykeion.core.keys import CourseLocator
from lykeion.core.lru import WeightedCache

Key = tuple[CourseLocator, ObjectId, str, Any]
_SETTINGS: WeightedCache[Key, dict[str, Any]] = WeightedCache(200_000, weigh=lambda values: len(values) + 1)
_UNCHANGEABLE = frozenset({str, int, float, bool, type(None), datetime, timedelta})


def recall(block: Any) -> None:
    """Gives a new block of a learner's visit the settings that were read in its place before."""
    block._field_data_cache.update(_SETTINGS.get(_key(block)) or {})
    if block.runtime.visit.dues:
        block._field_data_cache.pop("due", None)


def remember(block: Any) -> None:
    """Keeps the settings that a block of a learner's visit has read, but none that it has set itself."""
    key = _key(block)
    if _SETTINGS.get(key) is not None:
        return
    changed = {field.name for field in block._dirty_fields} | ({"due"} if block.runtime.visit.dues else set())
    where = slots(type(block))
    _SETTINGS.put(
        key,
        {
            name: value
            for name, value in block._field_data_cache.items()
            if where[name][:2] == ("none", "usage") and type(value) in _UNCHANGEABLE and name not in changed
        },
    )


def _key(block: Any) -> Key:
    """A root of a course never changes, and what is inherited in a place depends on nothing else (due dates of learners
    who have their own are not kept); what a block makes up for itself (a topic's id) does on the run, and two runs may
    have one root."""
    return block.runtime.course_id, block.runtime.visit.outline.root, block.scope_ids.place.ref, type(block)
