"""Where files lie that are on their way: parts of uploads, archives to be fetched. They are nobody's but the server's.

The storage ``uploads`` of the settings (several web servers need one that all of them see), else the folder
``LYKEION_UPLOADS``.
"""

from __future__ import annotations

import io
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO, Final

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, Storage, storages

_ALIAS: Final = "uploads"


def storage() -> Storage:
    """Where they lie."""
    if _ALIAS in settings.STORAGES:
        return storages[_ALIAS]
    return FileSystemStorage(location=settings.LYKEION_UPLOADS, file_permissions_mode=0o600)


def keep(data: bytes) -> str:
    """Keeps ``data``; the name it got."""
    return storage().save(_name(), ContentFile(data))


def keep_stream(stream: BinaryIO) -> str:
    """Keeps what ``stream`` holds; the name it got."""
    return storage().save(_name(), File(stream))


def open_kept(name: str) -> BinaryIO:
    """What is kept under ``name``; the caller closes it."""
    opened: BinaryIO = storage().open(name, "rb")  # type: ignore[assignment]  # File reads as a BinaryIO
    return opened


def drop(names: Sequence[str]) -> None:
    """Removes what is kept under ``names``."""
    place = storage()
    for name in names:
        place.delete(name)


def _name() -> str:
    key = secrets.token_hex(16)
    return f"{key[:2]}/{key}"


@dataclass(frozen=True, slots=True)
class Joined:
    """Several kept pieces as one content: a :class:`~lykeion.content.api.Source`."""

    names: tuple[str, ...]

    def open(self) -> BinaryIO:
        """All of it from its start."""
        return io.BufferedReader(_Reader(self.names), 1 << 20)


class _Reader(io.RawIOBase):
    def __init__(self, names: Sequence[str]) -> None:
        super().__init__()
        self._waiting = list(names)
        self._open: BinaryIO | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while self._open or self._waiting:
            if self._open is None:
                self._open = open_kept(self._waiting.pop(0))
            data = self._open.read(len(buffer))
            if data:
                buffer[: len(data)] = data
                return len(data)
            self._shut()
        return 0

    def close(self) -> None:
        self._shut()
        super().close()

    def _shut(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None
