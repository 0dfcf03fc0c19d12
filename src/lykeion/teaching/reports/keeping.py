"""Where files of reports lie: under names that nobody can guess, in a place that no address leads to.

The storage ``reports`` of the settings (several servers need one that all of them see), else the folder
``LYKEION_REPORTS``.
"""

from __future__ import annotations

import secrets
from typing import BinaryIO, Final

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, Storage, storages

_ALIAS: Final = "reports"


def _storage() -> Storage:
    if _ALIAS in settings.STORAGES:
        return storages[_ALIAS]
    return FileSystemStorage(location=settings.LYKEION_REPORTS, file_permissions_mode=0o600)


def fresh_name() -> str:
    """A name for a new file, of 256 random bits."""
    key = secrets.token_hex(32)
    return f"{key[:2]}/{key}"


def keep(name: str, stream: BinaryIO) -> str:
    """Keeps what ``stream`` holds from its start under ``name``; the name it got."""
    stream.seek(0)
    return _storage().save(name, File(stream))


def open_kept(name: str) -> BinaryIO:
    """What is kept under ``name``; the caller closes it. Raises :class:`FileNotFoundError`."""
    opened: BinaryIO = _storage().open(name, "rb")  # type: ignore[assignment]  # File reads as a BinaryIO
    return opened


def drop(name: str) -> None:
    """Removes what is kept under ``name``; nothing there is fine."""
    if name:
        _storage().delete(name)
