"""The door of ``graders``: answers that programs elsewhere grade, from the order to the reply.

Two ways lead there: graders fetch from our queue (the pull protocol of XQueue), or a job brings the work to an XQueue
elsewhere (``LYKEION_XQUEUE_URL``). What a reply does to a learner's score is ``courseware``'s business.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db.models import Count, Min, Q, QuerySet

from lykeion.graders import models
from lykeion.graders.asking import NotAllowed, ask, check_allowed
from lykeion.graders.files import keep_file, link_token, open_link, remove_files
from lykeion.graders.pulling import available, handed_out, pull
from lykeion.graders.tasks import PUSH
from lykeion.graders.types import OPEN, Failure, NoSuchSubmission, Order, QueueLine, State
from lykeion.jobs import api as jobs

__all__ = [
    "NoSuchSubmission",
    "NotAllowed",
    "allow",
    "ask",
    "check_allowed",
    "close",
    "fail",
    "failures",
    "forget",
    "handed_out",
    "is_known",
    "keep_file",
    "length",
    "lines",
    "link_token",
    "open_link",
    "place",
    "pull",
    "queues_of",
    "retry",
]

_WAITS: Final = Q(state__in=(State.QUEUED, State.PUSHED))


def place(order: Order, at: datetime) -> None:
    """Orders an answer to be graded, in the caller's transaction. An older answer to the same question, which nobody
    waits for any more, is retired."""
    older = models.Submission.objects.filter(
        user_id=order.user_id, usage=order.usage, input_id=order.input_id, dispatch=order.dispatch, state__in=OPEN
    )
    older.update(state=State.RETIRED, retired=at, error="A newer answer took its place.")
    row = models.Submission.objects.create(
        key=order.key,
        queue=order.queue,
        run=order.run,
        user_id=order.user_id,
        usage=order.usage,
        input_id=order.input_id,
        dispatch=order.dispatch,
        body=order.body,
        files=dict(order.files),
        created=at,
    )
    _send(row.pk)


def _send(submission_id: int) -> None:
    if settings.LYKEION_XQUEUE_URL:
        jobs.enqueue(PUSH, {"submission": submission_id})


def close(key: str, at: datetime) -> None:
    """The answer with this key is graded, or nobody waits for it: no grader gets it again."""
    models.Submission.objects.filter(key=key).exclude(state=State.RETIRED).update(
        state=State.RETIRED, retired=at, error=""
    )


def fail(key: str, error: str) -> None:
    """The grader's reply for the answer with this key could not be used; the operator may let it be graded again."""
    models.Submission.objects.filter(key=key, state__in=OPEN).update(state=State.FAILED, error=error[:2000])


def is_known(key: str) -> bool:
    """Whether an answer with this key was ever ordered to be graded."""
    return models.Submission.objects.filter(key=key).exists()


def length(queue: str, at: datetime) -> int:
    """How many submissions graders of ``queue`` can fetch now."""
    return available(queue, at).count()


def allow(user_id: int, queue: str) -> None:
    """Lets an account fetch and answer the work of ``queue``; twice changes nothing."""
    models.MayGrade.objects.get_or_create(user_id=user_id, queue=queue)


def queues_of(user_id: int) -> frozenset[str]:
    """The queues whose work an account may fetch and answer."""
    return frozenset(models.MayGrade.objects.filter(user_id=user_id).values_list("queue", flat=True))


def lines() -> list[QueueLine]:
    """Every queue where somebody waits or may fetch, by name."""
    rows = models.Submission.objects.filter(state__in=OPEN).values("queue")
    counted = rows.annotate(
        waiting=Count("id", _WAITS),
        grading=Count("id", Q(state=State.PULLED)),
        failed=Count("id", Q(state=State.FAILED)),
        oldest=Min("created"),
    )
    found = {row["queue"]: QueueLine(**row) for row in counted.order_by()}
    for queue in models.MayGrade.objects.values_list("queue", flat=True).distinct():
        found.setdefault(queue, QueueLine(queue, 0, 0, 0, None))
    return [found[queue] for queue in sorted(found)]


def failures(*, limit: int = 100) -> list[Failure]:
    """Submissions that wait for the operator, oldest first."""
    rows = models.Submission.objects.filter(state=State.FAILED).order_by("id")
    return [
        Failure(*row) for row in rows.values_list("id", "queue", "run", "usage", "user_id", "created", "error")[:limit]
    ]


def retry(*, ids: Iterable[int] = (), queue: str | None = None) -> int:
    """Lets submissions be graded again: those with these ``ids``, else all that failed (of ``queue``); how many.

    By id also those that wait at a grader that lost them.
    """
    chosen = list(ids)
    rows = models.Submission.objects.filter(pk__in=chosen, state__in=OPEN) if chosen else _failed(queue)
    found = list(rows.values_list("pk", flat=True))
    models.Submission.objects.filter(pk__in=found).exclude(state=State.RETIRED).update(
        state=State.QUEUED, pull_key="", pulled=None, tries=0, error=""
    )
    for submission_id in found:
        _send(submission_id)
    return len(found)


def _failed(queue: str | None) -> QuerySet[models.Submission]:
    failed = models.Submission.objects.filter(state=State.FAILED)
    return failed if queue is None else failed.filter(queue=queue)


def forget(before: datetime) -> int:
    """Removes submissions that were retired before then, with their files; how many. Scores stay."""
    rows = models.Submission.objects.filter(state=State.RETIRED, retired__lt=before)
    old = list(rows.values_list("pk", "files"))
    remove_files(stored for _, files in old for stored in files.values())
    return models.Submission.objects.filter(pk__in=[pk for pk, _ in old]).delete()[0] if old else 0
