"""Where compiled outlines are found: this process, the cache of the site, the database; else they are compiled.

An outline is kept under the id of its root and the version of what compiles it. Neither ever means something else
later, so nothing is ever stale and nothing has to be thrown away on a publish.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b
from importlib.metadata import entry_points
from threading import Lock
from typing import Final

from django.conf import settings
from django.core.cache import cache

from lykeion.content.cache import outlines
from lykeion.content.models import CompiledOutline
from lykeion.content.outline import FORMAT, Columns, Facts, assemble, compile_columns, dump, load, no_facts
from lykeion.content.types import ObjectId, ObjectStore, Outline
from lykeion.core.keys import CourseLocator
from lykeion.core.upsert import upsert

_log = logging.getLogger(__name__)

_KEEP: Final = 7 * 24 * 3600  # seconds in the shared cache
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
            found = outlines.get(name) or assemble(run, root, _columns(store, root, key))
            outlines.put(name, found)
    return found


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


def _columns(store: ObjectStore, root: ObjectId, key: str) -> Columns:
    shared = f"outline:{key}" if _has_shared_cache() else ""
    found = _loaded(cache.get(shared), key) if shared else None
    if found is not None:
        return found
    stored = CompiledOutline.objects.filter(key=key).values_list("data", flat=True).first()
    columns = _loaded(stored, key)
    if columns is None:
        columns = compile_columns(store, root, _Compiler.facts)
        stored = dump(columns)
        upsert([CompiledOutline(key=key, root=root, data=stored)], ["data"])
    if shared:
        cache.set(shared, bytes(stored or b""), _KEEP)
    return columns


def _loaded(data: bytes | memoryview[int] | None, key: str) -> Columns | None:
    if data is None:
        return None
    try:
        return load(bytes(data))
    except ValueError as error:
        _log.warning("The stored outline %s is damaged and compiled anew: %s", key, error)
        return None


def _has_shared_cache() -> bool:
    """Whether there is one besides the database, which keeps a copy anyway."""
    return str(settings.CACHES["default"]["BACKEND"]).endswith("RedisCache")


@lru_cache(maxsize=1)
def _compiler_key() -> str:
    """Names the compiler: our format, the provider of facts, and the packages whose blocks it may ask."""
    packages = {point.dist.name: point.dist.version for point in entry_points(group="xblock.v1") if point.dist}
    text = f"{FORMAT} {_Compiler.version} {sorted(packages.items())}"
    return blake2b(text.encode(), digest_size=8).hexdigest()
