"""Authors' pages inside a problem (`<jsinput>`) whose functions are called by their names.

Such a page runs in an origin of its own, like every page that comes from a file (see ``streaming.PAGE_POLICY``): it can
neither read our cookies nor act as the learner, and our page cannot reach its functions. So a small script of ours goes
into it, which calls them when the problem asks (``blocks/builtin/problem/static/jsinput/page.ts``).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import BinaryIO

from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.utils.cache import patch_cache_control

from lykeion.ui.streaming import PAGE_POLICY, StoredFile

LARGEST = 8 * 1024 * 1024
_PAGES = ("text/html", "application/xhtml+xml")
_BEFORE = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<!--.*?-->\s*)*(?:<!doctype[^>]*>)?", re.DOTALL | re.IGNORECASE)


def answers_the_problem(request: HttpRequest, stored: StoredFile) -> bool:
    """Whether this file is asked for as a page whose functions a problem will call."""
    kind = stored.content_type.partition(";")[0].strip().lower()
    return "jsinput" in request.GET and kind in _PAGES and stored.size <= LARGEST


def with_bridge(stored: StoredFile, opened: Callable[[], BinaryIO]) -> HttpResponse:
    """The page with our script as its first, after the doctype, so that the page looks as its author saw it."""
    with opened() as file:
        page = file.read()
    response = HttpResponse(bridged(page, static("ui/jsinput-page.js")), content_type=stored.content_type)
    response["Content-Security-Policy"] = PAGE_POLICY
    response["X-Content-Type-Options"] = "nosniff"
    patch_cache_control(response, private=True, max_age=0)
    return response


def bridged(page: bytes, script: str) -> bytes:
    """``page`` with a script element right after its doctype; its encoding must be one that holds ASCII."""
    found = _BEFORE.match(page)
    end = found.end() if found else 0
    return page[:end] + f'<script src="{script}"></script>'.encode() + page[end:]
