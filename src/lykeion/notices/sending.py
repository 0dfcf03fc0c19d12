"""Sending a message: a part of it at a time, so that one of a hundred thousand mails holds up no other work.

Nobody gets a mail twice (docs/decisions/0012): before a mail goes out its row is claimed, in a write of its own; after
it the answer is written. A process that dies in between leaves a claimed row: whoever goes on marks it UNKNOWN.
Rows that wait are sent by whoever comes next, so nobody is left out.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Min, QuerySet

from lykeion.accounts import api as accounts
from lykeion.accounts.types import Person
from lykeion.catalog import api as catalog
from lykeion.catalog.types import Run
from lykeion.core.clock import now
from lykeion.jobs import api as jobs
from lykeion.jobs.api import Running
from lykeion.notices import audience, writing
from lykeion.notices.models import Message, Pace, Recipient
from lykeion.notices.posting import Answer, Post, Unreachable
from lykeion.notices.types import Delivery, Draft, MailState, Why

SEND: Final = "notices.send"
WATCH: Final = "notices.watch"
WATCHED_EVERY: Final = timedelta(hours=1)
LONGEST_PART: Final = timedelta(minutes=5)
LIST_PAGE: Final = 1000
LARGEST_PART: Final = 100
TRIES: Final = 6
LONGEST_TROUBLE: Final = timedelta(days=2)
_FIRST_PAUSE: Final = timedelta(minutes=2)
_LONGEST_PAUSE: Final = timedelta(minutes=30)


def order(message_id: int, at: datetime) -> None:
    """Orders the next part of a message for ``at``; part of the caller's transaction."""
    jobs.enqueue(SEND, message_id, at=at, key=f"{SEND}:{message_id}", priority=-10)


def keep_watch(at: datetime) -> None:
    """Orders that somebody looks, after a while, whether every message goes on."""
    jobs.enqueue(WATCH, None, at=at + WATCHED_EVERY, key=WATCH)


def watch(at: datetime) -> None:
    """Messages whose job is gone (it failed for good, or too many workers died with it) go on. The last one ends it."""
    going = Message.objects.filter(state__in=(MailState.SCHEDULED, MailState.SENDING))
    if going.exists():
        keep_watch(at)  # first, so that a failure does not end it
    for message_id in going.filter(due__lt=at - WATCHED_EVERY).values_list("pk", flat=True):
        order(message_id, at)


def send_part(message_id: int, running: Running) -> None:
    """Lists the recipients if that is not done, sends the next part, and orders the one after it or finishes."""
    _begin(Message.objects.get(pk=message_id))
    message = Message.objects.get(pk=message_id)
    run, claim = _run_of(message), f"{running.id}.{running.attempt}"
    if message.state == MailState.SENDING:
        _list(message, run, running)
    _of(message, Delivery.SENDING).exclude(claim=claim).update(state=Delivery.UNKNOWN)
    if not Message.objects.filter(pk=message_id, state=MailState.SENDING).exists():
        close(message_id)  # it was stopped, perhaps while it was listed, or never began
        return
    part = list(_of(message, Delivery.WAITING, due__lte=now()).order_by("due", "pk")[: _part_size()])
    if part:
        wait = _reserve(len(part), now())
        if wait is not None:
            order(message.pk, wait)
            return
        _send(message, run, part, claim, running)
    _go_on(message.pk)


def close(message_id: int) -> None:
    """Counts a message that is over, once and for all; whoever still waits is left out."""
    waiting = Recipient.objects.filter(message_id=message_id, state=Delivery.WAITING)
    with transaction.atomic():
        waiting.update(state=Delivery.LEFT_OUT, why=Why.STOPPED)
        counts = dict(counts_of([message_id])[message_id])
        Message.objects.filter(pk=message_id).update(counts=counts, total=sum(counts.values()), trouble="")


def counts_of(message_ids: list[int]) -> dict[int, Counter[str]]:
    """How many recipients are where, by message: deliveries, and ``left_out:WHY``. One read over an index."""
    rows = Recipient.objects.filter(message_id__in=message_ids).order_by("message_id")
    found: dict[int, Counter[str]] = {one: Counter() for one in message_ids}
    for message_id, state, why, count in rows.values_list("message_id", "state", "why").annotate(count=Count("pk")):
        found[message_id][f"{state}:{why}" if why else state] += count
    return found


def draft_of(message: Message) -> Draft:
    """What the teacher wrote."""
    return Draft(message.subject, message.html, tuple(message.groups), message.replies, message.shown_until)


def _run_of(message: Message) -> Run:
    return catalog.run(catalog.keys([message.run_id])[message.run_id])


def _begin(message: Message) -> None:
    """What was ordered begins now, unless whoever ordered it may not write to the course any more: then it is over."""
    if message.state != MailState.SCHEDULED:
        return
    at, silenced = now(), audience.silenced(_run_of(message), message.by_id)
    scheduled = Message.objects.filter(pk=message.pk, state=MailState.SCHEDULED)
    if silenced is None:
        scheduled.update(state=MailState.SENDING, started=at)
    else:
        scheduled.update(state=silenced, finished=at)


def _list(message: Message, run: Run, running: Running) -> None:
    """A row for everybody whom the groups name now, in pages; where it was is written with each page."""
    if message.listed:
        return
    chosen = audience.audience(run, message.groups, message.by_id)
    _write_page(message, sorted(chosen.few), message.cursor)
    while chosen.takers is not None:
        page = catalog.takers(run.id, chosen.takers, after=message.cursor, limit=LIST_PAGE)
        if not page:
            break
        _write_page(message, [user_id for _place, user_id in page], page[-1][0])
        running.progress(0, 0, "listing")
    message.listed, message.total = True, Recipient.objects.filter(message=message).count()
    message.save(update_fields=["listed", "total"])


