"""Telling other apps that a run was published."""

from __future__ import annotations

import logging
from datetime import datetime

from lykeion.content.signals import RunPublished, published
from lykeion.content.types import ObjectId
from lykeion.core.keys import CourseLocator

_log = logging.getLogger(__name__)


def announce(run: CourseLocator, old: ObjectId | None, new: ObjectId, author: str, at: datetime) -> None:
    """Sends ``signals.published``. The ref has moved for good: a receiver that fails is logged and undoes nothing."""
    payload = RunPublished(run, old, new, author, at)
    for receiver, error in published.send_robust(sender=None, payload=payload):
        if isinstance(error, Exception):
            _log.error("%r failed after %s was published", receiver, run, exc_info=error)
