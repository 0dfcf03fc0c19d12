"""Course content in MongoDB.

Collections: ``objects`` (``_id`` is the object id, so it can be sharded by it), ``refs`` (one document for each run)
and ``log`` (older log entries).

Crash safety. All refs of a run live in one document together with their newest log entries, and MongoDB changes one
document in one step, on a single server as on a replica set. So a move of both branches with its log is one
``findOneAndUpdate`` whose filter holds the old values: it happens whole or not at all, and two writers cannot both win.
When the entries in the document become many they are copied to ``log`` under fixed ids and only then removed from
the document; a crash in between leaves an entry in both places, readers drop the repeat, and the next move
finishes the job. Writes are acknowledged by a majority and in the journal; refs are read with majority concern, so a
ref that was seen is never rolled back.
"""

from __future__ import annotations

import atexit
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import Any

from pymongo import DESCENDING, MongoClient, ReturnDocument
from pymongo.errors import BulkWriteError, DuplicateKeyError
from pymongo.read_concern import ReadConcern
from pymongo.read_preferences import ReadPreference
from pymongo.write_concern import WriteConcern

from lykeion.content.objects import node_of, packed, unpack
from lykeion.content.stores.batches import BATCH, REFRESH_AFTER, batches, unique, weighed
from lykeion.content.types import LogEntry, Node, ObjectId, ObjectMissing, RefMoved
from lykeion.jobs.signals import interrupted

Document = dict[str, Any]

_IN_DOCUMENT = 50  # log entries of a run kept beside its refs before they are moved to ``log``
_FIRST = 10**11  # numbers of moves keep one width, so that their text sorts as they do
_DUPLICATE = 11000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def mongo_store(url: str) -> MongoStore:
    """The store at ``url`` (``mongodb://host/name``), with one connection pool for each process."""
    key = (url, os.getpid())
    found = _stores.get(key)
    return found if found is not None else _stores.setdefault(key, MongoStore(url))


_stores: dict[tuple[str, int], MongoStore] = {}


def forget_clients(**_told: object) -> None:
    """The next one who asks gets a store with a new client: whoever was ended in the middle of the driver, or was short
    of memory, may leave a client whose threads are dead, which never finds its servers again."""
    while _stores:
        _stores.popitem()[1].let_go()


interrupted.connect(forget_clients, dispatch_uid="content.mongo")


