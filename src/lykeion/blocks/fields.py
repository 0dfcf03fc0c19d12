"""Where the fields of blocks live: content and settings in the course's nodes, everything else in JSON documents.

The key of a document is (user, kind, name, family): the scope's user part, its block part, what that names, and
whether a block or an aside asks. One document holds all fields of one block (or type, or person) in that scope.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, NamedTuple

from opaque_keys.edx.keys import UsageKey
from xblock.core import XBlock
from xblock.exceptions import InvalidScopeError
from xblock.field_data import FieldData
from xblock.fields import BlockScope, Field, Reference, ReferenceList, ReferenceValueDict, Scope, UserScope

from lykeion.blocks.inherited import CourseBlock
from lykeion.blocks.plain import copied, plain
from lykeion.blocks.types import BlockProblem, StateKey, StateStore
from lykeion.content.types import Json, OutlineBlock

Values = dict[str, Json]
GONE: Final[Any] = object()
"""In what a block's author writes: the field is set no more, though the stored block has it."""
KINDS = {
    BlockScope.USAGE: "usage",
    BlockScope.DEFINITION: "definition",
    BlockScope.TYPE: "type",
    BlockScope.ALL: "all",
}
_SETTINGS = frozenset(name for name, field in CourseBlock.fields.items() if field.scope == Scope.settings)
_JUDGED = _SETTINGS | {"weight"}  # what outlines have read, and found to fit or not


class ReadOnlyField(InvalidScopeError):  # type: ignore[misc]
    """A block tried to change what its author wrote, for a learner."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return self.message


class Slot(NamedTuple):
    """Where one field lives. ``user`` is none, one or all; ``kind`` as in :class:`StateKey`, or children or parent.
    Blocks get a copy of what is ``mutable``."""

    user: str
    kind: str
    reference: bool
    mutable: bool = True


_slots: dict[Any, dict[str, Slot]] = {}


def slots(cls: Any) -> dict[str, Slot]:
    """The slot of every field of ``cls``, by name. Raises :class:`InvalidScopeError` for a scope that is none."""
    found = _slots.get(cls)
    if found is None:
        found = _slots[cls] = {name: _slot(field) for name, field in cls.fields.items()}
    return found


def _slot(field: Field) -> Slot:
    reference = isinstance(field, Reference | ReferenceList | ReferenceValueDict)
    if field.scope == Scope.children:
        return Slot("none", "children", reference)
    if field.scope == Scope.parent:
        return Slot("none", "parent", reference)
    if field.scope.block not in KINDS:
        raise InvalidScopeError(field.scope, Scope.scopes())
    user = {UserScope.NONE: "none", UserScope.ONE: "one", UserScope.ALL: "all"}[field.scope.user]
    return Slot(user, KINDS[field.scope.block], reference, field.MUTABLE)


@cache
def documents_of(cls: Any) -> frozenset[tuple[str, str]]:
    """The (user, kind) of the documents that blocks of ``cls`` are likely to read: those of fields of their own."""
    shared = CourseBlock.fields
    return frozenset(
        (slot.user, slot.kind) for name, slot in slots(cls).items() if slot.user != "none" and name not in shared
    )


@dataclass(slots=True)
class Place:
    """One block (or aside) in one runtime: who it is, what its author wrote, and the documents it has read."""

    ref: str
    family: str
    type: str
    usage: Any
    outline: OutlineBlock
    own: Mapping[str, Json]
    settings: Mapping[str, Json]
    children: list[Any]
    parent: Any
    documents: dict[tuple[str, str], Values]
    problem: BlockProblem | None = None

    @property
    def title(self) -> str:
        """The name that the author gave, or ''."""
        return str(self.outline.own.get("display_name") or "")

    def key(self, user_id: int | None, user: str, kind: str) -> StateKey:
        """Where this place's document for (``user``, ``kind``) is filed."""
        whose = user_id if user == "one" else None
        if kind == "type":
            return StateKey(whose, kind, self.type, self.family)
        if kind == "all":
            return StateKey(whose, kind, "", self.family)
        name = self.ref if self.family == XBlock.entry_point else f"{self.type}:{self.ref}"
        return StateKey(whose, kind, name, self.family)


class Documents:
    """The documents of one visit, each read once. What a visitor without an account writes is forgotten with it.

    ``authored`` (Studio) takes what blocks write to content and settings; without it, that is refused.
    """

    def __init__(self, store: StateStore, user_id: int | None, authored: dict[StateKey, Values] | None = None) -> None:
        self.store = store
        self.user_id = user_id
        self.authored = authored
        self._read: dict[StateKey, Values] = {}
        self._fleeting: dict[StateKey, Values] = {}

    def of(self, place: Place, user: str, kind: str) -> Values:
        """The document of ``place`` in (``user``, ``kind``); shared by every block that reads the same one."""
        found = place.documents.get((user, kind))
        if found is None:
            key = place.key(self.user_id, user, kind)
            found = place.documents[user, kind] = self._document(user, key)
        return found

    def write(self, place: Place, user: str, kind: str, changes: Values) -> None:
        """Sets ``changes`` in a document, here and in the store."""
        self.of(place, user, kind).update(changes)
        if self._kept(user):
            self.store.write(place.key(self.user_id, user, kind), changes)

    def delete(self, place: Place, user: str, kind: str, name: str) -> None:
        """Removes a field from a document. Raises :class:`KeyError` if it is not there."""
        del self.of(place, user, kind)[name]
        if self._kept(user):
            self.store.delete(place.key(self.user_id, user, kind), name)

    def forget(self) -> None:
        """Reads documents anew from now on: what was written to them meanwhile has been undone."""
        self._read.clear()
        self._fleeting.clear()

    def _kept(self, user: str) -> bool:
        return user == "all" or (user == "one" and self.user_id is not None)

    def _document(self, user: str, key: StateKey) -> Values:
        if user == "none":
            return {} if self.authored is None else self.authored.setdefault(key, {})
        if not self._kept(user):
            return self._fleeting.setdefault(key, {})
        found = self._read.get(key)
        if found is None:
            found = self._read[key] = dict(self.store.read(key))
        return found


