"""Who works on which submission: handed out by compare-and-set, the same on every database (see ``jobs/claims.py``)."""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db.models import Q, QuerySet

from lykeion.graders import models
from lykeion.graders.types import NoSuchSubmission, Order, State, Submission, WrongKey

MOST_TRIES: Final = 5
_CANDIDATES: Final = 8


def available(queue: str, at: datetime) -> QuerySet[models.Submission]:
    """What graders of ``queue`` may fetch now: what waits, and what was fetched and not answered in time."""
    late = at - timedelta(seconds=settings.LYKEION_GRADER_TIMEOUT)
    waits = Q(state=State.QUEUED) | Q(state=State.PULLED, pulled__lt=late)
    return models.Submission.objects.filter(waits, queue=queue)


def pull(queue: str, at: datetime) -> Submission | None:
    """Hands out the oldest submission of ``queue`` under a new key; None when nothing waits.

    One that was handed out five times and never answered is given up for the operator to look at.
    """
    for row in available(queue, at).order_by("id")[:_CANDIDATES]:
        unchanged = models.Submission.objects.filter(pk=row.pk, state=row.state, pull_key=row.pull_key)
        if row.tries >= MOST_TRIES:
            unchanged.update(state=State.FAILED, error=f"It was fetched {row.tries} times and never answered.")
            continue
        key = secrets.token_hex(16)
        if unchanged.update(state=State.PULLED, pull_key=key, pulled=at, tries=row.tries + 1):
            row.state, row.pull_key, row.tries = State.PULLED, key, row.tries + 1
            return value(row)
    return None


def handed_out(submission_id: int, pull_key: str) -> Submission:
    """The submission a grader answers. Raises :class:`NoSuchSubmission`, and :class:`WrongKey` when somebody else has
    it by now."""
    row = models.Submission.objects.filter(pk=submission_id).first()
    if row is None:
        raise NoSuchSubmission("Submission does not exist")
    if not row.pull_key or not hmac.compare_digest(row.pull_key.encode(), pull_key.encode(errors="surrogatepass")):
        raise WrongKey("Incorrect key for submission")
    return value(row)


def value(row: models.Submission) -> Submission:
    """A row as it crosses the door."""
    order = Order(
        key=row.key,
        queue=row.queue,
        run=row.run,
        user_id=row.user_id,
        usage=row.usage,
        input_id=row.input_id,
        dispatch=row.dispatch,
        body=row.body,
        files=row.files,
    )
    return Submission(row.pk, order, State(row.state), row.pull_key, row.tries)
