"""Copies of blocks: new ids all through, and what refers to something inside of a copy refers to the copy of that."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final
from uuid import uuid4

from lykeion.content import api as content
from lykeion.content.types import Json, NewBlock, ObjectId
from lykeion.core.keys import CourseLocator, ref_meant, split_ref, usage_text

_OWN_TOPIC: Final = "discussion_id"  # of a discussion: two blocks with the same one would share their posts
_JUMP: Final = re.compile(r"(/jump_to_id/)([^\s\"'<>/?#]+)")


def stored(object_id: ObjectId, block_id: str) -> NewBlock:
    """A stored block with all below it, as a value; read level by level.

    Raises :class:`~lykeion.content.types.ObjectMissing` when it is not kept any more.
    """
    return content.copied(object_id, block_id)


def fresh(block: NewBlock, run: CourseLocator) -> NewBlock:
    """``block`` with new ids all through, for ``run``."""
    ids = {ref: uuid4().hex for ref in block.refs()}
    names = {split_ref(ref)[1]: new for ref, new in ids.items()}

    def text(value: str) -> str:
        ref = ref_meant(value)
        if ref in ids:
            return usage_text(run, f"{split_ref(ref)[0]}@{ids[ref]}")
        return _JUMP.sub(lambda found: found[1] + names.get(found[2], found[2]), value)

    def copy(one: NewBlock) -> NewBlock:
        fields = {name: mapped(value, text) for name, value in one.fields.items() if name != _OWN_TOPIC}
        below = tuple(copy(child) for child in one.children)
        return NewBlock(one.type, ids[f"{one.type}@{one.id}"], fields, below)

    return copy(block)


def mapped(value: Json, text: Callable[[str], str]) -> Json:
    """``value`` with every text in it, and every text that names an entry, put through ``text``."""
    if isinstance(value, str):
        return text(value)
    if isinstance(value, Mapping):
        return {text(str(name)): mapped(one, text) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [mapped(one, text) for one in value]
    return value


def with_fields(block: NewBlock, change: Callable[[NewBlock], Mapping[str, Json]]) -> NewBlock:
    """``block`` and all below it with the fields that ``change`` gives each of them."""
    below = tuple(with_fields(child, change) for child in block.children)
    return NewBlock(block.type, block.id, change(block), below)
