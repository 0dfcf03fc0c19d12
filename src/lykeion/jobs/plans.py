"""Jobs that are ordered by the clock. A plan's next time is a row: it survives restarts, and whoever moves it gives the
order in the same transaction, so it is given once however many processes look."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from lykeion.jobs.models import Schedule
from lykeion.jobs.turns import due_of, move

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Plan:
    """``after(moment)`` is the next time; a new plan begins ``at_once`` or then."""

    name: str
    after: Callable[[datetime], datetime]
    at_once: bool


_plans: dict[str, Plan] = {}


def every(name: str, pause: timedelta) -> None:
    """Job ``name`` is ordered (with no payload) at once and then each ``pause``."""
    _plans[name] = Plan(name, lambda moment: moment + pause, at_once=True)


def daily(name: str, at: time) -> None:
    """Job ``name`` is ordered (with no payload) each day ``at`` that time in the site's zone."""

    def after(moment: datetime) -> datetime:
        zone = ZoneInfo(settings.TIME_ZONE)
        today = datetime.combine(moment.astimezone(zone), at, zone)
        return (today if today > moment else datetime.combine((today + _DAY).date(), at, zone)).astimezone(
            moment.tzinfo
        )

    _plans[name] = Plan(name, after, at_once=False)


def give_due(order: Callable[[str], object], at: datetime) -> int:
    """Orders by ``order(name)`` what is due at ``at``; how many."""
    return sum(_give(plan, order, at) for plan in list(_plans.values()))


def _give(plan: Plan, order: Callable[[str], object], at: datetime) -> bool:
    then = plan.after(at)
    due = due_of(plan.name, first=at if plan.at_once else then)
    if due > then:  # the plan was changed to come more often
        Schedule.objects.filter(name=plan.name, due=due).update(due=then)
    if due > at:
        return False
    with transaction.atomic():
        if not move(plan.name, due, then, at):
            return False
        order(plan.name)
    return True
