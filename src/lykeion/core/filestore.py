"""Files in an object store: Django's storages over Arrow, which knows S3, Google Cloud Storage, Azure and HDFS.

The same URLs name lakes and files (:mod:`lykeion.core.places`). A file is readable from any place in it without being
fetched whole, and is seen by others only when all of it has arrived.
"""

from __future__ import annotations

import io
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Final

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import File
from django.core.files.storage import Storage
from django.utils.deconstruct import deconstructible

CHUNK: Final = 1 << 20
_STORES: Final = frozenset({"s3", "gcs", "abfs"})
_IN_MEMORY: Final = 8 << 20  # bytes of a file on its way that are not put on the disk


class Whole(File):  # type: ignore[type-arg]  # is no generic at run time
    """A file whose content is all on this host: it goes to a store as it is, without being written aside first."""


@deconstructible
class FileStore(Storage):
    """The files in ``folder`` at ``url``. With ``overwrites`` a name that is taken gets the new content; else the new
    content gets another."""

    def __init__(self, url: str, folder: str, *, overwrites: bool = False) -> None:
        self._url = url
        self._folder = folder
        self._overwrites = overwrites

    def exists(self, name: str) -> bool:
        """Whether there is a file of that name."""
        return bool(self._info(name).is_file)

    def size(self, name: str) -> int:
        """Its bytes. Raises :class:`FileNotFoundError`, as do those below."""
        return int(self._there(name).size)

    def get_modified_time(self, name: str) -> datetime:
        """When it was written last."""
        found: datetime = self._there(name).mtime
        return found

    def delete(self, name: str) -> None:
        """Removes it; nothing there is fine."""
        place, path = self._found(name)
        try:
            place.delete_file(path)
        except FileNotFoundError:
            return

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """Names of the folders and of the files in the folder ``path``."""
        place, root = self._found(path)
        folders: dict[str, None] = {}
        files = []
        for one in _listed(place, root, recursive=place.type_name == "gcs"):  # it tells of no folder that nobody made
            name, below, _rest = one.path[len(root) + 1 :].partition("/")
            if one.is_file and not below:
                files.append(name)
            else:
                folders[name] = None
        return list(folders), files

    def every(self) -> Iterator[tuple[str, datetime]]:
        """The names of all files, and when each was written last; a thousand at a request."""
        place, root = self._found("")
        for one in _listed(place, root, recursive=True):
            if one.is_file:
                yield one.path[len(root) + 1 :], one.mtime

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """``name``, or one like it that is free."""
        return name if self._overwrites else super().get_available_name(name, max_length)

    def replace(self, name: str, content: File) -> None:  # type: ignore[type-arg]  # is no generic at run time
        """Keeps ``content`` under exactly this name, whatever was there."""
        self._save(name, content)

    def renew(self, name: str) -> None:
        """Makes the file as young as a new one. Raises :class:`FileNotFoundError`."""
        with self._open(name) as content:
            self._save(name, content)

    def _open(self, name: str, mode: str = "rb") -> File:  # type: ignore[type-arg]  # is no generic at run time
        if mode != "rb":
            raise ValueError(f"Files of {type(self).__name__} are read with mode rb, not {mode}; save() writes them.")
        place, path = self._found(name)
        return File(io.BufferedReader(place.open_input_file(path), CHUNK), name)

    def _save(self, name: str, content: File) -> str:  # type: ignore[type-arg]  # is no generic at run time
        place, path = self._found(name)
        with _arrived(content) as whole, _appearing(place, path) as target:
            shutil.copyfileobj(whole, target, CHUNK)
        return name

    def _there(self, name: str) -> Any:
        info = self._info(name)
        if not info.is_file:
            raise FileNotFoundError(f"There is no file {name!r} in the file storage.")
        return info

    def _info(self, name: str) -> Any:
        place, path = self._found(name)
        return place.get_file_info(path)

    def _found(self, name: str) -> tuple[Any, str]:
        """What opens files here, and the path that it knows ``name`` by."""
        place, root = _place(self._url, os.getpid())
        parts = [part for part in str(name).replace("\\", "/").split("/") if part]
        if any(part in (".", "..") for part in parts):
            raise SuspiciousFileOperation(f"{name!r} leads out of the file storage.")
        return place, "/".join([root, self._folder, *parts])


@lru_cache(64)
def _place(url: str, process: int) -> tuple[Any, str]:
    """What opens files at ``url``; each process has its own, since clients of object stores do not outlive a fork."""
    from lykeion.core.places import opened  # see above

    return opened(url)


def _listed(place: Any, root: str, *, recursive: bool) -> list[Any]:
    from pyarrow import fs  # takes a tenth of a second; only for sites with an object store

    found: list[Any] = place.get_file_info(fs.FileSelector(root, allow_not_found=True, recursive=recursive))
    return found


@contextmanager
def _appearing(place: Any, path: str) -> Iterator[Any]:
    """A file to write that has its name once it is whole: object stores see to that; elsewhere (HDFS) it is written
    beside it, and moved."""
    if place.type_name in _STORES:
        with place.open_output_stream(path) as target:
            yield target
        return
    folder = path.rpartition("/")[0]
    aside = f"{folder}/.{secrets.token_hex(8)}"
    place.create_dir(folder, recursive=True)
    try:
        with place.open_output_stream(aside) as target:
            yield target
        place.move(aside, path)
    except BaseException:
        if place.get_file_info(aside).is_file:
            place.delete_file(aside)
        raise


@contextmanager
def _arrived(content: File) -> Iterator[IO[bytes]]:  # type: ignore[type-arg]  # is no generic at run time
    """All of ``content``, here: one that breaks off while it is read has then reached nobody."""
    if isinstance(content, Whole):
        content.seek(0)
        yield content
        return
    with SpooledTemporaryFile(_IN_MEMORY) as whole:
        for chunk in content.chunks(CHUNK):
            whole.write(chunk)
        whole.seek(0)
        yield whole
