"""What ``content`` tells other apps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.dispatch import Signal

from lykeion.content.types import ObjectId
from lykeion.core.keys import CourseLocator, LibraryLocatorV2


@dataclass(frozen=True, slots=True)
class RunPublished:
    """The published ref of ``run`` moved from ``old`` (None = it is new) to ``new``."""

    run: CourseLocator
    old: ObjectId | None
    new: ObjectId
    author: str
    at: datetime


@dataclass(frozen=True, slots=True)
class LibraryPublished:
    """The published ref of ``library`` moved from ``old`` (None = it is new) to ``new``."""

    library: LibraryLocatorV2
    old: ObjectId | None
    new: ObjectId
    author: str
    at: datetime


published = Signal()
"""Sent with ``payload: RunPublished`` after the published ref of a run moved.

A process that dies between the move and the signal never sends it: receivers must be able to catch up from
``content.api.heads()``.
"""

library_published = Signal()
"""Sent with ``payload: LibraryPublished`` after the published ref of a library moved."""