class CourseFields(FieldData):  # type: ignore[misc]
    """All fields of all blocks of a runtime."""

    def __init__(self, documents: Documents) -> None:
        self.documents = documents

    def has(self, block: Any, name: str) -> bool:
        """Whether somebody set the field here (an inherited value does not count)."""
        slot = slots(type(block)).get(name)
        if slot is None:
            return False
        place = block.scope_ids.place
        if slot.user != "none":
            return name in self.documents.of(place, slot.user, slot.kind)
        written = self._authored(place, slot)
        if name in written:
            return written[name] is not GONE
        return _is_set(place, name) or slot.kind in {"children", "parent"}

    def get(self, block: Any, name: str) -> Any:
        """The field's value in JSON form (dates of settings as dates). Raises :class:`KeyError` if it is not set."""
        slot = slots(type(block))[name]
        place = block.scope_ids.place
        if slot.user == "none":
            value = self._content(place, slot, name)
        else:
            value = self.documents.of(place, slot.user, slot.kind)[name]
            value = copied(value) if slot.mutable else value
        return _keys(value) if slot.reference else value

    def default(self, block: Any, name: str) -> Any:
        """The inherited value. Raises :class:`KeyError` if there is none."""
        if slots(type(block))[name][:2] != ("none", "usage"):
            raise KeyError("not inherited")
        settings = block.scope_ids.place.settings
        if name in settings:
            return copied(settings[name])
        raise KeyError("not inherited")

    def set(self, block: Any, name: str, value: Any) -> None:
        """Sets one field. Raises :class:`InvalidScopeError` for content, which learners cannot change."""
        self.set_many(block, {name: value})

    def set_many(self, block: Any, update_dict: Mapping[str, Any]) -> None:
        """Sets fields. Raises :class:`InvalidScopeError` for content, which learners cannot change."""
        groups: dict[tuple[str, str], Values] = {}
        for name, value in update_dict.items():
            slot = self._writable(block, name)
            groups.setdefault((slot.user, slot.kind), {})[name] = plain(value)
        for (user, kind), changes in groups.items():
            self.documents.write(block.scope_ids.place, user, kind, changes)

    def delete(self, block: Any, name: str) -> None:
        """Forgets a field. Raises :class:`KeyError` if it is not set."""
        slot = self._writable(block, name)
        if slot.user == "none":
            self._unset(block, slot, name)
        else:
            self.documents.delete(block.scope_ids.place, slot.user, slot.kind, name)

    def _unset(self, block: Any, slot: Slot, name: str) -> None:
        place = block.scope_ids.place
        if not self.has(block, name):
            raise KeyError(name)
        written = self._authored(place, slot)
        if name in place.own:
            written[name] = GONE
        else:
            del written[name]

    def _content(self, place: Place, slot: Slot, name: str) -> Any:
        written = self._authored(place, slot)
        if name in written:
            if written[name] is GONE:
                raise KeyError(name)
            return copied(written[name])
        if slot.kind == "children":
            return list(place.children)
        if slot.kind == "parent":
            return place.parent
        if slot.kind == "usage" and name in place.own:
            for read in (place.settings, place.outline.own):  # the same value, its date already read
                if name in read and name in _JUDGED:
                    return copied(read[name])
        return copied(place.own[name])

    def _authored(self, place: Place, slot: Slot) -> Values:
        return {} if self.documents.authored is None else self.documents.of(place, slot.user, slot.kind)

    def _writable(self, block: Any, name: str) -> Slot:
        slot = slots(type(block))[name]
        if slot.kind == "parent" or (slot.user == "none" and self.documents.authored is None):
            raise ReadOnlyField(f"{name} of {block.scope_ids.usage_id} belongs to the course; learners cannot set it")
        return slot


def _is_set(place: Place, name: str) -> bool:
    """Whether the author set ``name`` here, to a value that fits: others are ignored (``content/settings.py``)."""
    ignored = name in _JUDGED and name not in place.settings and name not in place.outline.own
    return name in place.own and not ignored


def _keys(value: Any) -> Any:
    if isinstance(value, str):
        return UsageKey.from_string(value)
    if isinstance(value, list):
        return [_keys(item) for item in value]
    if isinstance(value, dict):
        return {name: _keys(item) for name, item in value.items()}
    return value
