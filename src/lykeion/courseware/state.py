"""Learner-side fields of blocks for one visit: read in one snapshot, written all at once or not at all."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import orjson
from django.db.models import Case, F, TextField, Value, When

from lykeion.blocks.types import StateKey
from lykeion.content.types import Json
from lykeion.core.prepared import Prepared
from lykeion.courseware.models import LearnerState, ScopedState
from lykeion.courseware.types import StateCopy

BLOCKS = "xblock.v1"
_PER_RUN = frozenset({"usage", "definition"})


class Row(NamedTuple):
    """What is stored of one learner and one block. ``version`` 0: nothing was written yet."""

    state: str
    completion: float | None
    version: int


class Document(NamedTuple):
    """A stored JSON object as text, with its version."""

    text: str
    version: int


NO_ROW = Row("", None, 0)
NO_DOCUMENT = Document("", 0)
ScopedName = tuple[int, str, str, str]
"""Primary key of a :class:`ScopedState`: user (0 = all), kind, name, family."""


@dataclass
class VisitState:
    """The :class:`~lykeion.blocks.types.StateStore` of one visit. Nothing is written to the database here."""

    user_id: int | None
    run_id: int
    copy: StateCopy | None = None
    """Documents that are read in place of what is stored."""
    _rows: dict[str, Row] = field(default_factory=dict)
    _completions: dict[str, float | None] = field(default_factory=dict)
    _scoped: dict[ScopedName, Document] = field(default_factory=dict)
    _changes: dict[StateKey, dict[str, Json]] = field(default_factory=dict)
    _removed: dict[StateKey, set[str]] = field(default_factory=dict)

    # What pages ask

    def load_rows(self, refs: Collection[str], with_state: Collection[str]) -> None:
        """One read of the rows of ``refs``; only those also in ``with_state`` can be read as fields afterwards."""
        if self.user_id is None or not with_state:
            return
        rows = read_page(self.user_id, self.run_id, refs, with_state)
        self._completions = {ref: row.completion for ref, row in rows.items()}
        self._rows.update((ref, self._copied(ref, rows.get(ref, NO_ROW))) for ref in with_state)

    def completion(self, ref: str) -> float:
        """The completion of a block whose row was loaded."""
        return self._completions.get(ref) or 0.0

    # What blocks ask

    def completions(self, refs: Collection[str]) -> dict[str, float]:
        """How far the learner is in those of ``refs`` that they began, between 0 and 1, as it is stored. One read."""
        if self.user_id is None or not refs:
            return {}
        return {ref: row.completion or 0.0 for ref, row in read_rows(self.user_id, self.run_id, refs).items()}

    def prefetch(self, keys: Sequence[StateKey]) -> None:
        """Loads the documents of ``keys`` that are not loaded yet: one read of each of the two tables at most."""
        refs = [key.name for key in keys if self._is_own(key) and key.name not in self._rows]
        if refs and self.user_id is not None:
            found = read_rows(self.user_id, self.run_id, refs)
            self._rows.update((ref, self._copied(ref, found.get(ref, NO_ROW))) for ref in refs)
        names = [self._name(key) for key in keys if not self._is_own(key)]
        missing = [name for name in names if name not in self._scoped]
        if missing:
            documents = read_scoped(missing)
            self._scoped.update((name, documents.get(name, NO_DOCUMENT)) for name in missing)

    def _copied(self, ref: str, row: Row) -> Row:
        text = self.copy.documents.get(ref) if self.copy is not None else None
        return row if text is None else row._replace(state=text)

    def read(self, key: StateKey) -> dict[str, Json]:
        """The document of ``key`` with this visit's changes; a fresh object each time."""
        return self._with_changes(key, decode(self._stored(key).text))

    def _with_changes(self, key: StateKey, document: dict[str, Json]) -> dict[str, Json]:
        for name in self._removed.get(key, ()):
            document.pop(name, None)
        document.update(self._changes.get(key, {}))
        return document

    def write(self, key: StateKey, changes: Mapping[str, Json]) -> None:
        """Sets fields of the document of ``key``, for this visit until it is committed."""
        self._changes.setdefault(key, {}).update(changes)
        self._removed.get(key, set()).difference_update(changes)

    def delete(self, key: StateKey, name: str) -> None:
        """Removes a field of the document of ``key``, for this visit until it is committed."""
        self._changes.get(key, {}).pop(name, None)
        self._removed.setdefault(key, set()).add(name)

    def mark(self) -> tuple[dict[StateKey, dict[str, Json]], dict[StateKey, set[str]]]:
        """What has been written so far, for :meth:`undo_to`."""
        changes = {key: dict(values) for key, values in self._changes.items()}
        return changes, {key: set(names) for key, names in self._removed.items()}

    def undo_to(self, mark: tuple[dict[StateKey, dict[str, Json]], dict[StateKey, set[str]]]) -> None:
        """Forgets what was written since ``mark``."""
        self._changes, self._removed = mark

    # What a commit asks

    def changed_rows(self) -> dict[str, Document]:
        """The new text of each of the learner's documents that changed, with the version that was read."""
        return {key.name: document for key, document in self._changed() if self._is_own(key)}

    def changed_scoped(self) -> dict[ScopedName, Document]:
        """As :meth:`changed_rows`, for documents of other scopes."""
        return {self._name(key): document for key, document in self._changed() if not self._is_own(key)}

    def reread(self) -> None:
        """Forgets what was read, not what is to be written: it will be written over what is stored by then."""
        self._rows.clear()
        self._completions.clear()
        self._scoped.clear()

    def settle(self) -> None:
        """After a commit: what was to be written is."""
        self._changes.clear()
        self._removed.clear()
        self.reread()

    def _changed(self) -> Iterable[tuple[StateKey, Document]]:
        for key in dict.fromkeys((*self._changes, *self._removed)):
            old = self._stored(key)
            before = decode(old.text)
            new = self._with_changes(key, dict(before))
            if new != before:
                yield key, Document(encode(new), old.version)

    def _stored(self, key: StateKey) -> Document:
        self.prefetch([key])
        if self._is_own(key):
            row = self._rows[key.name]
            return Document(row.state, row.version)
        return self._scoped[self._name(key)]

    def _is_own(self, key: StateKey) -> bool:
        return key.kind == "usage" and key.family == BLOCKS and key.user_id is not None

    def _name(self, key: StateKey) -> ScopedName:
        name = f"{self.run_id}/{key.name}" if key.kind in _PER_RUN else key.name
        return (key.user_id or 0, key.kind, name, key.family)


