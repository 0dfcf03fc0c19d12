"""Course content in the relational database: SQLite, MariaDB, MySQL.

A move of refs and its log entries are one transaction. The compare-and-set is an ``UPDATE ... WHERE target = old``,
which every database serialises by the row, and the primary key decides between two writers who create the same ref.

Each batch of objects is a transaction of its own, so a killed writer leaves whole objects that nothing reaches yet.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import TypeVar

from django.db import DEFAULT_DB_ALIAS, IntegrityError, OperationalError, connections, transaction

from lykeion.content.models import Ref, RefMove, StoredObject
from lykeion.content.objects import node_of, packed, unpack
from lykeion.content.stores.batches import BATCH, REFRESH_AFTER, batches, unique, weighed
from lykeion.content.types import LogEntry, Node, ObjectId, ObjectMissing, RefMoved
from lykeion.core.prepared import Prepared

T = TypeVar("T")

_DEADLOCK = 1213  # MySQL and MariaDB: the transaction was rolled back, start it again
_TRIES = 5
_TARGET = Prepared(Ref, lambda rows, name: rows.filter(name=name).values_list("target"))


class SqlStore:
    """The :class:`~lykeion.content.types.ObjectStore` in the database ``alias`` of Django's settings."""

    def __init__(self, alias: str = DEFAULT_DB_ALIAS) -> None:
        self._alias = alias
        self._objects = StoredObject.objects.using(alias)
        self._refs = Ref.objects.using(alias)
        self._moves = RefMove.objects.using(alias)

    def get_many(self, ids: Sequence[ObjectId]) -> dict[ObjectId, Node]:
        """The nodes of ``ids``."""
        return {object_id: node_of(data) for object_id, data in self.read_many(ids).items()}

    def read_many(self, ids: Sequence[ObjectId]) -> dict[ObjectId, bytes]:
        """The canonical bytes of ``ids``, one query for each 500."""
        found: dict[ObjectId, bytes] = {}
        for batch in batches(unique(ids)):
            rows = dict(self._objects.filter(id__in=batch).values_list("id", "data"))
            for object_id in batch:
                if object_id not in rows:
                    raise ObjectMissing(f"Object {object_id} is not in the content store; restore it from a backup.")
                found[object_id] = unpack(object_id, bytes(rows[object_id]))
        return found

    def put_many(self, nodes: Sequence[Node]) -> list[ObjectId]:
        """Stores ``nodes``; ids in the same order."""
        pairs = packed(nodes)
        for piece in weighed(pairs):
            self._again(partial(self._put, piece))
        return [object_id for object_id, _ in pairs]

    def touch_many(self, ids: Sequence[ObjectId]) -> None:
        """Keeps ``ids`` from being collected for another grace period."""
        for batch in batches(unique(ids)):
            missing = set(batch) - self._again(partial(self._touch, batch))
            if missing:
                raise ObjectMissing(f"Object {min(missing)} is not in the content store any more.")

    def read_ref(self, name: str) -> ObjectId | None:
        """Where ref ``name`` points."""
        return next((ObjectId(row[0]) for row in _TARGET(name, using=self._alias)), None)

    def compare_and_set_refs(self, entries: Sequence[LogEntry]) -> None:
        """Moves and logs all refs of ``entries`` in one transaction."""
        self._again(partial(self._move, entries))

    def compare_and_set_ref(self, name: str, entry: LogEntry) -> None:
        """Moves and logs one ref."""
        self.compare_and_set_refs([entry])

    def log(self, name: str, *, limit: int = 50) -> list[LogEntry]:
        """The newest moves of ``name``, newest first."""
        rows = self._moves.filter(ref=name).order_by("-id")[:limit]
        return [LogEntry(row.ref, _id(row.old), _id(row.new), row.author, row.at, row.why) for row in rows]

    def trim_log(self, name: str, *, before: datetime, keep: int) -> int:
        """Forgets old moves of ``name`` beyond the newest ``keep``."""
        newest = list(self._moves.filter(ref=name).order_by("-id").values_list("id", flat=True)[:keep])
        old = self._moves.filter(ref=name, at__lt=before)
        return (old.filter(id__lt=newest[-1]) if newest else old).delete()[0]

    def refs(self) -> dict[str, ObjectId]:
        """Every ref and where it points."""
        return {name: ObjectId(target) for name, target in self._refs.values_list("name", "target")}

    def ids(self, *, touched_before: datetime) -> Iterator[ObjectId]:
        """Every object not touched since ``touched_before``, by id, without holding a cursor open."""
        rows = self._objects.filter(touched__lt=touched_before.timestamp()).order_by("id")
        last = ""
        while page := list(rows.filter(id__gt=last).values_list("id", flat=True)[: BATCH * 10]):
            yield from map(ObjectId, page)
            last = page[-1]

    def delete_many(self, ids: Sequence[ObjectId], *, touched_before: datetime) -> int:
        """Removes those of ``ids`` not touched since ``touched_before``."""
        old = self._objects.filter(touched__lt=touched_before.timestamp())
        return sum(old.filter(id__in=batch).delete()[0] for batch in batches(unique(ids)))

    def _again(self, work: Callable[[], T]) -> T:
        """Runs ``work`` in a transaction, once more after a deadlock (an outer transaction has to do that itself)."""
        connection = connections[self._alias]
        for left in range(_TRIES, 0, -1):
            try:
                with transaction.atomic(using=self._alias):
                    return work()
            except OperationalError as error:
                if error.args[:1] != (_DEADLOCK,) or left == 1 or connection.in_atomic_block:
                    raise
        raise AssertionError("the last try returned or raised")

    def _put(self, piece: dict[ObjectId, bytes]) -> None:
        known = self._touch(list(piece))
        now = int(time.time())
        rows = [StoredObject(id=key, data=data, touched=now) for key, data in piece.items() if key not in known]
        self._objects.bulk_create(rows, ignore_conflicts=True)

    def _touch(self, ids: Sequence[ObjectId]) -> set[ObjectId]:
        """Touches what is there and returns it. The update comes first: what it or a recent writer touched stays."""
        now = int(time.time())
        known = self._objects.filter(id__in=ids)
        stale = set(known.filter(touched__lt=now - REFRESH_AFTER).values_list("id", flat=True))
        if stale:
            self._objects.filter(id__in=stale).update(touched=now)
        fresh = known.filter(touched__gte=now - REFRESH_AFTER).values_list("id", flat=True)
        return {ObjectId(object_id) for object_id in fresh}

    def _move(self, entries: Sequence[LogEntry]) -> None:
        for entry in sorted(entries, key=lambda entry: entry.ref):
            if not self._moved(entry):
                actual = self.read_ref(entry.ref)
                raise RefMoved(f"{entry.ref} was changed by somebody else in the meantime.", actual)
        self._moves.bulk_create(
            RefMove(ref=e.ref, old=e.old, new=e.new, author=e.author, at=e.at, why=e.why) for e in entries
        )

    def _moved(self, entry: LogEntry) -> bool:
        if entry.old is None:
            return entry.new is None or self._created(entry.ref, entry.new)
        here = self._refs.filter(name=entry.ref, target=entry.old)
        return bool(here.delete()[0] if entry.new is None else here.update(target=entry.new))

    def _created(self, name: str, target: ObjectId) -> bool:
        try:
            with transaction.atomic(using=self._alias):
                self._refs.create(name=name, target=target)
        except IntegrityError:
            return False
        return True


def _id(stored: str | None) -> ObjectId | None:
    return None if stored is None else ObjectId(stored)
