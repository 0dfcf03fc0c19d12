"""Numbers as learners read them: ``{% load learn %}``."""

from __future__ import annotations

import json

from django import template
from django.utils.translation import get_language

from lykeion.ui.templatetags.ui import points, short_number
from lykeion.ui.types import OutlineItem

__all__ = ["outline_event", "points", "whole_percent"]

register = template.Library()


@register.filter
def whole_percent(share: float | None) -> str:
    """A share as whole percent, as the grade itself is rounded: 0.59 is 59, 0.125 of a weight 12.5."""
    return short_number(round((share or 0.0) * 100, 1), get_language())


@register.filter
def outline_event(item: OutlineItem, page: str) -> str:
    """What the tracking log is told when somebody opens a subsection from the outline on ``page``."""
    return json.dumps({"target_name": item.label, "target_url": item.url, "current_url": page})