def _scoped(rows: Any, users: list[int], kinds: list[str], names: list[str], families: list[str]) -> Any:
    found = rows.filter(user_id__in=users, kind__in=kinds, name__in=names, family__in=families)
    return found.values_list("user_id", "kind", "name", "family", "document", "version")


# A learner must see what they did a moment ago, so all of these read where writes go, not from a replica.
_ROWS = Prepared(
    LearnerState,
    lambda rows, user, run, refs: rows.filter(user_id=user, run_id=run, ref__in=refs).values_list(
        "ref", "state", "completion", "version"
    ),
    write=True,
)
_PAGE = Prepared(
    LearnerState,
    lambda rows, user, run, refs, with_state: (
        rows.filter(user_id=user, run_id=run, ref__in=refs)
        .annotate(shown=Case(When(ref__in=with_state, then=F("state")), default=Value(""), output_field=TextField()))
        .values_list("ref", "shown", "completion", "version")
    ),
    write=True,
)
_SCOPED = Prepared(ScopedState, _scoped, write=True)
_SCOPED_LOCKED = Prepared(
    ScopedState,
    lambda rows, *names: _scoped(rows.select_for_update().order_by("user_id", "kind", "name", "family"), *names),
    write=True,
)


def read_rows(user_id: int, run_id: int, refs: Collection[str]) -> dict[str, Row]:
    """The rows of a learner for ``refs``: one read by primary key."""
    return {row[0]: Row(*row[1:]) for row in _ROWS(user_id, run_id, refs)}


def read_page(user_id: int, run_id: int, refs: Collection[str], with_state: Collection[str]) -> dict[str, Row]:
    """As :func:`read_rows`, with the state of those ``with_state`` only: the rest of a subsection shows ticks."""
    return {row[0]: Row(*row[1:]) for row in _PAGE(user_id, run_id, refs, with_state)}


def read_scoped(names: Collection[ScopedName], *, lock: bool = False) -> dict[ScopedName, Document]:
    """The documents of ``names``, locked until the transaction ends if so asked: one read."""
    columns = (set(column) for column in zip(*names, strict=True))
    return {row[:4]: Document(*row[4:]) for row in (_SCOPED_LOCKED if lock else _SCOPED)(*columns)}


def decode(text: str) -> dict[str, Json]:
    """The JSON object in ``text``; an empty one for ''."""
    if not text:
        return {}
    try:
        found: dict[str, Json] = orjson.loads(text)
    except orjson.JSONDecodeError:  # numbers past 64 bits, NaN: stored by encode's second way
        found = json.loads(text)
    return found


def encode(document: Mapping[str, Any]) -> str:
    """``document`` as JSON text."""
    try:
        return orjson.dumps(document).decode()
    except TypeError:  # whole numbers past 64 bits
        return json.dumps(document)