class MongoStore:
    """The :class:`~lykeion.content.types.ObjectStore` in a MongoDB database."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._client: MongoClient[Document] = MongoClient(url, serverSelectionTimeoutMS=5000, connectTimeoutMS=5000)
        atexit.register(self._client.close)
        database = self._client.get_default_database("lykeion")
        durable = WriteConcern(w="majority", j=True)
        self._objects = database.get_collection("objects", write_concern=WriteConcern(w="majority"))
        self._refs = database.get_collection(
            "refs",
            write_concern=durable,
            read_concern=ReadConcern("majority"),
            read_preference=ReadPreference.PRIMARY,
        )
        self._log = database.get_collection("log", write_concern=durable, read_preference=ReadPreference.PRIMARY)

    def let_go(self) -> None:
        """Closes the client, in a thread that nobody waits for: it might wait itself for a lock that is never given
        back."""
        atexit.unregister(self._client.close)
        Thread(target=self._client.close, name="lykeion-mongo-close", daemon=True).start()

    def get_many(self, ids: Sequence[ObjectId]) -> dict[ObjectId, Node]:
        """The nodes of ``ids``."""
        return {object_id: node_of(data) for object_id, data in self.read_many(ids).items()}

    def read_many(self, ids: Sequence[ObjectId]) -> dict[ObjectId, bytes]:
        """The canonical bytes of ``ids``, one query for each 500."""
        found: dict[ObjectId, bytes] = {}
        for batch in batches(unique(ids)):
            rows = {row["_id"]: row["data"] for row in self._objects.find({"_id": {"$in": batch}})}
            for object_id in batch:
                if object_id not in rows:
                    raise ObjectMissing(f"Object {object_id} is not in the content store; restore it from a backup.")
                found[object_id] = unpack(object_id, rows[object_id])
        return found

    def put_many(self, nodes: Sequence[Node]) -> list[ObjectId]:
        """Stores ``nodes``; ids in the same order."""
        pairs = packed(nodes)
        for piece in weighed(pairs):
            self._put(piece)
        return [object_id for object_id, _ in pairs]

    def touch_many(self, ids: Sequence[ObjectId]) -> None:
        """Keeps ``ids`` from being collected for another grace period."""
        for batch in batches(unique(ids)):
            missing = set(batch) - self._touch(batch)
            if missing:
                raise ObjectMissing(f"Object {min(missing)} is not in the content store any more.")

    def read_ref(self, name: str) -> ObjectId | None:
        """Where ref ``name`` points."""
        run, branch = _split(name)
        found = self._refs.find_one({"_id": run}, {f"refs.{branch}": 1})
        target = found and found.get("refs", {}).get(branch)
        return ObjectId(target) if target else None

    def compare_and_set_refs(self, entries: Sequence[LogEntry]) -> None:
        """Moves and logs all refs of ``entries``, which belong to one run, by one change of its document."""
        runs = {_split(entry.ref)[0] for entry in entries}
        if len(runs) != 1:
            raise ValueError(f"refs of one run move together, not of {sorted(runs)}")
        run = runs.pop()
        moved = self._move(run, entries)
        if moved is None:
            raise self._told(entries)
        if len(moved["log"]) > _IN_DOCUMENT:
            self._file(run, moved["log"])

    def compare_and_set_ref(self, name: str, entry: LogEntry) -> None:
        """Moves and logs one ref."""
        self.compare_and_set_refs([entry])

    def log(self, name: str, *, limit: int = 50) -> list[LogEntry]:
        """The newest moves of ``name``, newest first."""
        return [_entry(row) for row in self._entries(name, limit)[:limit]]

    def trim_log(self, name: str, *, before: datetime, keep: int) -> int:
        """Forgets old moves of ``name`` beyond the newest ``keep``."""
        old = [row["_id"] for row in self._entries(name)[keep:] if row["at"] < _microseconds(before)]
        for start in range(0, len(old), BATCH):
            some = old[start : start + BATCH]
            self._log.delete_many({"_id": {"$in": some}})
            self._refs.update_one({"_id": _split(name)[0]}, {"$pull": {"log": {"_id": {"$in": some}}}})
        return len(old)

    def refs(self) -> dict[str, ObjectId]:
        """Every ref and where it points."""
        found = self._refs.find({}, {"refs": 1})
        return {f"{row['_id']}/{branch}": ObjectId(oid) for row in found for branch, oid in row["refs"].items()}

    def ids(self, *, touched_before: datetime) -> Iterator[ObjectId]:
        """Every object not touched since ``touched_before``, by id, without holding a cursor open."""
        last = ""
        while True:
            old = {"_id": {"$gt": last}, "touched": {"$lt": touched_before.timestamp()}}
            page = [row["_id"] for row in self._objects.find(old, {"_id": 1}).sort("_id", 1).limit(BATCH * 10)]
            if not page:
                return
            yield from map(ObjectId, page)
            last = page[-1]

    def delete_many(self, ids: Sequence[ObjectId], *, touched_before: datetime) -> int:
        """Removes those of ``ids`` not touched since ``touched_before``."""
        old = {"touched": {"$lt": touched_before.timestamp()}}
        return sum(self._objects.delete_many({"_id": {"$in": b}, **old}).deleted_count for b in batches(unique(ids)))

    def close(self) -> None:
        """Gives the connections back."""
        self._client.close()

    def _put(self, piece: Mapping[ObjectId, bytes]) -> None:
        known = self._touch(list(piece))
        now = int(time.time())
        rows = [{"_id": key, "data": data, "touched": now} for key, data in piece.items() if key not in known]
        if not rows:
            return
        try:
            self._objects.insert_many(rows, ordered=False)
        except BulkWriteError as error:
            if any(problem["code"] != _DUPLICATE for problem in error.details["writeErrors"]):
                raise

    def _touch(self, ids: Sequence[ObjectId]) -> set[ObjectId]:
        """Touches what is there and returns it. The update comes first: what it or a recent writer touched stays."""
        now = int(time.time())
        stale = {"_id": {"$in": list(ids)}, "touched": {"$lt": now - REFRESH_AFTER}}
        if self._objects.find_one(stale, {"_id": 1}):
            self._objects.update_many(stale, {"$set": {"touched": now}})
        fresh = {"_id": {"$in": list(ids)}, "touched": {"$gte": now - REFRESH_AFTER}}
        return {ObjectId(row["_id"]) for row in self._objects.find(fresh, {"_id": 1})}

    def _move(self, run: str, entries: Sequence[LogEntry]) -> Document | None:
        """The run's document after the move, or None when a ref does not point where its entry says."""
        if not run:
            raise ValueError(f"{entries[0].ref!r} is not a ref; one looks like course-v1:ORG+COURSE+RUN/draft")
        there: Document = {"_id": run}
        for entry in entries:
            there[f"refs.{_split(entry.ref)[1]}"] = entry.old if entry.old is not None else {"$exists": False}
        new = all(entry.old is None for entry in entries)
        change = [stage for entry in entries for stage in _stages(run, entry)]
        try:
            return self._refs.find_one_and_update(there, change, upsert=new, return_document=ReturnDocument.AFTER)
        except DuplicateKeyError:  # the run is there already, so the upsert could not create it
            return None

    def _told(self, entries: Sequence[LogEntry]) -> RefMoved:
        """What to tell the loser: the first ref that does not point where its entry says."""
        actual = {entry.ref: self.read_ref(entry.ref) for entry in entries}
        name = next((entry.ref for entry in entries if actual[entry.ref] != entry.old), entries[0].ref)
        return RefMoved(f"{name} was changed by somebody else in the meantime.", actual[name])

    def _file(self, run: str, rows: list[Document]) -> None:
        """Moves older log entries out of the run's document; safe to repeat at any point."""
        old = rows[: -_IN_DOCUMENT // 2]
        try:
            self._log.insert_many([{"run": run, **row} for row in old], ordered=False)
        except BulkWriteError as error:
            if any(problem["code"] != _DUPLICATE for problem in error.details["writeErrors"]):
                raise
        self._refs.update_one({"_id": run}, {"$pull": {"log": {"_id": {"$in": [row["_id"] for row in old]}}}})

    def _entries(self, name: str, limit: int = 0) -> list[Document]:
        """Log rows of ``name`` (with a ``limit`` at least so many), newest first. The document is read first: what
        leaves it is in ``log`` by then."""
        run = _split(name)[0]
        document = self._refs.find_one({"_id": run}, {"log": 1}) or {"log": []}
        newest = [row for row in reversed(document["log"]) if row["ref"] == name]
        if 0 < limit <= len(newest):
            return newest
        seen = {row["_id"] for row in newest}
        start = {"$gte": f"{run}:", "$lt": f"{run};"}
        older = self._log.find({"_id": start, "ref": name}).sort("_id", DESCENDING).limit(limit)
        return newest + [row for row in older if row["_id"] not in seen]


def _split(name: str) -> tuple[str, str]:
    """Run and branch of a ref; a text that is none becomes a name that no ref has."""
    run, _, branch = name.rpartition("/")
    return run, branch if branch.isidentifier() else "none"


def _stages(run: str, entry: LogEntry) -> list[Document]:
    """One move as stages of an update: the ref, then its log entry under the next number of the run."""
    branch = f"refs.{_split(entry.ref)[1]}"
    ref = {"$unset": branch} if entry.new is None else {"$set": {branch: {"$literal": entry.new}}}
    number = {"$add": [{"$ifNull": ["$moves", 0]}, 1]}
    digits = {"$toString": {"$add": [_FIRST, "$moves"]}}
    row = {"$mergeObjects": [{"$literal": _row(entry)}, {"_id": {"$concat": [{"$literal": f"{run}:"}, digits]}}]}
    log = {"$concatArrays": [{"$ifNull": ["$log", []]}, [row]]}
    return [ref, {"$set": {"moves": number}}, {"$set": {"log": log}}]


def _row(entry: LogEntry) -> Document:
    at = _microseconds(entry.at)
    return {"ref": entry.ref, "old": entry.old, "new": entry.new, "author": entry.author, "at": at, "why": entry.why}


def _entry(row: Document) -> LogEntry:
    at = _EPOCH + timedelta(microseconds=row["at"])
    return LogEntry(row["ref"], row["old"], row["new"], row["author"], at, row["why"])


def _microseconds(at: datetime) -> int:
    """MongoDB's own dates stop at milliseconds."""
    return (at - _EPOCH) // timedelta(microseconds=1)
