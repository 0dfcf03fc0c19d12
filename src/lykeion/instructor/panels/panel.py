"""What a panel is, and what several of them say alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.utils.formats import date_format
from django.utils.safestring import SafeString

DASH: Final = "\u2013"


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of a page: ``chart`` and its table (``columns``, ``lines``); ``file``: the metric that comes as a file,
    ``of`` which part of the course."""

    name: str
    title: str
    about: str
    chart: SafeString
    columns: tuple[str, ...]
    lines: list[tuple[Any, ...]]
    file: str = ""
    of: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show yet."""
        return not self.lines


def from_nothing(days: list[str], step: timedelta) -> list[str]:
    """``days`` (ISO); one alone after the day before it, so that a chart has a line to draw."""
    if len(days) != 1:
        return days
    return [(date.fromisoformat(days[0]) - step).isoformat(), *days]


def day_words(text: str) -> str:
    """A day (ISO) as people write it."""
    return date_format(date.fromisoformat(text), "SHORT_DATE_FORMAT")
