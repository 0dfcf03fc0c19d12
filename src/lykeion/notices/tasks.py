"""Background jobs of ``notices``."""

from __future__ import annotations

from typing import TypedDict

from django.utils.translation import gettext_lazy as _

from lykeion.accounts import api as accounts
from lykeion.catalog import api as catalog
from lykeion.core.clock import now
from lykeion.jobs.api import Running, job
from lykeion.jobs.types import GiveUp
from lykeion.notices import sending, writing
from lykeion.notices.posting import Post, Unreachable
from lykeion.notices.types import Delivery, Draft

TRY_OUT = "notices.try_out"


class Trial(TypedDict):
    """A mail that a teacher sends to themself alone."""

    run: int
    user: int
    subject: str
    html: str


@job(sending.SEND, attempts=50, forget=True, queue="mail", title=_("Mail to the people of a course"))
def send(message_id: int, running: Running) -> None:
    """The next part of a message (``sending.py``)."""
    sending.send_part(message_id, running)


@job(sending.WATCH, forget=True, title=_("Looks for mails that nobody sends any more"))
def watch(_nothing: None, running: Running) -> None:
    """Messages that nobody sends any more go on."""
    sending.watch(now())


@job(TRY_OUT, attempts=5, forget=True, queue="high", title=_("Mail to its own author"))
def try_out(trial: Trial, running: Running) -> None:
    """One mail to its own author. Raises :class:`GiveUp` when the mail server will not have it."""
    person = accounts.people([trial["user"]])[trial["user"]]
    run = catalog.run(catalog.keys([trial["run"]])[trial["run"]])
    mail = writing.mail(Draft(trial["subject"], trial["html"], ()), run, person, "", 0)
    with Post() as post:
        answer = post.send(mail)
    if answer.delivery is Delivery.WAITING:
        raise Unreachable(answer.words)
    if answer.delivery is not Delivery.SENT:
        raise GiveUp(answer.words)
