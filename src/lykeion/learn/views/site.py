"""Addresses of the site itself: is it well, what may robots read, its sign; and the pages for what went wrong."""

from __future__ import annotations

import logging
from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lykeion.content import api as content
from lykeion.learn.guards import refusal_page
from lykeion.ui.answers import is_background, told

log = logging.getLogger(__name__)
ROBOTS = """User-agent: *
Disallow: /account/
Disallow: /dashboard
Disallow: /event
Disallow: /xblock/
Disallow: /courses/*/courseware/
Disallow: /courses/*/progress
Disallow: /courses/*/xblock/
"""
A_WEEK = 7 * 24 * 3600


@require_safe
@never_cache
def heartbeat(request: HttpRequest) -> HttpResponse:
    """Whether the database and the content store answer: 200 or 503, and JSON that names each with its state."""
    return _health(_services())


@require_safe
@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """Whether a balancer may send people to this process group: as :func:`heartbeat`, and 503 too while the drain file
    (``LYKEION_DRAIN_FILE``) is there. Who is being served meanwhile is served to the end."""
    draining = settings.LYKEION_DRAIN_FILE.exists()
    told = "This host is about to be restarted: no new visitors." if draining else "OK"
    return _health({"host": {"status": not draining, "message": told}, **_services()})


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What robots may read: the catalog and the about pages."""
    return HttpResponse(ROBOTS, content_type="text/plain; charset=utf-8")


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """From the old name of the site's sign to the sign."""
    response = HttpResponseRedirect(static("ui/mark.svg"))
    response["Cache-Control"] = f"public, max-age={A_WEEK}"
    return response


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: with the words of whoever raised it, when they were meant for people."""
    told = exception.args[0] if exception.args and isinstance(exception.args[0], str) else ""
    words = told or _("The address may be mistyped, or the page was moved or taken away.")
    return _failure(request, words, HTTPStatus.NOT_FOUND)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: this person may not do that."""
    return _failure(request, str(exception) or _("You may not see this page."), HTTPStatus.FORBIDDEN)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the browser sent something that cannot be read."""
    return _failure(request, _("Your browser sent something this site cannot read."), HTTPStatus.BAD_REQUEST)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: a form from a page that is too old, or from another site. What was typed is one step back."""
    words = _("This page was open for too long, or cookies are off. Go back, reload the page and send it again.")
    return _failure(request, words, HTTPStatus.FORBIDDEN, code="csrf")


def _failure(request: HttpRequest, words: str, status: HTTPStatus, code: str = "") -> HttpResponse:
    if is_background(request):
        return told(request, words, code or status.name.lower(), status)
    return refusal_page(request, words, status=status)


def _services() -> dict[str, dict[str, object]]:
    return {"sql": _ask("sql", _ask_database), "content": _ask("content", _ask_content)}


def _health(services: dict[str, dict[str, object]]) -> JsonResponse:
    well = all(service["status"] for service in services.values())
    return JsonResponse(services, status=HTTPStatus.OK if well else HTTPStatus.SERVICE_UNAVAILABLE)


def _ask(name: str, question: Callable[[], None]) -> dict[str, object]:
    try:
        question()
    except Exception:  # whatever a driver raises means the same here; the log has the details, the page must not
        log.exception("The service %r does not answer.", name)
        return {"status": False, "message": "The service does not answer; the log of the site says why."}
    return {"status": True, "message": "OK"}


def _ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _ask_content() -> None:
    content.store().read_ref("heartbeat")
