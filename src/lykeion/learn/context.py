"""What the frame of every page shows: the menu of the site and of the person. No query beyond ``request.user``."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.http import HttpRequest
from django.urls import get_script_prefix, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from lykeion.ui.context import site
from lykeion.ui.types import AccountMenu, Link


def navigation(request: HttpRequest) -> dict[str, Any]:
    """``site_name``, ``theme``, ``nav_items`` and ``account_menu``; the last two are made when a page shows them."""
    return {
        **site(request),
        "nav_items": SimpleLazyObject(lambda: nav_items(request)),
        "account_menu": SimpleLazyObject(lambda: account_menu(request)),
    }


def nav_items(request: HttpRequest) -> list[Link]:
    """The places of the site: the catalog, and for people who are signed in their courses."""
    names = [(_("Courses"), "catalog")]
    if _is_signed_in(request):
        names.insert(0, (_("My courses"), "dashboard"))
    return [Link(label, address, current=request.path == address) for label, name in names for address in [_url(name)]]


def account_menu(request: HttpRequest) -> AccountMenu:
    """Sign in and sign up for a visitor, settings and sign out for a person."""
    if not _is_signed_in(request):
        back = f"?{urlencode({'next': request.get_full_path()})}" if _is_worth_coming_back(request) else ""
        links = [Link(_("Sign in"), _url("account_login") + back), Link(_("Sign up"), _url("account_signup") + back)]
        return AccountMenu("", links)
    items = [
        Link(_("My courses"), _url("dashboard"), icon="home"),
        Link(_("Studio"), _url("studio:home"), icon="edit"),
        Link(_("Settings"), _url("account_settings"), icon="settings"),
        Link(_("Sign out"), _url("account_logout"), icon="log-out", post=True),
    ]
    if request.user.is_staff or request.user.is_superuser:
        items[-1:-1] = [
            Link(_("Announcements"), _url("instructor:announcements"), icon="mail"),
            Link(_("Courses in figures"), _url("instructor:site_courses"), icon="chart"),
            Link(_("Surveys"), _url("instructor:surveys"), icon="check"),
            Link(_("Background jobs"), _url("jobs:list"), icon="clock"),
        ]
    return AccountMenu(request.user.get_username(), items)


def _is_signed_in(request: HttpRequest) -> bool:
    return hasattr(request, "user") and request.user.is_authenticated


def _is_worth_coming_back(request: HttpRequest) -> bool:
    return request.method == "GET" and request.path.startswith("/courses/")


def _url(name: str) -> str:
    return _reverse(name, get_script_prefix())


@lru_cache(maxsize=64)
def _reverse(name: str, prefix: str) -> str:
    return reverse(name)
