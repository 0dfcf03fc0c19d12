"""The door of ``notices``: mail of a course's team to many, and what the site announces."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final

from django.db import transaction

from lykeion.accounts import api as accounts
from lykeion.accounts.types import Person
from lykeion.catalog.types import Run
from lykeion.jobs import api as jobs
from lykeion.notices import sending
from lykeion.notices.announcing import announce, announced, announcement, announcements, withdraw
from lykeion.notices.announcing import change as change_announcement
from lykeion.notices.audience import check as check_groups
from lykeion.notices.audience import first_of, groups_of, reach
from lykeion.notices.bounces import LARGEST as LARGEST_BOUNCE
from lykeion.notices.bounces import take as take_bounce
from lykeion.notices.keywords import KEYWORDS
from lykeion.notices.models import Message as MessageRow
from lykeion.notices.models import Recipient
from lykeion.notices.optouts import came_back, read_link, restore, set_wants_mail, suppressed, wants_mail
from lykeion.notices.tasks import TRY_OUT, Trial
from lykeion.notices.types import Delivery, Draft, MailState, Message, Ordered, Undelivered, Why
from lykeion.notices.writing import check, shown

__all__ = [
    "KEYWORDS", "LARGEST_BOUNCE", "announce", "announced", "announcement", "announcements", "came_back", "cancel",
    "change_announcement", "check", "check_groups", "first_of", "groups_of", "message",
    "messages", "on_home", "reach", "read_link", "restore", "send", "send_too", "set_wants_mail", "shown", "suppressed",
    "take_bounce", "try_out", "undelivered", "wants_mail", "withdraw",
]  # fmt: skip

PAGE: Final = 20
UNDELIVERED_PAGE: Final = 50


def send(run: Run, by: Person, draft: Draft, *, once: str, due: datetime, at: datetime) -> Ordered:
    """Orders ``draft`` to be sent at ``due``. The same ``once`` again changes nothing: a form sent twice is one
    mail. Recipients are those whom the groups name when it goes out; it does only if ``by`` may then still write to
    the course. Raises :class:`MailError`."""
    check(draft)
    check_groups(run, draft.groups)
    with transaction.atomic():
        row, is_new = MessageRow.objects.get_or_create(
            once=f"{run.id}:{by.id}:{once}"[:64],
            defaults={
                "run_id": run.id,
                "by_id": by.id,
                "subject": draft.subject.strip(),
                "html": draft.html,
                "groups": list(draft.groups),
                "replies": draft.replies,
                "shown_until": draft.shown_until,
                "created": at,
                "due": max(due, at),
            },
        )
        if is_new:
            sending.order(row.pk, row.due)
            sending.keep_watch(at)
    return Ordered(row.pk, is_new)


def send_too(run: Run, user_ids: Collection[int], draft: Draft, *, once: str, at: datetime) -> None:
    """Sends the mail ``once`` of a run (``draft`` if it is the first time) to these people too, in the caller's
    transaction: to each at most once, however often they are named. Where the team stopped it, nobody gets it."""
    with transaction.atomic():
        row, _is_new = MessageRow.objects.get_or_create(
            once=f"{run.id}:{once}"[:64],
            defaults={
                "run_id": run.id, "by_id": 0, "subject": draft.subject, "html": draft.html,
                "groups": list(draft.groups), "state": MailState.DONE, "created": at, "due": at, "listed": True,
            },
        )  # fmt: skip
        going = MessageRow.objects.select_for_update().filter(pk=row.pk).exclude(state=MailState.CANCELLED)
        if not going.exists():
            return
        new = [Recipient(message_id=row.pk, user_id=one, due=at) for one in user_ids]
        Recipient.objects.bulk_create(new, ignore_conflicts=True)
        going.update(state=MailState.SENDING, finished=None)
        sending.order(row.pk, at)
        sending.keep_watch(at)


def try_out(run: Run, by: Person, draft: Draft) -> None:
    """Sends ``draft`` to its author alone, at once. Raises :class:`MailError`."""
    check(draft)
    jobs.enqueue(TRY_OUT, Trial(run=run.id, user=by.id, subject=draft.subject, html=draft.html))


def cancel(run: Run, message_id: int, *, at: datetime) -> bool:
    """Stops a message: nobody gets it any more who has not. False when it is not there, or over already."""
    rows = MessageRow.objects.filter(pk=message_id, run_id=run.id)
    with transaction.atomic():
        going = rows.filter(state__in=(MailState.SCHEDULED, MailState.SENDING))
        if not going.update(state=MailState.CANCELLED, finished=at):
            return False
        sending.close(message_id)
    return True


def messages(run: Run, *, before: int | None = None, limit: int = PAGE) -> tuple[list[Message], bool]:
    """The newest messages of a run (older than the one of id ``before``), and whether there are more. Three reads."""
    rows = MessageRow.objects.filter(run_id=run.id).order_by("-id")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: limit + 1])
    return _values(found[:limit]), len(found) > limit


def message(run: Run, message_id: int) -> Message | None:
    """One message of a run; None when there is none. Three reads."""
    return next(iter(_values(list(MessageRow.objects.filter(run_id=run.id, pk=message_id)))), None)


def undelivered(message_id: int, *, after: int = 0, limit: int = UNDELIVERED_PAGE) -> tuple[list[Undelivered], bool]:
    """Who did not get a message, or perhaps did not, behind the one of id ``after``; and whether there are more."""
    rows = Recipient.objects.filter(message_id=message_id, state__in=(Delivery.FAILED, Delivery.UNKNOWN))
    found = list(rows.filter(pk__gt=after).order_by("pk")[: limit + 1])
    people = accounts.people([row.user_id for row in found[:limit]])
    some = [Undelivered(row.pk, people.get(row.user_id), Delivery(row.state), row.words) for row in found[:limit]]
    return some, len(found) > limit


def on_home(run: Run, *, at: datetime) -> list[tuple[datetime, Draft]]:
    """What is shown on the home of a run at ``at``, with when it was sent, newest first; one read. A mail is shown from
    when it begins to be sent: only then is it sure that its author may still write to the course."""
    sent = (MailState.SENDING, MailState.DONE)
    rows = MessageRow.objects.filter(run_id=run.id, shown_until__gt=at, due__lte=at, state__in=sent)
    return [(row.due, sending.draft_of(row)) for row in rows.order_by("-due", "-pk")]


def _values(rows: list[MessageRow]) -> list[Message]:
    people = accounts.people({row.by_id for row in rows})
    moving = sending.counts_of([row.pk for row in rows if row.state == MailState.SENDING])
    return [_value(row, people, moving.get(row.pk, Counter(row.counts))) for row in rows]


def _value(row: MessageRow, people: Mapping[int, Person], counts: Mapping[str, int]) -> Message:
    return Message(
        id=row.pk,
        run_id=row.run_id,
        by=people.get(row.by_id),
        draft=sending.draft_of(row),
        state=MailState(row.state),
        created=row.created,
        due=row.due,
        finished=row.finished,
        counts={one: counts[one] for one in Delivery if counts.get(one)},
        left_out={why: counts[f"left_out:{why}"] for why in Why if counts.get(f"left_out:{why}")},
        trouble=row.trouble,
        total=row.total,
    )