def _write_page(message: Message, user_ids: list[int], cursor: int) -> None:
    rows = [Recipient(message=message, user_id=one, due=message.due) for one in user_ids]
    with transaction.atomic():
        Recipient.objects.bulk_create(rows, ignore_conflicts=True)
        message.cursor = cursor
        message.save(update_fields=["cursor"])


def _send(message: Message, run: Run, part: list[Recipient], claim: str, running: Running) -> None:
    """Sends a part over one connection. Trouble with the connection ends it; what was not sent waits."""
    judged = audience.judge(run.id, [row.user_id for row in part])
    reply_to = _reply_to(message)
    draft, sent, until = draft_of(message), 0, now() + LONGEST_PART
    try:
        with Post() as post:
            for place, row in enumerate(part):
                person, why = judged[row.user_id]
                if why is not None or person is None:
                    _mine(row, Delivery.WAITING).update(state=Delivery.LEFT_OUT, why=why or Why.INACTIVE)
                    continue
                if place % 10 == 0:
                    running.progress(place, len(part))
                answer = _deliver(post, draft, run, row, person, reply_to, claim)
                sent += answer.delivery is Delivery.SENT
                if answer.broken:
                    raise Unreachable(answer.words)
                if now() > until:
                    break  # a slow server: the rest is another part
    except Unreachable as error:
        _rest(message, str(error), sent)
        return
    Message.objects.filter(pk=message.pk).exclude(trouble="").update(trouble="", troubled_since=None, pauses=0)


def _deliver(post: Post, draft: Draft, run: Run, row: Recipient, person: Person, reply_to: str, claim: str) -> Answer:
    """One mail: claimed, sent, its answer written. A row that somebody else has is let alone."""
    mail = writing.mail(draft, run, person, reply_to, row.message_id)
    if not _mine(row, Delivery.WAITING).update(state=Delivery.SENDING, claim=claim):
        return Answer(Delivery.WAITING)
    answer = post.send(mail)
    state, changes = answer.delivery, {}
    if state is Delivery.WAITING and row.tries + 1 >= TRIES:
        state = Delivery.FAILED
    if state is Delivery.WAITING:
        changes = {"due": now() + _pause(row.tries), "tries": row.tries + 1, "claim": ""}
    ours = Recipient.objects.filter(pk=row.pk, claim=claim, state__in=(Delivery.SENDING, Delivery.UNKNOWN))
    words = answer.words.replace(person.email, "…")  # what people may erase is kept in one place
    ours.update(state=state, words=words, **changes)
    return answer


def _rest(message: Message, words: str, sent: int) -> None:
    """The mail server is in trouble: the message rests, longer each time, and gives up after two days."""
    at = now()
    since = message.troubled_since if message.troubled_since and not sent else at
    if at - since > LONGEST_TROUBLE:
        _of(message, Delivery.WAITING).update(state=Delivery.FAILED, words=words)
        return
    pauses = 0 if sent else message.pauses
    Message.objects.filter(pk=message.pk).update(trouble=words, troubled_since=since, pauses=pauses + 1)
    _of(message, Delivery.WAITING, due__lt=at + _pause(pauses)).update(due=at + _pause(pauses))


def _go_on(message_id: int) -> None:
    """Orders the next part, for when somebody is due; nobody waits: the message is finished."""
    waiting = Recipient.objects.filter(message_id=message_id, state=Delivery.WAITING)
    with transaction.atomic():
        Message.objects.select_for_update().get(pk=message_id)  # nobody is added meanwhile
        due = waiting.aggregate(first=Min("due"))["first"]
        sending = Message.objects.filter(pk=message_id, state=MailState.SENDING)
        if due is not None and sending.exists():
            order(message_id, max(due, now()))
        else:
            sending.update(state=MailState.DONE, finished=now())
            close(message_id)


def _reserve(size: int, at: datetime) -> datetime | None:
    """Takes ``size`` mails of what the site may send in a minute; else tells when to come again."""
    with transaction.atomic():
        pace, _new = Pace.objects.select_for_update().get_or_create(pk=1, defaults={"next_at": at})
        if pace.next_at > at:
            return pace.next_at
        pace.next_at = at + timedelta(minutes=size / settings.LYKEION_MAIL_RATE)
        pace.save(update_fields=["next_at"])
    return None


def _part_size() -> int:
    """Mails of a sixth of a minute, so that a low rate is not one burst a minute."""
    return max(1, min(LARGEST_PART, settings.LYKEION_MAIL_RATE // 6))


def _pause(tries: int) -> timedelta:
    doublings: int = 2 ** min(tries, 8)
    return min(_FIRST_PAUSE * doublings, _LONGEST_PAUSE)


def _reply_to(message: Message) -> str:
    teacher = accounts.people([message.by_id]).get(message.by_id) if message.replies else None
    return teacher.email if teacher is not None and teacher.is_active else ""


def _mine(row: Recipient, state: Delivery) -> QuerySet[Recipient]:
    return Recipient.objects.filter(pk=row.pk, state=state)


def _of(message: Message, state: Delivery, **more: datetime) -> QuerySet[Recipient]:
    return Recipient.objects.filter(message_id=message.pk, state=state, **more)
