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
from lykeion.core.clock import now
from lykeion.learn.offers import Card, State, card


@dataclass(frozen=True, slots=True)
class Group:
    """Cards under one heading."""

    state: State
    title: str
    cards: tuple[Card, ...]


@login_required
@never_cache
@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """A card for each course the person takes, newest first: those open now, those to come, those that ended."""
    person = accounts.person(request.user)
    at = now()
    cards = [card(run, at, enrolled=True) for run, _enrolment in catalog.enrolments_of(request.user.pk)]
    context = {
        "person": person,
        "groups": _groups(cards),
        "left": request.session.pop("left", None),
    }
    return render(request, "learn/dashboard/dashboard.html", context)


def _groups(cards: list[Card]) -> list[Group]:
    titles: tuple[tuple[State, str], ...] = (("now", _("Open now")), ("later", _("Coming up")), ("ended", _("Ended")))
    groups = [Group(state, title, tuple(one for one in cards if one.state == state)) for state, title in titles]
    return [group for group in groups if group.cards]
