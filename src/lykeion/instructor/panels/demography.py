"""Who takes a course, by what learners told of themselves (analytics.md §1.1)."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from django.utils.translation import gettext as _

from lykeion.accounts.types import EDUCATION, GENDERS
from lykeion.analytics import api as analytics
from lykeion.analytics.types import Row
from lykeion.core.clock import now
from lykeion.instructor import charts
from lykeion.instructor.panels.panel import DASH, Panel, day_words, from_nothing
from lykeion.teaching.types import Teacher

_YOUNG: Final = 25
_OLD: Final = 41
_OLDEST: Final = 100
_BAND: Final = 5  # years
_MOST_COUNTRIES: Final = 12
_MOST_DAYS: Final = 366


def panels(teacher: Teacher) -> list[Panel]:
    """Of those who are enrolled now: genders, ages, education, countries; none of which tells of one alone."""
    rows = analytics.figures(teacher.run.id, "demography")
    told = {trait: {row["value"]: row["count"] for row in rows if row["trait"] == trait} for trait in _TRAITS}
    shown = [_TRAITS[trait](counts) for trait, counts in told.items() if sum(counts.values())]
    days = analytics.figures(teacher.run.id, "enrolment_by_gender")
    return [*shown, *([_by_day(days)] if days else [])]


def _by_day(rows: list[Row]) -> Panel:
    """How many of each gender were enrolled on each day of the last year."""
    counts = {(row["day"], row["gender"]): row["count"] for row in rows}
    days = from_nothing(sorted({row["day"] for row in rows})[-_MOST_DAYS:], timedelta(days=1))
    codes = {row["gender"] for row in rows}
    words = {**{code: name for code, name in GENDERS.items() if code in codes}, **_others(codes), "": _("Not told")}
    series = {str(name): [counts.get((day, code), 0) for day in days] for code, name in words.items()}
    labels = [day_words(day) for day in days]
    lines = [tuple(line) for line in zip(labels, *series.values(), strict=True)]
    title = _("Gender by day")
    chart = charts.areas("gender-by-day", _("Learners enrolled, by gender"), labels, series)
    about = _("Those who were enrolled at the end of each day.")
    return Panel("gender-by-day", title, about, chart, (_("Day"), *series), lines[::-1], "enrolment_by_gender")


def _others(told: Container[str]) -> dict[str, str]:
    """What is counted together, in words."""
    return {analytics.TOGETHER: _("Others together")} if analytics.TOGETHER in told else {}


def _genders(counts: Mapping[str, int]) -> Panel:
    return _panel("gender", _("Gender"), _("Gender"), _lines(GENDERS, counts), counts.get("", 0))


def _education(counts: Mapping[str, int]) -> Panel:
    return _panel("education", _("Education"), _("Highest education"), _lines(EDUCATION, counts), counts.get("", 0))


def _lines(words: Mapping[str, Any], counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """In words, of those that anybody told; last what is counted together."""
    return [(str(name), counts[code]) for code, name in {**words, **_others(counts)}.items() if code in counts]


def _countries(counts: Mapping[str, int]) -> Panel:
    """The most frequent first, last what is counted together."""
    order = sorted(filter(None, counts), key=lambda code: (code == analytics.TOGETHER, -counts[code], code))
    lines = [(_others(counts).get(code, code), counts[code]) for code in order]
    return _panel("country", _("Countries"), _("Country"), lines, counts.get("", 0), most=_MOST_COUNTRIES)


def _ages(counts: Mapping[str, int]) -> Panel:
    """In bands of five years; ages as if all birthdays of the year had been."""
    year = now().year
    ages = {min(year - int(born), _OLDEST): 0 for born in counts if born}
    for born, count in counts.items():
        if born:
            ages[min(year - int(born), _OLDEST)] += count
    first, last = min(ages, default=0) // _BAND, max(ages, default=0) // _BAND
    lines = [
        (_band(number * _BAND), sum(count for age, count in ages.items() if age // _BAND == number))
        for number in range(first, last + 1)
    ]
    panel = _panel("age", _("Age"), _("Age"), lines, counts.get("", 0), bars=True)
    return replace(panel, about=f"{_bands(ages)} {panel.about}")


def _band(age: int) -> str:
    return f"{age}+" if age >= _OLDEST else f"{age}\u2013{age + _BAND - 1}"


def _bands(ages: Mapping[int, int]) -> str:
    """The middle and the three bands of Open edX, in words."""
    total = sum(ages.values()) or 1
    young = sum(count for age, count in ages.items() if age <= _YOUNG)
    old = sum(count for age, count in ages.items() if age >= _OLD)
    shares = [round(100 * count / total) for count in (young, total - young - old, old)]
    return _(
        "Half are at most {median} years old; {young} % are 25 or younger, {middle} % 26 to 40, {old} % 41 or older."
    ).format(median=_median(ages), young=shares[0], middle=shares[1], old=shares[2])


def _median(ages: Mapping[int, int]) -> int:
    half, reached = sum(ages.values()) / 2, 0
    for age, count in sorted(ages.items()):
        reached += count
        if reached >= half:
            return age
    return 0


def _panel(
    name: str,
    title: str,
    column: str,
    lines: Sequence[tuple[str, int]],
    unknown: int,
    *,
    most: int = 0,
    bars: bool = False,
) -> Panel:
    """Learners by one trait; shares are of those who told it."""
    told = sum(count for _words, count in lines)
    shown = list(lines[:most] if most else lines)
    words, series = [one for one, _count in shown], {_("Learners"): [count for _one, count in shown]}
    draw = charts.bars if bars else charts.rows
    chart = draw(f"trait-{name}", _("Learners by {what}").format(what=title.lower()), words, series)
    share = round(100 * told / (told + unknown)) if told + unknown else 0
    about = _("{share} % of those who are enrolled told it; shares are of these.").format(share=share)
    table: list[tuple[Any, ...]] = [(one, count, f"{100 * count / (told or 1):.0f} %") for one, count in lines]
    table.append((_("Not told"), unknown, DASH))
    return Panel(f"trait-{name}", title, about, chart, (column, _("Learners"), _("Share")), table, "demography")


_TRAITS: Final = {"gender": _genders, "birth_year": _ages, "education": _education, "country": _countries}
