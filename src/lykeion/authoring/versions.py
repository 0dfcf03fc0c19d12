"""The version of a component that an author saw when they began to type."""

from __future__ import annotations

from collections.abc import Mapping

from lykeion.authoring.types import Author
from lykeion.content import api as content
from lykeion.content.types import Json, ObjectId, ObjectMissing


def fields_at(author: Author, ref: str, base: ObjectId | None) -> Mapping[str, Json]:
    """The fields of component ``ref`` in version ``base``; as they are now without one, or when it is gone.

    Raises :class:`~lykeion.content.types.ContentError` when the draft has no such component.
    """
    present = content.way(author.root, ref)[-1].object_id
    try:
        return content.nodes([base or present])[base or present].fields
    except ObjectMissing:
        return content.nodes([present])[present].fields
