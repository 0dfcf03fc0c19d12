"""Authors' Python for the problems of a course: the site's sandbox, and the course's own modules."""

from __future__ import annotations

from functools import lru_cache, partial

from django.conf import settings
from django.core.cache import cache

from lykeion.content import api as content
from lykeion.content.types import ObjectId, StoredFile
from lykeion.sandbox.api import Library, Sandbox, SandboxRunner

LIBRARY = "python_lib.zip"


def script_runner(root: ObjectId) -> SandboxRunner:
    """Runs scripts of the course whose files are those of ``root``."""
    return SandboxRunner(Sandbox(settings.LYKEION_SANDBOX_SOCKET), root, partial(_library, root), cache)


@lru_cache(maxsize=1024)
def _library(root: ObjectId) -> Library | None:
    """Asked once: what a root holds never changes."""
    stored = content.file(root, LIBRARY)
    return None if stored is None else Library(stored.hash, partial(_read, stored))


@lru_cache(maxsize=8)
def _read(stored: StoredFile) -> bytes:
    with content.open_file(stored) as opened:
        return opened.read()
