"""The courses of one learner."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lykeion.accounts import api as accounts
from lykeion.catalog import api as catalog
from lykeion.certificates import api as certificates
from lykeion.core.clock import now
from lykeion.courseware import api as courseware
from lykeion.learn.offers import Card, State, card
from lykeion.notices import api as notices
from lykeion.teaching.api import courses as teaching


@dataclass(frozen=True, slots=True)
class Group:
    """Cards under one heading; ``quiet``: the page's own heading says it already."""

    title: str
    cards: tuple[Card, ...]
    quiet: bool = False


@login_required
@never_cache
@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """A card for each course the person teaches, by title, and for each they take, newest first: those open now, those
    to come, those that ended."""
    person, at = accounts.person(request.user), now()
    user_id = person.id if person is not None else 0
    runs = [run for run, _enrolment in catalog.enrolments_of(user_id)]
    begun = courseware.standings(user_id, [run.id for run in runs])
    earned = certificates.mine(user_id, runs, at=at)
    cards = [card(run, at, enrolled=True, standing=begun.get(run.id), certificate=earned.get(run.id)) for run in runs]
    taught = [card(run, at) for run in teaching.mine(person)] if person is not None else []
    context = {
        "taught": taught,
        "groups": _groups(cards, quiet=not taught),
        "announced": notices.announced(),
        "left": request.session.pop("left", None),
    }
    return render(request, "learn/dashboard/dashboard.html", context)


def _groups(cards: list[Card], *, quiet: bool) -> list[Group]:
    order: tuple[State, ...] = ("now", "later")
    current = tuple(one for state in order for one in cards if one.state == state)
    ended = tuple(one for one in cards if one.state == "ended")
    groups = [Group(_("Current courses"), current, quiet=quiet), Group(_("Ended"), ended)]
    return [group for group in groups if group.cards]
