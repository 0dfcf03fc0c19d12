"""Where the files that jobs made lie. They are nobody's but the server's: a page hands them out to whom it trusts.

The storage ``jobs`` of the settings (several machines need one that all of them see), else the folder
``LYKEION_JOB_FILES``.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import BinaryIO, Final

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, Storage, storages

_ALIAS: Final = "jobs"


def storage() -> Storage:
    """Where they lie."""
    if _ALIAS in settings.STORAGES:
        return storages[_ALIAS]
    return FileSystemStorage(location=settings.LYKEION_JOB_FILES, file_permissions_mode=0o600)


def keep(stream: BinaryIO) -> str:
    """Keeps what ``stream`` holds from where it stands; the key it got."""
    key = secrets.token_hex(16)
    return storage().save(f"{key[:2]}/{key}", File(stream))


def open_kept(key: str) -> BinaryIO:
    """What is kept under ``key``; the caller closes it. Raises :class:`FileNotFoundError`."""
    opened: BinaryIO = storage().open(key, "rb")  # type: ignore[assignment]  # File reads as a BinaryIO
    return opened


def drop(keys: Iterable[str]) -> None:
    """Removes what is kept under ``keys``; an empty one is nothing."""
    place = storage()
    for key in keys:
        if key:
            place.delete(key)
