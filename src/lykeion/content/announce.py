"""Telling other apps that a run or a library was published."""

from __future__ import annotations

import logging
from datetime import datetime

from lykeion.content.signals import LibraryPublished, RunPublished, library_published, published
from lykeion.content.types import ObjectId
from lykeion.core.keys import CourseLocator, Home

_log = logging.getLogger(__name__)


def announce(run: Home, old: ObjectId | None, new: ObjectId, author: str, at: datetime) -> None:
    """Sends ``signals.published`` (or that of libraries). The ref has moved for good: a receiver that fails is logged
    and undoes nothing."""
    if isinstance(run, CourseLocator):
        answers = published.send_robust(sender=None, payload=RunPublished(run, old, new, author, at))
    else:
        answers = library_published.send_robust(sender=None, payload=LibraryPublished(run, old, new, author, at))
    for receiver, error in answers:
        if isinstance(error, Exception):
            _log.error("%r failed after %s was published", receiver, run, exc_info=error)
