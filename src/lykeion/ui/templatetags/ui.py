"""Template tags of every page: ``{% load ui %}``."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from django import template
from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from lykeion.ui.filled import filled
from lykeion.ui.fixed import fixed_part
from lykeion.ui.icons import icon_names, icon_svg
from lykeion.ui.types import AccountMenu, Link

register = template.Library()


@register.simple_tag
def icon(name: str, label: str = "", fallback: str = "") -> SafeString:
    """Write an icon: ``{% icon "check" %}`` beside words, ``{% icon "check" _("Complete") %}`` alone.

    ``fallback`` is for names that come from elsewhere; without it an unknown name is an error.
    """
    return icon_svg(name if not fallback or name in icon_names() else fallback, str(label))


@register.simple_tag
def fixed(name: str, **values: str) -> SafeString:
    """Write a part that is the same for everybody: ``{% fixed "ui/parts/live.html" %}``."""
    return fixed_part(name, **{key: str(value) for key, value in values.items()})


@register.simple_tag
def site_nav(items: Sequence[Link]) -> SafeString:
    """Write the places of the site: the same for everybody who is at the same one of them."""
    return fixed_part("ui/parts/site_nav.html", items=tuple(items))


@register.simple_tag
def person_menu(menu: AccountMenu, csrf_token: str) -> SafeString:
    """Write the menu of a person who is signed in: the same for all of them but for the name and the token."""
    holes = {"label": menu.label, "initial": menu.label[:1].upper(), "csrf_token": csrf_token}
    return filled("ui/parts/account_menu.html", holes, items=tuple(menu.items))


@register.simple_tag
def state(name: str) -> SafeString:
    """Write what a learner has done: ``{% state "complete" %}``, ``started``, ``locked`` or anything else (todo)."""
    return fixed_part("ui/parts/state.html", state=name)


@register.filter
def percent(share: float | None) -> int:
    """Turn a share between 0 and 1 into whole percent, never 100 before it is whole."""
    return 0 if not share else min(int(share * 100 + 0.5), 100 if share >= 1 else 99)


@register.filter
def signed(change: int) -> str:
    """How many more or fewer: ``+3``, ``0``, or with a minus, which is longer than a hyphen."""
    return f"{change:+}".replace("-", "\u2212") if change else "0"


@register.filter
def share_of(value: float, whole: float) -> float:
    """Return ``value / whole`` between 0 and 1; 0 of nothing is 0."""
    return max(0.0, min(value / whole, 1.0)) if whole else 0.0


@register.filter
def points(value: float | None) -> str:
    """Points with at most two places, none when whole: 1, 0.5, 0.67."""
    return short_number(round(value or 0.0, 2), get_language())


@lru_cache(maxsize=4096)
def short_number(value: float, language: str | None) -> str:
    """A number as ``language`` writes it, without places when it is whole."""
    return number_format(int(value) if value == int(value) else value)
