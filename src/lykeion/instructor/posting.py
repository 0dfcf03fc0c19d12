"""What a sent form does: one change, its words on the next page, and the way back; a refusal changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final
from urllib.parse import unquote, urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive, make_aware
from django.utils.translation import gettext as _

from lykeion.core.clock import EARLIEST, LATEST
from lykeion.core.numbers import number
from lykeion.core.whole import whole
from lykeion.teaching.types import FieldError, NotAllowed, TeachingError

_REFUSED: Final = "refused"
_KEPT: Final = 1000  # letters of each field


def done(request: HttpRequest, back: str, act: Callable[[], str]) -> HttpResponseRedirect:
    """Does ``act`` and goes ``back``, where what it says is shown, or why it was refused (:func:`typed`)."""
    try:
        words = act()
    except NotAllowed:
        raise
    except TeachingError as error:
        messages.error(request, str(error))
        fields = {name: value[:_KEPT] for name, value in request.POST.items() if name != "csrfmiddlewaretoken"}
        request.session[_REFUSED] = {"page": unquote(urlsplit(back).path), "fields": fields}
    else:
        messages.success(request, words)
    return HttpResponseRedirect(back)


def typed(request: HttpRequest) -> dict[str, str]:
    """What stood in the form of this page when it was refused; told once, empty otherwise."""
    kept = request.session.get(_REFUSED)
    if not kept or kept["page"] != request.path:
        return {}
    del request.session[_REFUSED]
    fields: dict[str, str] = kept["fields"]
    return fields


def points(request: HttpRequest, name: str) -> float:
    """The number of points that was sent. Raises :class:`FieldError`."""
    found = number(request.POST.get(name, ""))
    if found is None:
        raise FieldError(_("Give the points as a number, such as 7.5."), name)
    return found


def moment(request: HttpRequest, name: str) -> datetime:
    """The date and time that was sent, by the clock that the pages show. Raises :class:`FieldError`."""
    text = request.POST.get(name, "")
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None:
        raise FieldError(_("Give the date and the time, such as 2027-03-01 18:00."), name)
    if is_naive(found):
        found = make_aware(found)
    if not EARLIEST <= found <= LATEST:
        raise FieldError(_("This date is out of reach."), name)
    return found


def chosen(request: HttpRequest, name: str) -> int:
    """The id that was sent. Raises :class:`FieldError`."""
    found = whole(request.POST.get(name, ""))
    if found is None:
        raise FieldError(_("Choose something first."), name)
    return found


def reason(request: HttpRequest) -> str:
    """Why, in the teacher's own words."""
    return request.POST.get("reason", "").strip()[:500]
