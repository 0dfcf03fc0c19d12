"""What ``authoring`` does when something happens elsewhere."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from lykeion.authoring.tasks import READ_FOR_SEARCH
from lykeion.content import signals as content
from lykeion.jobs import api as jobs


@receiver(content.published)
def read_for_search(payload: content.RunPublished, **_kwargs: Any) -> None:
    """A run is new, or was published: search gets to know it."""
    jobs.enqueue(READ_FOR_SEARCH, str(payload.run), key=f"{READ_FOR_SEARCH}:{payload.run}")
