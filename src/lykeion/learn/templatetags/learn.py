"""Numbers as learners read them: ``{% load learn %}``."""

from __future__ import annotations

import json
from functools import lru_cache

from django import template
from django.utils.formats import number_format
from django.utils.translation import get_language

from lykeion.ui.types import OutlineItem

register = template.Library()


@register.filter
def whole_percent(share: float | None) -> str:
    """A share as whole percent, as the grade itself is rounded: 0.59 is 59, 0.125 of a weight 12.5."""
    return _number(round((share or 0.0) * 100, 1), get_language())


@register.filter
def points(value: float) -> str:
    """Points with at most two places, none when whole: 1, 0.5, 0.67."""
    return _number(round(value, 2), get_language())


@register.filter
def outline_event(item: OutlineItem, page: str) -> str:
    """What the tracking log is told when somebody opens a subsection from the outline on ``page``."""
    return json.dumps({"target_name": item.label, "target_url": item.url, "current_url": page})


@lru_cache(maxsize=4096)
def _number(value: float, language: str | None) -> str:
    return number_format(int(value) if value == int(value) else value)
