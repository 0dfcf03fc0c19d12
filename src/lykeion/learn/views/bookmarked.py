"""Addresses of Open edX that bookmarks and printed links hold: each leads to the page that has its place here."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@require_safe
@never_cache
def account_page(request: HttpRequest, page: str) -> HttpResponse:
    """From ``/login``, ``/register`` or ``/logout`` to ``page``. ``next`` goes along where it stays on this site."""
    there = reverse(page)
    following = request.GET.get(REDIRECT_FIELD_NAME, "")
    if url_has_allowed_host_and_scheme(following, {request.get_host()}, require_https=request.is_secure()):
        there += "?" + urlencode({REDIRECT_FIELD_NAME: following})
    return HttpResponseRedirect(there)
