"""Why a learner may need a word, in words: from what was counted, and where others of the course stand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from lykeion.analytics.types import Learner, Row
from lykeion.ui.templatetags.ui import percent

FLAGS: Final[dict[str, tuple[Any, Any]]] = {
    "at_risk": (gettext_lazy("At risk"), gettext_lazy("has not passed, was here, and not in the last seven days")),
    "struggling": (
        gettext_lazy("Struggling"),
        gettext_lazy(
            "needs more attempts for each problem solved than 85 in 100 learners; who tried and solved nothing"
            " needs the most"
        ),
    ),
    "disengaging": (gettext_lazy("Fading"), gettext_lazy("was here in the week before, not in the last seven days")),
    "inactive": (
        gettext_lazy("Away"),
        gettext_lazy("was not here in the last two weeks; who never came may have enrolled a moment ago"),
    ),
    "highly_engaged": (
        gettext_lazy("Very active"),
        gettext_lazy(
            "among the upper 15 in 100 in problems tried or solved, videos or posts, with all who have as many as the"
            " last of these"
        ),
    ),
}
"""Flag -> what it is called, and what it means."""
_KINDS: Final = {"at_risk": "bad", "highly_engaged": "good"}
_MEASURED: Final[Mapping[str, Callable[[int], str]]] = {
    "problems_attempted": lambda count: ngettext("{count} problem tried", "{count} problems tried", count),
    "problems_completed": lambda count: ngettext("{count} problem solved", "{count} problems solved", count),
    "videos_viewed": lambda count: ngettext("{count} video", "{count} videos", count),
    "discussion_contributions": lambda count: ngettext("{count} post", "{count} posts", count),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """A flag of a learner: what it is called (``words``), ``why`` they have it, and the ``kind`` of its badge."""

    words: str
    why: str
    kind: str


def reasons(one: Learner, ranges: Row, at: datetime) -> list[Reason]:
    """Why ``one`` is what they are; ``ranges`` are the bounds of their course."""
    return [
        Reason(str(words), _WHY[name](one, ranges, at), _KINDS.get(name, "warn"))
        for name, (words, _about) in FLAGS.items()
        if getattr(one, name)
    ]


def _at_risk(one: Learner, _ranges: Row, at: datetime) -> str:
    grade = _("no grade yet") if one.percent is None else _("grade {percent} %").format(percent=percent(one.percent))
    return f"{grade}; {_last(one, at)}"


def _struggling(one: Learner, ranges: Row, _at: datetime) -> str:
    if one.attempts_per_completed is None:
        tries = one.problem_attempts
        return ngettext("{tries} attempt, nothing solved", "{tries} attempts, nothing solved", tries).format(
            tries=tries
        )
    return _("{own} attempts for each problem solved; most need fewer than {others}").format(
        own=_short(one.attempts_per_completed), others=_short(ranges.get("attempts_per_completed_high"))
    )


def _away(one: Learner, _ranges: Row, at: datetime) -> str:
    """Nothing more where being at risk says it already. Who never came may have enrolled a moment ago."""
    if one.last is not None:
        return "" if one.at_risk else _last(one, at)
    days = (at.date() - one.enrolled_on).days
    return (
        ngettext("never here; enrolled {days} day ago", "never here; enrolled {days} days ago", days).format(days=days)
        if days
        else _("never here; enrolled today")
    )


def _active(one: Learner, ranges: Row, _at: datetime) -> str:
    found = [
        words(count := getattr(one, name)).format(count=count)
        for name, words in _MEASURED.items()
        if _reaches(getattr(one, name), ranges.get(f"{name}_low"), ranges.get(f"{name}_high"))
    ]
    return ", ".join(found)


def _reaches(value: int, low: float | None, high: float | None) -> bool:
    return low is not None and high is not None and high > low and value >= high


def _last(one: Learner, at: datetime) -> str:
    if one.last is None:
        return _("never here")
    days = (at.date() - one.last.date()).days
    return ngettext("last here {days} day ago", "last here {days} days ago", days).format(days=days)


def _short(value: float | None) -> str:
    return "\u2013" if value is None else f"{value:.1f}"


_WHY: Final[Mapping[str, Any]] = {
    "at_risk": _at_risk,
    "struggling": _struggling,
    "disengaging": _away,
    "inactive": _away,
    "highly_engaged": _active,
}
