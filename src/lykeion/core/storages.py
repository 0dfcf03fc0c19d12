"""The storages of a site that keeps its files in an object store; one that does not has folders of its home."""

from __future__ import annotations

from typing import Any, Final

FOLDERS: Final = {
    "content": "files",
    "jobs": "job-files",
    "reports": "reports",
    "submissions": "submissions",
    "uploads": "uploads",
}
"""Storages (each app's own module says what it keeps there) and their folders at the site's URL, as in a home."""


def far_storages(url: str) -> dict[str, dict[str, Any]]:
    """Django's ``STORAGES`` for files at ``url``; none when it is empty."""
    return {name: far_storage(url, folder, overwrites=True) for name, folder in FOLDERS.items() if url}


def far_storage(
    url: str, folder: str, backend: str = "lykeion.core.filestore.FileStore", **options: bool
) -> dict[str, Any]:
    """An entry of Django's ``STORAGES`` for files in ``folder`` at ``url``."""
    return {"BACKEND": backend, "OPTIONS": {"url": url, "folder": folder, **options}}
