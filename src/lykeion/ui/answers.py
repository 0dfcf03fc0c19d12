"""Answers that every face gives alike: to those who are not signed in, and to scripts."""

from __future__ import annotations

import json
from typing import Final
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.http import escape_leading_slashes, url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

# The browser's way back shows what is there now, and nothing at all after signing out.
KEPT_NOWHERE: Final = "private, no-store"


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """Sends a person to the sign-in page and back; tells a script (401) where that is, so that what was typed stays."""
    sign_in = f"{reverse('account_login')}?{urlencode({'next': way_back(request)})}"
    if not is_background(request):
        return HttpResponseRedirect(sign_in)
    words = _("You are not signed in. What you typed stays on this page: sign in, then send it again.")
    response = JsonResponse({"error": words, "code": "authentication_required", "sign_in": sign_in}, status=401)
    response["WWW-Authenticate"] = 'Session realm="Lykeion"'  # RFC 9110 §15.5.2 asks for one
    return response


def told(request: HttpRequest, words: str, code: str, status: int) -> HttpResponse:
    """Answers a script: ``{"error", "code"}``; where htmx asks, the page shows the words as well."""
    response = JsonResponse({"error": words, "code": code}, status=status)
    if "HX-Request" in request.headers:
        response["HX-Trigger"] = json.dumps({"toast": {"text": words}})  # ASCII, as headers must be
        response["HX-Reswap"] = "none"  # the page stays as it is
    return response


def way_back(request: HttpRequest) -> str:
    """The page the person is on: this one, or for what scripts and forms send the page they were sent from."""
    if request.method == "GET" and not is_background(request):
        return request.get_full_path()
    referer = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(referer, {request.get_host()}, require_https=request.is_secure()):
        return "/"
    there = urlsplit(referer)
    path = escape_leading_slashes(there.path)  # "//name" would be another site
    return path + (f"?{there.query}" if there.query else "")


def is_background(request: HttpRequest) -> bool:
    """Whether a script asks (fetch, htmx, XMLHttpRequest), not a person who follows a link or sends a form."""
    headers = request.headers
    if "HX-Request" in headers:
        return "HX-Boosted" not in headers
    if headers.get("X-Requested-With") == "XMLHttpRequest":
        return True
    mode = headers.get("Sec-Fetch-Mode")
    if mode is not None:
        return mode != "navigate"
    return "text/html" not in headers.get("Accept", "text/html")
