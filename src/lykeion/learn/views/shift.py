"""Shifting one's dates in a self-paced run, and taking that back: at once, with an undo in place of a question."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import orjson
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lykeion.core.keys import BadKey, parse_run
from lykeion.courseware import api as courseware
from lykeion.courseware.types import AccessDenied, Visitor
from lykeion.learn.guards import in_course, signed_in
from lykeion.learn.undo import read_shift, shift_token
from lykeion.ui.answers import told, way_back

KEPT = "shifted"  # in the session, until the next page of the run shows it
PLACES = ("location", "block_id")  # what clients tell of where the button was


@require_POST
@in_course
@signed_in
def shift_dates(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Shifts the dates of whoever asks (with ``undo``: back), and returns to the page they were on."""
    if note := request.POST.get("undo", ""):
        _unshift(request, visitor, note)
    elif not _shift(request, visitor, {"location": request.POST.get("location", "")[:100]}):
        messages.info(request, _("Nothing is past due any more."))
    return HttpResponseRedirect(way_back(request))


@require_POST
def reset_course_deadlines(request: HttpRequest) -> HttpResponse:
    """Open edX's address for the same: ``{"course_key": ...}`` as JSON or a form; JSON back."""
    sent = _sent(request)
    try:
        run = parse_run(str(sent["course_key"]))
    except (KeyError, BadKey):
        words = _("Send the key of a course as course_key.")
        return JsonResponse({"detail": words}, status=HTTPStatus.BAD_REQUEST)
    if not request.user.is_authenticated:
        return told(request, _("Sign in first."), "authentication_required", HTTPStatus.UNAUTHORIZED)
    where = sent.get("research_event_data")
    known = {name: str(where[name])[:300] for name in PLACES if name in where} if isinstance(where, dict) else {}
    return _reset(request, run, known)


@in_course
def _reset(request: HttpRequest, visitor: Visitor, known: dict[str, str]) -> HttpResponse:
    try:
        moved = _shift(request, visitor, known)
    except AccessDenied as denied:
        return told(request, str(denied), denied.code, HTTPStatus.BAD_REQUEST)
    return JsonResponse(_answer(visitor, moved=moved))


def _shift(request: HttpRequest, visitor: Visitor, where: dict[str, str]) -> bool:
    shifted = courseware.shift_dates(visitor, {name: text for name, text in where.items() if text})
    if shifted is None:
        return False
    note = shift_token(visitor.viewer.user_id or 0, visitor.run.id, shifted)
    request.session[KEPT] = {"run": str(visitor.run.key), "undo": note}
    return True


def _unshift(request: HttpRequest, visitor: Visitor, note: str) -> None:
    shifted = read_shift(note, visitor.viewer.user_id or 0, visitor.run.id)
    if shifted is not None and courseware.unshift_dates(visitor, shifted):
        messages.success(request, _("Your dates are as they were."))
    else:
        messages.error(request, _("It is too late to undo that: your dates stay as they are now."))


def shift_context(request: HttpRequest, visitor: Visitor, *, missed: bool, location: str) -> dict[str, Any]:
    """What pages show of shifting: the offer, or what was just done with the way back (told once)."""
    kept = request.session.get(KEPT) if visitor.dues else None
    if kept is not None and kept["run"] == str(visitor.run.key):
        del request.session[KEPT]
        return {"shift_undo": kept["undo"]}
    return {"may_shift": missed, "shift_location": location}


def _answer(visitor: Visitor, *, moved: bool) -> dict[str, str]:
    """The reply of Open edX (``course_experience/api/v1/views.py``)."""
    link, all_dates = reverse("dates", args=[visitor.run.key]), _("View all dates")
    done = _("Your dates were shifted: all of them lie ahead again.")
    return {
        "body": format_html('<a href="{}">{}</a>', link, all_dates),
        "header": done if moved else _("Nothing is past due, so your dates stay as they are."),
        "link": link,
        "link_text": all_dates,
        "message": _("Dates shifted.") if moved else _("Nothing to shift."),
    }


def _sent(request: HttpRequest) -> dict[str, Any]:
    if request.content_type != "application/json":
        fields: dict[str, Any] = request.POST.dict()
        return {**fields, "research_event_data": _object(fields.get("research_event_data", "{}"))}
    return _object(request.body)


def _object(text: str | bytes) -> dict[str, Any]:
    """The JSON object of ``text``; an empty one for anything else, which names no course either."""
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}
