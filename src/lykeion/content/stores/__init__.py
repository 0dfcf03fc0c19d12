"""Where objects and refs live: one protocol (``content.types.ObjectStore``), one module for each kind of server."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings

from lykeion.content.types import ObjectStore


def open_store() -> ObjectStore:
    """The store that ``LYKEION_CONTENT_URL`` names: MongoDB, or the same database as everything else."""
    url: str = settings.LYKEION_CONTENT_URL
    if url:
        from lykeion.content.stores.mongo import mongo_store  # pymongo is installed only where it is needed

        return mongo_store(url)
    return _sql_store()


@lru_cache(maxsize=1)
def _sql_store() -> ObjectStore:
    from lykeion.content.stores.sql import SqlStore  # models exist only once the apps are ready

    return SqlStore()
