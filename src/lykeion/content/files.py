"""Course files: content-addressed, in Django's file storage.

A file is kept under the hash of its content (``ab/cd/abcd...``), so it is stored once however many versions, runs and
names it has, and its address can be cached for ever. In a folder it is written under another name, brought to the
disk, and only then given its own: a name that exists always has its whole content, also after a loss of power.
"""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from hashlib import blake2b
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, Final, Protocol

from django.conf import settings
from django.core.files.storage import FileSystemStorage, Storage, storages

from lykeion.content.stores.batches import REFRESH_AFTER
from lykeion.content.types import ContentError, StoredFile
from lykeion.core.filestore import FileStore, Whole

CHUNK: Final = 1 << 20
_DIGEST: Final = 24
_WRITERS: Final = 8  # at once: they mostly wait for the disk
_ALIAS: Final = "content"


class Source(Protocol):
    """Something to store: its content can be opened."""

    def open(self) -> BinaryIO:
        """The content from its start; the caller closes it."""


def storage() -> Storage:
    """Where course files are: the storage ``content`` of the settings, else the folder ``LYKEION_FILES``."""
    if _ALIAS in settings.STORAGES:
        return storages[_ALIAS]
    return FileSystemStorage(location=settings.LYKEION_FILES)


def store_files(sources: Sequence[Source]) -> list[tuple[str, int]]:
    """Stores all ``sources`` ; ``(hash, size in bytes)`` of each, in order. All are on the disk afterwards."""
    place = storage()
    with ThreadPoolExecutor(_WRITERS) as writers:
        stored = list(writers.map(lambda source: _store(place, source), sources))
    if isinstance(place, FileSystemStorage):
        for folder in {Path(place.path(name_of(digest))).parent for digest, _ in stored}:
            _to_disk(folder)
    return stored


def open_file(stored: StoredFile) -> BinaryIO:
    """The content of ``stored`` for reading; the caller closes it. Raises :class:`ContentError` when it is missing."""
    return open_hash(stored.hash, stored.path)


def open_hash(digest: str, path: str) -> BinaryIO:
    """The content with hash ``digest``; ``path`` is for the message of the error."""
    try:
        opened: BinaryIO = storage().open(name_of(digest), "rb")  # type: ignore[assignment]  # File reads as a BinaryIO
    except FileNotFoundError as error:
        raise ContentError(f"The course file {path} ({digest}) is missing from the file storage.") from error
    return opened


def name_of(digest: str) -> str:
    """The name in the storage of the content with hash ``digest``."""
    return f"{digest[:2]}/{digest[2:4]}/{digest}"


def keep_files(digests: Sequence[str]) -> None:
    """Keeps stored files from being collected for another grace period. Raises :class:`ContentError`."""
    place = storage()
    for digest in digests:
        if not _is_kept(place, name_of(digest)):
            raise ContentError(f"The course file {digest} is missing from the file storage.")


def old_files(*, touched_before: float) -> Iterator[str]:
    """Hashes of the stored files that no writer has counted on since ``touched_before`` (unix seconds)."""
    place = storage()
    if isinstance(place, FileStore):
        yield from (name[-2 * _DIGEST :] for name, at in place.every() if at.timestamp() < touched_before)
        return
    for folder in _folders(place, ""):
        for inner in _folders(place, folder):
            for name in sorted(place.listdir(inner)[1]):
                if place.get_modified_time(f"{inner}/{name}").timestamp() < touched_before:
                    yield name


def delete_files(digests: list[str], *, touched_before: float) -> int:
    """Removes those of ``digests`` still not touched since ``touched_before``; returns how many."""
    place = storage()
    if isinstance(place, FileSystemStorage):
        _sweep_unfinished(Path(place.path("")), touched_before)
    gone = 0
    for name in map(name_of, digests):
        if place.exists(name) and place.get_modified_time(name).timestamp() < touched_before:
            place.delete(name)
            gone += 1
    return gone


def _sweep_unfinished(folder: Path, touched_before: float) -> None:
    """Removes what killed writers left behind."""
    for path in folder.glob(".*"):
        if path.is_file() and path.stat().st_mtime < touched_before:
            path.unlink(missing_ok=True)


def _folders(place: Storage, above: str) -> list[str]:
    try:
        names = place.listdir(above)[0]
    except FileNotFoundError:  # nothing was ever stored
        return []
    return [f"{above}/{name}" if above else name for name in sorted(names)]


def _store(place: Storage, source: Source) -> tuple[str, int]:
    digest, size = _digest(source)
    if _is_kept(place, name_of(digest), size):
        return digest, size
    with source.open() as stream:
        if isinstance(place, FileSystemStorage):
            return _write(place, stream)
        return _send(place, stream)


def _digest(source: Source) -> tuple[str, int]:
    hashed, size = blake2b(digest_size=_DIGEST), 0
    with source.open() as stream:
        while chunk := stream.read(CHUNK):
            hashed.update(chunk)
            size += len(chunk)
    return hashed.hexdigest(), size


def _is_kept(place: Storage, name: str, size: int | None = None) -> bool:
    """Whether the content is there; garbage collection then leaves it alone for another grace period."""
    if not place.exists(name) or size not in (None, place.size(name)):
        return False
    try:
        if time.time() - place.get_modified_time(name).timestamp() > REFRESH_AFTER:
            _renew(place, name)
    except FileNotFoundError:  # collected a moment ago
        return False
    return True


def _renew(place: Storage, name: str) -> None:
    if isinstance(place, FileSystemStorage):
        os.utime(place.path(name))
    elif isinstance(place, FileStore):
        place.renew(name)
    else:
        raise ContentError(f"Course files in a storage of type {type(place).__name__} cannot be kept from being swept.")


def _write(place: FileSystemStorage, stream: BinaryIO) -> tuple[str, int]:
    """Writes and hashes in one go: somebody may have changed the file since it was hashed first."""
    Path(place.path("")).mkdir(parents=True, exist_ok=True)
    fresh = Path(place.path(f".{secrets.token_hex(8)}"))
    hashed, size = blake2b(digest_size=_DIGEST), 0
    try:
        with fresh.open("xb") as target:
            while chunk := stream.read(CHUNK):
                hashed.update(chunk)
                size += target.write(chunk)
            target.flush()
            os.fsync(target.fileno())
        path = Path(place.path(name_of(hashed.hexdigest())))
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
    return hashed.hexdigest(), size


def _send(place: Storage, stream: BinaryIO) -> tuple[str, int]:
    """As above, to a place that is not a folder of ours: written aside, here, until its hash is known."""
    hashed, size = blake2b(digest_size=_DIGEST), 0
    with SpooledTemporaryFile(CHUNK) as copy:
        while chunk := stream.read(CHUNK):
            hashed.update(chunk)
            size += copy.write(chunk)
        copy.seek(0)
        place.save(name_of(hashed.hexdigest()), Whole(copy))
    return hashed.hexdigest(), size


def _to_disk(folder: Path) -> None:
    """Brings the names in ``folder`` to the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
