"""Folders that blocks may ask for: ``resources_fs`` of a course, and service ``fs`` (fields of type ``Filesystem``)."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b
from io import BytesIO, StringIO
from pathlib import Path, PurePosixPath
from typing import IO, Any

from xblock.fields import scope_key


class CourseFolder:
    """The folder that a course was imported from (``resources_fs``), as far as a block may look into it while its XML
    is read: at the second file of its definition, which stands beside the first (``markdown/intro.md``)."""

    def __init__(self, tag: str = "", read: Callable[[str], bytes | None] | None = None) -> None:
        self._tag = tag
        self._read = read
        self.used = False
        """Whether anything was looked for."""

    def exists(self, path: str) -> bool:
        """Whether there is such a file."""
        return self._found(path) is not None

    def open(self, path: str, mode: str = "r", encoding: str | None = None, **options: object) -> IO[Any]:
        """The file, to be read. Raises :class:`FileNotFoundError`."""
        found = self._found(path)
        if found is None:
            raise FileNotFoundError(f"the course that was imported has no file {path}")
        return BytesIO(found) if "b" in mode else StringIO(found.decode(encoding or "utf-8"))

    def listdir(self, path: str) -> list[str]:
        """Nothing is listed."""
        return []

    def _found(self, path: str) -> bytes | None:
        self.used = True
        place = PurePosixPath(path.lstrip("/"))
        return self._read(str(place)) if self._read and str(place.parent) == self._tag and self._tag else None


class Folders:
    """Service ``fs``: a folder for each field in its scope, as PyFilesystem has it, with addresses for its files.

    Source: ``FSService`` of ``xblock/reference/plugins.py`` and django-pyfs. The name of a folder cannot be guessed
    without the site's secret, so who has the address of a file got it from the block.
    """

    def __init__(self, root: Path, secret: str, address: Callable[[str, str], str]) -> None:
        self._root = root
        self._secret = secret
        self._address = address

    def load(self, instance: Any, xblock: Any) -> Any:
        """The folder of the field ``instance`` of ``xblock``, with ``get_url(name, timeout)`` and ``expire``."""
        from fs.osfs import OSFS  # warns and takes 0.1 s; only for blocks that keep files

        key = scope_key(instance, xblock).encode()
        name = blake2b(key, key=self._secret.encode()[:64], digest_size=16).hexdigest()
        (self._root / name).mkdir(parents=True, exist_ok=True)
        folder: Any = OSFS(str(self._root / name))
        if xblock.runtime.visit.services.get("masked"):  # somebody looks as a learner: the files are the learner's
            from fs.wrap import read_only

            folder = read_only(folder)
        folder.get_url = lambda path, timeout=0: self._address(name, path.lstrip("/"))
        folder.expire = lambda path, seconds, days=0, expires=True: None  # files stay until they are removed
        return folder

    def file(self, name: str, path: str) -> Path | None:
        """The file ``path`` of the folder ``name``; None when there is none, whatever tricks are in the names."""
        folder = (self._root / name).resolve()
        found = (folder / path).resolve()
        ours = folder.parent == self._root.resolve() and found.is_relative_to(folder)
        return found if ours and found.is_file() else None
