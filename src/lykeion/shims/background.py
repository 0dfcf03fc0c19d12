"""Celery tasks of blocks of others. They run at once, where they are ordered: a site of Lykeion has no broker.

Their results are kept where every process finds them, since blocks ask for them in later requests.
"""

from __future__ import annotations

from celery import Celery
from django.conf import settings


def take_tasks() -> None:
    """Becomes the Celery application of all tasks that name no other."""
    results = settings.HOME / "tasks"
    results.mkdir(parents=True, exist_ok=True)
    app = Celery("lykeion", set_as_current=True)
    app.conf.update(
        broker_url="memory://",  # none is asked; without one a connection to localhost is spoken of
        task_always_eager=True,
        task_store_eager_result=True,
        result_backend=settings.ENV["LYKEION_CACHE_URL"] or f"file://{results}",
    )
    app.set_default()
