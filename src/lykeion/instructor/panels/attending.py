"""Who is enrolled, comes, and comes again (analytics.md §1.1, §1.2)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Final

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from lykeion.analytics import api as analytics
from lykeion.analytics.types import Row
from lykeion.instructor import charts
from lykeion.instructor.panels.panel import DASH, Panel, day_words, from_nothing
from lykeion.teaching.types import Teacher

_MOST_DAYS: Final = 366  # on a page; files have all
_MOST_WEEKS: Final = 26


def enrolment(teacher: Teacher) -> tuple[dict[str, int], Panel]:
    """How many are enrolled now, ever were, and came in the last seven days; and day by day."""
    rows = analytics.figures(teacher.run.id, "enrolment")
    days = from_nothing(sorted({row["day"] for row in rows})[-_MOST_DAYS:], timedelta(days=1))
    modes = sorted({row["mode"] for row in rows})
    by_day = {(row["day"], row["mode"]): row for row in rows}
    counts = {mode: [_of(by_day, day, mode, "count") for day in days] for mode in modes}
    totals = [sum(column) for column in zip(*counts.values(), strict=True)]
    ever = sum(_of(by_day, days[-1], mode, "cumulative") for mode in modes) if days else 0
    facts = (
        {"now": totals[-1], "ever": ever, "change": totals[-1] - (totals[-8] if len(totals) > 7 else 0)} if days else {}
    )
    labels = [day_words(day) for day in days]
    lines = [(label, *column, total) for label, *column, total in zip(labels, *counts.values(), totals, strict=True)]
    chart = charts.areas("enrolment", _("Learners enrolled, by track"), labels, counts) if days else SafeString()
    columns = (_("Day"), *modes, _("All"))
    about = _("Those who were enrolled at the end of each day.")
    return facts, Panel("enrolment", _("Enrolment by day"), about, chart, columns, lines[::-1], "enrolment")


def _of(by_day: dict[tuple[str, str], Row], day: str, mode: str, name: str) -> int:
    return int(by_day.get((day, mode), {}).get(name, 0))


def activity(teacher: Teacher) -> Panel:
    """Who was active, week by week."""
    told = analytics.several(teacher.run.id, "activity", "enrolment")
    rows, enrolled = _every_week(told["activity"]), enrolled_by_week(told["enrolment"])
    names = {
        "any": _("Active"),
        "attempted": _("Tried a problem"),
        "played": _("Played a video"),
        "posted": _("Wrote in the forum"),
    }
    labels = [day_words(row["week"]) for row in rows]
    series = {words: [row[name] for row in rows] for name, words in names.items()}
    title = _("Active learners by week")
    chart = charts.lines("activity", title, labels, series) if rows else SafeString()
    lines = [
        (label, *(row[name] for name in names), _of_those(row["any"], enrolled(row["week"])))
        for label, row in zip(labels, rows, strict=True)
    ]
    about = _(
        "Each person counts once a week, those of the team and those who left, too. The last week is not over yet. The"
        " share is of those who were enrolled when the week ended: where others were here it may be above 100 %."
    )
    columns = (_("Week from"), *names.values(), _("Active, of those enrolled"))
    return Panel("activity", title, about, chart, columns, lines[::-1], "activity")


def enrolled_by_week(rows: Sequence[Row]) -> Callable[[str], int]:
    """How many were enrolled when a week (its Monday) ended, or are on the last day that is counted; from the rows of
    ``enrolment``."""
    totals: Counter[str] = Counter()
    for row in rows:
        totals[row["day"]] += row["count"]
    last = max(totals, default="")

    def enrolled(week: str) -> int:
        sunday = (date.fromisoformat(week) + timedelta(days=6)).isoformat()
        return totals[min(sunday, last)]

    return enrolled


def _of_those(some: int, enrolled: int) -> str:
    return f"{100 * some / enrolled:.0f} %" if enrolled else DASH


def _every_week(rows: Sequence[Row]) -> list[Row]:
    """With the weeks in which nobody was active; one alone after the week before it, so that there is a line."""
    if not rows:
        return []
    known = {date.fromisoformat(row["week"]): row for row in rows}
    first, last = min(known), max(known)
    if first == last:
        first -= timedelta(days=7)
    nobody = {"any": 0, "attempted": 0, "played": 0, "posted": 0}
    weeks = [first + timedelta(days=7 * number) for number in range((last - first).days // 7 + 1)][-_MOST_DAYS // 7 :]
    return [known.get(week, {"week": week.isoformat(), **nobody}) for week in weeks]


def retention(teacher: Teacher) -> Panel:
    """Who still comes, weeks after enrolling."""
    rows = analytics.figures(teacher.run.id, "retention")
    cohorts = sorted({row["cohort"] for row in rows})[-_MOST_WEEKS:]
    longest = min(max((row["since"] for row in rows), default=-1), _MOST_WEEKS)
    shares = {(row["cohort"], row["since"]): row for row in rows}
    sizes = {row["cohort"]: row["size"] for row in rows}
    lines = [
        (day_words(cohort), sizes[cohort], *(_share(shares.get((cohort, since))) for since in range(longest + 1)))
        for cohort in cohorts
    ]
    columns = (
        _("Enrolled in the week from"),
        _("Learners"),
        *(_("Week {number}").format(number=since) for since in range(longest + 1)),
    )
    series = {
        day_words(cohort): [_percent(shares.get((cohort, since))) for since in range(longest + 1)]
        for cohort in cohorts[-5:]
    }
    title = _("Who still comes")
    labels = [str(since) for since in range(longest + 1)]
    chart = (
        charts.lines("retention", _("Active learners in percent, by weeks since enrolment"), labels, series)
        if rows
        else SafeString()
    )
    about = _("Of those who enrolled in a week, how many were active so many weeks later.")
    return Panel("retention", title, about, chart, columns, lines[::-1], "retention")


def _percent(row: Row | None) -> float | None:
    return None if row is None else round(100 * row["active"] / row["size"], 1)


def _share(row: Row | None) -> str:
    found = _percent(row)
    return DASH if found is None else f"{found:.0f} %"
