"""The style page: every component in every state, where looks are judged and axe runs."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from lykeion.ui import samples


def style_page(request: HttpRequest) -> HttpResponse:
    """Show the components; there is no such page outside a development home."""
    if not settings.LYKEION_DEVELOPMENT:
        raise Http404("The style page is shown in development homes only")
    return render(request, "ui/style.html", samples.context(request))
