"""Folders for work in progress: beside the course files, so that they are on a disk with room, and swept."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings


@contextmanager
def work_folder(purpose: str) -> Iterator[Path]:
    """A folder that is gone when the block ends. What a killed process leaves is removed by garbage collection."""
    place = _place()
    place.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f"{purpose}-", dir=place) as folder:
        yield Path(folder)


def sweep(*, touched_before: float) -> None:
    """Removes folders that were left behind before ``touched_before`` (unix seconds)."""
    for folder in _place().glob("*"):
        if folder.stat().st_mtime < touched_before:
            shutil.rmtree(folder, ignore_errors=True)


def _place() -> Path:
    return Path(settings.LYKEION_FILES).parent / "work"
