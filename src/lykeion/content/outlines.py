"""Where outlines are found: this process, else made from that of another version, the cache of the site, the database.

An outline is kept under the id of its root and the version of what compiles it. Neither ever means something else
later, so nothing is ever stale and nothing has to be thrown away on a publish.

After an edit or a publish only what changed is read (``content/renewing.py``), from the outline that this process made
last for the run. A process that has none starts with a stored one of a version before. So not every version is stored:
only one that is far from those that are.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b
from importlib.metadata import entry_points
from threading import Lock
from typing import Final

from django.core.cache import caches

from lykeion.content.cache import newest, outlines, prepared
from lykeion.content.models import CompiledOutline
from lykeion.content.outline import (
    FORMAT,
    Columns,
    Facts,
    assemble,
    columns_of,
    compile_columns,
    compile_part,
    dump,
    load,
    no_facts,
)
from lykeion.content.renewing import renewed
from lykeion.content.roots import ref_name
from lykeion.content.shapes import learn
from lykeion.content.types import ObjectId, ObjectStore, Outline
from lykeion.core.keys import CourseLocator
from lykeion.core.upsert import upsert

_log = logging.getLogger(__name__)

_KEEP: Final = 7 * 24 * 3600  # seconds in the shared cache
_FEW: Final = 500  # objects that are read rather than a stored outline
_MANY: Final = 5000  # ... rather than all of a course
_NEAR: Final = 15  # moves of a ref; garbage collection keeps the outlines of 20
_locks: Final = tuple(Lock() for _ in range(16))  # so that threads that want the same new outline compile it once


class _Compiler:
    facts: Facts = staticmethod(no_facts)
    version = ""


def register_facts(provider: Facts, version: str = "") -> None:
    """Lets ``provider`` tell what the class of a block says of a node. Called once, when the apps start.

    ``version`` must change whenever the provider's answers may; beside it the versions of all packages with XBlocks
    count.
    """
    _Compiler.facts = staticmethod(provider)
    _Compiler.version = version
    _compiler_key.cache_clear()


def outline_of(store: ObjectStore, run: CourseLocator, root: ObjectId) -> Outline:
    """The outline of ``root`` for ``run``. Raises :class:`~lykeion.content.types.ContentError` as the compiler does."""
    key = f"{root}:{_compiler_key()}"
    name = (str(run), key)
    found = outlines.get(name)
    if found is None:
        with _locks[hash(key) % len(_locks)]:
            found = outlines.get(name) or _found(store, run, root)
            _remember(found)
    return found


def keep_near(store: ObjectStore, run: CourseLocator, root: ObjectId) -> None:
    """Stores the outline of ``root``, which is to be published, unless one of a version shortly before is stored."""
    outline = outline_of(store, run, root)
    if _stored_near(store, run, root) is None:
        _keep(root, columns_of(outline))


def prepare(store: ObjectStore, run: CourseLocator, root: ObjectId) -> None:
    """Makes the first edit of a run in this process a quick one: where blocks are is taken from an outline that is here
    or stored, if there is one. What ``root`` has besides is read when it is asked for."""
    if prepared.get(str(run)):
        return
    prepared.put(str(run), True)
    outline = _last(run) or _near(store, run, root)
    if outline is not None:
        learn(outline.blocks)


def part_outline(
    store: ObjectStore, run: CourseLocator, root: ObjectId, way: Sequence[tuple[str, ObjectId]]
) -> Outline:
    """The last block of ``way`` (from the course down) with all below it, as an outline of its own. Kept nowhere."""
    return assemble(run, root, compile_part(store, way, _Compiler.facts))


def outlines_besides(roots: Sequence[ObjectId]) -> list[str]:
    """Keys of stored outlines whose root is not among ``roots``, or that another version compiled."""
    kept = {f"{root}:{_compiler_key()}" for root in roots}
    return [key for key in CompiledOutline.objects.values_list("key", flat=True) if key not in kept]


def forget_outlines(roots: Sequence[ObjectId]) -> int:
    """Removes :func:`outlines_besides` ``roots``; returns how many. Whoever needs one compiles it again."""
    gone = outlines_besides(roots)
    for start in range(0, len(gone), 500):
        CompiledOutline.objects.filter(key__in=gone[start : start + 500]).delete()
    return len(gone)


def _found(store: ObjectStore, run: CourseLocator, root: ObjectId) -> Outline:
    """From the one made last for the run here, else as stored, else from a stored one, else compiled and stored."""
    last = _last(run)
    found = renewed(store, last, root, _Compiler.facts, most=_FEW) if last else None
    if found is not None:
        return found
    columns = _stored(root)
    if columns is not None:
        return assemble(run, root, columns)
    base = last or _near(store, run, root)
    found = renewed(store, base, root, _Compiler.facts, most=_MANY) if base else None
    if found is not None:
        return found
    columns = compile_columns(store, root, _Compiler.facts)
    _keep(root, columns)
    return assemble(run, root, columns)


def _last(run: CourseLocator) -> Outline | None:
    name = newest.get(str(run))
    return outlines.get(name) if name is not None and name[1].endswith(_compiler_key()) else None


def _near(store: ObjectStore, run: CourseLocator, root: ObjectId) -> Outline | None:
    """That of a published version shortly before, if it is stored; remembered here."""
    near = _stored_near(store, run, root)
    columns = None if near is None else _stored(near)
    if near is None or columns is None:
        return None
    found = assemble(run, near, columns)
    _remember(found)
    return found


def _remember(outline: Outline) -> None:
    name = (str(outline.run), f"{outline.root}:{_compiler_key()}")
    outlines.put(name, outline)
    newest.put(name[0], name)


def _stored_near(store: ObjectStore, run: CourseLocator, root: ObjectId) -> ObjectId | None:
    """The newest published version of the run, or ``root`` itself, whose outline is stored."""
    moves = store.log(ref_name(run, "published"), limit=_NEAR)
    roots = dict.fromkeys(one for one in (root, *(one for move in moves for one in (move.new, move.old))) if one)
    keys = {f"{one}:{_compiler_key()}": one for one in roots}
    stored = set(CompiledOutline.objects.filter(key__in=list(keys)).values_list("key", flat=True))
    return next((one for key, one in keys.items() if key in stored), None)


def _stored(root: ObjectId) -> Columns | None:
    key = f"{root}:{_compiler_key()}"
    found = _loaded(caches["copies"].get(f"outline:{key}"), key)
    if found is not None:
        return found
    stored = CompiledOutline.objects.filter(key=key).values_list("data", flat=True).first()
    columns = _loaded(stored, key)
    if columns is not None:
        caches["copies"].set(f"outline:{key}", bytes(stored or b""), _KEEP)
    return columns


def _keep(root: ObjectId, columns: Columns) -> None:
    key, data = f"{root}:{_compiler_key()}", dump(columns)
    upsert([CompiledOutline(key=key, root=root, data=data)], ["data"])
    caches["copies"].set(f"outline:{key}", data, _KEEP)


def _loaded(data: bytes | memoryview[int] | None, key: str) -> Columns | None:
    if data is None:
        return None
    try:
        return load(bytes(data))
    except ValueError as error:
        _log.warning("The stored outline %s is damaged and compiled anew: %s", key, error)
        return None


@lru_cache(maxsize=1)
def _compiler_key() -> str:
    """Names the compiler: our format, the provider of facts, and the packages whose blocks it may ask."""
    packages = {point.dist.name: point.dist.version for point in entry_points(group="xblock.v1") if point.dist}
    text = f"{FORMAT} {_Compiler.version} {sorted(packages.items())}"
    return blake2b(text.encode(), digest_size=8).hexdigest()
