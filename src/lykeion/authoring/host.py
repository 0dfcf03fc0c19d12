"""The host of blocks in Studio: drafts shown as learners will see them, and nothing of a learner's kept.

What somebody tries out on a page of Studio lives in a :class:`Scratch`, which the face keeps for as long as it likes;
grades, completions and events lead nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import get_language

from lykeion.accounts import api as accounts
from lykeion.authoring.links import DraftUrls
from lykeion.authoring.types import Author
from lykeion.blocks.types import StateKey, Viewer, Visit
from lykeion.content import api as content
from lykeion.content.types import Json, ObjectId, Outline


@dataclass
class Scratch:
    """Learner-side fields while somebody tries blocks out: a :class:`~lykeion.blocks.types.StateStore` in memory."""

    documents: dict[StateKey, dict[str, Json]] = field(default_factory=dict)
    changed: bool = False

    def prefetch(self, keys: Sequence[StateKey]) -> None:
        """Everything is here already."""

    def read(self, key: StateKey) -> Mapping[str, Json]:
        """The document of ``key``, as a copy."""
        return deepcopy(self.documents.get(key, {}))

    def write(self, key: StateKey, changes: Mapping[str, Json]) -> None:
        """Sets fields of a document."""
        self.changed = True
        self.documents.setdefault(key, {}).update(deepcopy(dict(changes)))

    def delete(self, key: StateKey, name: str) -> None:
        """Removes a field of a document."""
        self.changed = True
        self.documents.get(key, {}).pop(name, None)

    def mark(self) -> dict[StateKey, dict[str, Json]]:
        """What is here now."""
        return deepcopy(self.documents)

    def undo_to(self, mark: Any) -> None:
        """Has again what was there at ``mark``."""
        self.documents = mark


class Nowhere:
    """A :class:`~lykeion.blocks.types.Sink` that keeps nothing: nobody learns here."""

    def grade(self, ref: str, value: float | None, max_value: float | None, **_how: Any) -> None:
        """Not kept."""

    def completion(self, ref: str, completion: float, *, user_id: int | None) -> None:
        """Not kept."""

    def event(self, ref: str, name: str, payload: Mapping[str, Json], asides: Mapping[str, Json]) -> None:
        """Not kept."""

    def mark(self) -> None:
        """Nothing."""

    def undo_to(self, mark: None) -> None:
        """Nothing to undo."""


def visit_of(
    author: Author,
    outline: Outline,
    at: datetime,
    scratch: Scratch | None = None,
    *,
    editing: ObjectId | None = None,
) -> Visit:
    """A visit of ``author`` to a part of the draft; ``editing`` is the version they saw of what they edit."""
    person = author.person
    viewer = Viewer(
        user_id=person.id,
        username=person.username,
        email=person.email,
        full_name=person.full_name,
        anonymous_id=accounts.anonymous_id(person.id, author.run),
        is_staff=True,
        is_global_staff=person.is_staff,
        role="staff",
        language=get_language() or person.language,
        time_zone=person.time_zone,
    )
    return Visit(
        viewer=viewer,
        outline=outline,
        at=at,
        nodes=lambda ids: content.nodes(ids),
        state=scratch if scratch is not None else Scratch(),
        sink=Nowhere(),
        urls=DraftUrls(author.run, editing),
        services={"visible": lambda _block: True},
    )
