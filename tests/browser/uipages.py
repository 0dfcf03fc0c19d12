"""Pages for the tests of looks and behaviour: rendered in this process, given to the browser without a server."""

from __future__ import annotations

import json
import mimetypes
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template import engines
from django.test import Client, RequestFactory
from playwright.sync_api import Page, Request, Route, ViewportSize

ORIGIN = "http://lykeion.test"
PHONE = ViewportSize(width=390, height=844)
DESKTOP = ViewportSize(width=1280, height=900)
LOOKS = [  # each two of colours, size and direction meet once
    pytest.param("light", PHONE, "ltr", id="light-phone-ltr"),
    pytest.param("light", DESKTOP, "rtl", id="light-desktop-rtl"),
    pytest.param("dark", PHONE, "rtl", id="dark-phone-rtl"),
    pytest.param("dark", DESKTOP, "ltr", id="dark-desktop-ltr"),
]


@dataclass
class Stage:
    """A browser page on a made-up site: `/ui/` is the style page, any other address what the test puts there."""

    page: Page
    bodies: dict[str, tuple[str, str]] = field(default_factory=dict)
    posts: list[tuple[str, str]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    reachable: bool = True

    def put(self, path: str, body: str, content_type: str = "text/html") -> None:
        """Let the site answer ``path`` with ``body``."""
        self.bodies[path] = (body, content_type)

    def put_json(self, path: str, value: object) -> None:
        """Let the site answer ``path`` with JSON."""
        self.put(path, json.dumps(value), "application/json")

    def open(self, main: str, head: str = "") -> None:
        """Open a page with our frame around ``main``."""
        source = '{% extends "ui/base.html" %}{% block head %}' + head + "{% endblock %}{% block main %}" + main
        template = engines["django"].from_string(source + "{% endblock %}")
        context = {"account_menu": None, "nav_items": ()}
        self.put("/page", template.render(context, RequestFactory().get("/page")))
        self.page.goto("/page")

    def answer(self, route: Route, request: Request) -> None:
        """Answer one request of the browser."""
        path = request.url.removeprefix(ORIGIN)
        self.asked.append(path)
        if not self.reachable:
            return route.abort("internetdisconnected")
        if request.method == "POST":
            self.posts.append((path, request.post_data or ""))
        return self._fulfil(route, path)

    def _fulfil(self, route: Route, path: str) -> None:
        found = finders.find(path.removeprefix("/static/").split("?")[0]) if path.startswith("/static/") else None
        if found:
            kind = mimetypes.guess_type(str(found))[0] or "application/octet-stream"
            return route.fulfill(body=Path(str(found)).read_bytes(), content_type=kind)
        if path.startswith("/ui/"):
            return route.fulfill(body=Client().get(path).content, content_type="text/html; charset=utf-8")
        body, kind = self.bodies.get(path, ("", ""))
        return route.fulfill(status=200 if kind else 204, body=body, content_type=kind or "text/plain")
