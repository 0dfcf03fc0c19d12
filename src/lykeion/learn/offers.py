"""How runs look in lists: what state they are in, in words, and where their picture is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from lykeion.catalog.types import Run
from lykeion.certificates.types import Certificate
from lykeion.courseware.types import Standing
from lykeion.learn.addresses import asset_url, course_url, home_url

State = Literal["later", "now", "ended"]


@dataclass(frozen=True, slots=True)
class Card:
    """One run in a list. ``when`` says in words when it runs; ``certificate``: the address of the learner's own."""

    run: Run
    about: str
    home: str
    picture: str
    state: State
    when: str
    enrolled: bool = False
    standing: Standing | None = None
    certificate: str = ""

    @property
    def resume(self) -> str:
        """Where the learner goes on; found out when they follow it, so that a list of courses stays cheap."""
        return course_url(self.run.key, "courseware/")

    @property
    def language(self) -> str:
        """The name of the run's language in that language."""
        return language_name(self.run.language)


def card(
    run: Run,
    at: datetime,
    *,
    enrolled: bool = False,
    standing: Standing | None = None,
    certificate: Certificate | None = None,
) -> Card:
    """The card of ``run`` as it is at ``at``; ``standing``: how far the learner is who has been somewhere in it."""
    state = state_of(run, at)
    return Card(
        run=run,
        about=course_url(run.key, "about"),
        home=home_url(run.key),
        picture=asset_url(run.key, run.image) if run.image else "",
        state=state,
        when=when(run, state),
        enrolled=enrolled,
        standing=standing,
        certificate=reverse("certificate", args=[certificate.uuid.hex]) if certificate else "",
    )


def state_of(run: Run, at: datetime) -> State:
    """Whether a run starts later, is open now, or has ended."""
    if run.start is not None and at < run.start:
        return "later"
    return "ended" if run.end is not None and at > run.end else "now"


def when(run: Run, state: State) -> str:
    """The dates of a run in words; ``advertised_start`` is the author's own wording of the start."""
    if state == "later":
        start = run.advertised_start or day(run.start)
        return _("Starts on %(date)s") % {"date": start} if start == day(run.start) else start
    if state == "ended":
        return _("Ended on %(date)s") % {"date": day(run.end)}
    if run.end is not None:
        return _("Until %(date)s") % {"date": day(run.end)}
    return _("At your own pace") if run.self_paced else _("Open now")


def day(moment: datetime | None) -> str:
    """A date in the reader's language and time zone; empty for none."""
    return "" if moment is None else date_format(localtime(moment), "DATE_FORMAT")


def language_name(code: str) -> str:
    """The name of a language in itself (``de``: Deutsch); the code when nobody knows it."""
    try:
        return str(get_language_info(code.replace("_", "-").lower())["name_local"])
    except KeyError:
        return code
