"""Removing what nobody can get back to any more: objects, files, outlines.

Roots are what refs point to and what the retained part of their logs names, and the items of libraries that copies in
these versions were taken from: a copy is compared with them when it is updated. Everything else may go, once it has not
been touched for a grace period: every writer touches each object and file that it counts on before it moves a ref,
also those that were there already, so whatever a running import, publish or rollback needs is younger than that. The
deletion itself asks for the age again, in one step with removing. An operation that takes longer than the grace period
is the one thing that is not protected.
"""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta
from typing import Final

from lykeion.content.files import delete_files, old_files
from lykeion.content.outlines import forget_outlines, outlines_besides
from lykeion.content.stores.batches import BATCH
from lykeion.content.trees import hashes_in, origins_in, walk
from lykeion.content.types import GarbageReport, ObjectId, ObjectMissing, ObjectStore, Progress
from lykeion.content.work import sweep

GRACE: Final = timedelta(days=1)
KEEP_DAYS: Final = timedelta(days=90)
KEEP_MOVES: Final = 20
_ALL: Final = 1_000_000


def collect_garbage(store: ObjectStore, *, dry_run: bool, at: datetime, progress: Progress) -> GarbageReport:
    """Forgets log entries older than 90 days (never the newest 20 of a ref), then removes what nothing reaches.

    A dry run changes nothing and counts what would go. Raises :class:`~lykeion.content.types.ObjectMissing`, having
    removed no object, when a version that is to be kept is not whole.
    """
    refs = store.refs()
    forgotten = sum(_trim(store, name, at, dry_run) for name in refs)
    roots = _roots(store, refs, at, dry_run)
    seen, hashes = _mark(store, roots, progress)
    cutoff = at - GRACE
    report = GarbageReport(
        kept=len(seen),
        objects=_sweep_objects(store, seen, cutoff, dry_run, progress),
        files=_sweep_files(hashes, cutoff, dry_run),
        log_entries=forgotten,
        outlines=len(outlines_besides(roots)) if dry_run else forget_outlines(roots),
        dry_run=dry_run,
    )
    if not dry_run:
        sweep(touched_before=cutoff.timestamp())
    return report


def _trim(store: ObjectStore, name: str, at: datetime, dry_run: bool) -> int:
    if not dry_run:
        return store.trim_log(name, before=at - KEEP_DAYS, keep=KEEP_MOVES)
    return sum(entry.at < at - KEEP_DAYS for entry in store.log(name, limit=_ALL)[KEEP_MOVES:])


def _roots(store: ObjectStore, refs: dict[str, ObjectId], at: datetime, dry_run: bool) -> list[ObjectId]:
    """What refs point to and retained log entries name. Refs are read again: one may have moved since."""
    roots = dict.fromkeys(refs.values())
    for name in refs:
        for place, entry in enumerate(store.log(name, limit=_ALL)):
            if not dry_run or place < KEEP_MOVES or entry.at >= at - KEEP_DAYS:
                roots.update(dict.fromkeys(root for root in (entry.new, entry.old) if root is not None))
    roots.update(dict.fromkeys(store.refs().values()))
    return list(roots)


def _mark(store: ObjectStore, roots: list[ObjectId], progress: Progress) -> tuple[set[bytes], set[str]]:
    seen: set[bytes] = set()
    hashes: set[str] = set()
    origins: set[ObjectId] = set()
    for done, (_, node) in enumerate(walk(store, roots, seen)):
        hashes.update(hashes_in(node))
        origins.update(origins_in(node))
        if done % BATCH == 0:
            progress(done, len(seen), "looking at versions")
    for origin in sorted(origins):
        if bytes.fromhex(origin) not in seen and _is_stored(store, origin):
            deque(walk(store, [origin], seen), maxlen=0)
    return seen, hashes


def _is_stored(store: ObjectStore, object_id: ObjectId) -> bool:
    """Whether it is here: an imported course may name versions of a library that never was."""
    try:
        store.read_many([object_id])
    except ObjectMissing:
        return False
    return True


def _sweep_objects(store: ObjectStore, seen: set[bytes], cutoff: datetime, dry_run: bool, progress: Progress) -> int:
    """Objects outside ``seen``, a batch at a time: what is listed while others write is merely too young to go."""
    gone, batch = 0, []
    for object_id in store.ids(touched_before=cutoff):
        if bytes.fromhex(object_id) not in seen:
            batch.append(object_id)
        if len(batch) == BATCH:
            gone += _delete(store, batch, cutoff, dry_run)
            batch = []
            progress(gone, gone, "removing objects")
    return gone + _delete(store, batch, cutoff, dry_run)


def _delete(store: ObjectStore, batch: list[ObjectId], cutoff: datetime, dry_run: bool) -> int:
    return len(batch) if dry_run else store.delete_many(batch, touched_before=cutoff)


def _sweep_files(hashes: set[str], cutoff: datetime, dry_run: bool) -> int:
    old = [digest for digest in old_files(touched_before=cutoff.timestamp()) if digest not in hashes]
    return len(old) if dry_run else delete_files(old, touched_before=cutoff.timestamp())
