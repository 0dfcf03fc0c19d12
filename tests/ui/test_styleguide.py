"""The page that shows every component."""

from __future__ import annotations

import re

import pytest
from django.http import Http404
from django.test import Client, RequestFactory
from pytest_django.fixtures import Settings

from lykeion.ui.icons import icon_names
from lykeion.ui.views import style_page

COMPONENTS = (
    *("alert", "badge", "breadcrumbs", "button", "card", "choice", "dialog-head", "donut", "empty", "facts", "field"),
    *("form", "icon-button", "menu", "outline", "pagination", "progress", "prose", "search", "sequence", "site-header"),
    *("site-footer", "skip-link", "table", "tabs", "theme", "toast", "transcript", "video"),
)
pytestmark = pytest.mark.urls("tests.ui.urls")


def test_the_style_page_shows_every_icon(client: Client) -> None:
    page = client.get("/ui/").content.decode()

    shown = re.findall(r"</svg><span>([a-z-]+)</span></li>", page)

    assert shown == list(icon_names())


def test_the_style_page_shows_every_component(client: Client) -> None:
    page = client.get("/ui/").content.decode()

    missing = [name for name in COMPONENTS if not re.search(rf'class="[^"]*\b{name}\b', page)]

    assert missing == []


def test_the_style_page_can_be_turned_around(client: Client) -> None:
    assert 'dir="rtl"' in client.get("/ui/?dir=rtl").content.decode()
    assert 'dir="ltr"' in client.get("/ui/").content.decode()


def test_there_is_no_style_page_outside_a_development_home(rf: RequestFactory, settings: Settings) -> None:
    settings.LYKEION_DEVELOPMENT = False

    with pytest.raises(Http404):
        style_page(rf.get("/ui/"))


def test_the_page_comes_in_the_theme_the_browser_chose(client: Client) -> None:
    client.cookies["theme"] = "dark"
    assert ' data-theme="dark"' in client.get("/ui/").content.decode()

    client.cookies["theme"] = '"><script>'
    assert "data-theme=" not in client.get("/ui/").content.decode().split("<head>")[0]


def test_nothing_on_the_page_comes_from_another_host(client: Client) -> None:
    page = client.get("/ui/").content.decode()

    assert re.findall(r'(?:src|href)="(?:https?:)?//[^"]*"', page) == []
