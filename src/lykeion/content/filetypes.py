"""What is known of a course file beside its bytes: type, and whether only learners of the course may have it."""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping
from typing import Any, Final

import orjson

from lykeion.olx.types import Course, CourseFile

ASSETS: Final = "policies/assets.json"
_LARGEST: Final = 32 << 20
_UNKNOWN: Final = "application/octet-stream"


class FileEntries:
    """Makes the entries of a ``files`` node; reads what ``policies/assets.json`` of an Open edX export says."""

    def __init__(self, listed: CourseFile | None) -> None:
        self._told = _told(listed)

    def entry(self, path: str, digest: str, size: int) -> dict[str, Any]:
        """The entry of the file ``path``."""
        told = self._of(path)
        content_type = told.get("contentType")
        if not isinstance(content_type, str) or not _is_mime(content_type):
            content_type = content_type_of(path)
        return {"hash": digest, "size": size, "content_type": content_type, "locked": told.get("locked") is True}

    def described(self, path: str, entry: Mapping[str, Any]) -> dict[str, Any]:
        """What was told of ``path``, as it is by ``entry`` now."""
        now = {"contentType": entry["content_type"], "locked": entry.get("locked") is True, "import_path": path}
        return {"displayname": path.rpartition("/")[2], **self._of(path), **now}

    def _of(self, path: str) -> dict[str, Any]:
        return self._told.get(path) or self._told.get(path.replace("/", "_")) or {}


def assets_of(course: Course) -> FileEntries:
    """What an archive tells of its files."""
    return told_assets(next((file for file in course.extras if file.path == ASSETS), None))


def told_assets(listed: CourseFile | None) -> FileEntries:
    """What the file ``policies/assets.json`` tells, if there is one."""
    return FileEntries(listed if listed and listed.size <= _LARGEST else None)


def content_type_of(path: str) -> str:
    """The content type that the name of a file tells."""
    return mimetypes.guess_type(path)[0] or _UNKNOWN


def _told(listed: CourseFile | None) -> dict[str, dict[str, Any]]:
    """Asset metadata by name (``/`` in the name is ``_``) and by the path it was imported from."""
    try:
        found = orjson.loads(listed.read()) if listed else {}
    except orjson.JSONDecodeError:  # the reader has warned of it
        return {}
    told = {name: asset for name, asset in found.items() if isinstance(asset, dict)} if isinstance(found, dict) else {}
    by_path = {str(asset.get("import_path")): asset for asset in told.values()}
    return by_path | told


def _is_mime(text: str) -> bool:
    kind, slash, name = text.partition("/")
    return bool(slash) and len(text) < 100 and all(part.replace("-", "a").replace("+", "a").replace(".", "a").isalnum()
                                                   for part in (kind, name)) and text.isascii()  # fmt: skip
