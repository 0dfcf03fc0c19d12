"""Search across everything that somebody may work on."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lykeion.accounts.types import Person
from lykeion.authoring.api import search as rules
from lykeion.authoring.api import wording
from lykeion.core.whole import whole
from lykeion.studio.guards import signed_in

MOST_PAGES = 500


@require_safe
@signed_in
def search(request: HttpRequest, person: Person) -> HttpResponse:
    """A page of what was found; ``q`` are the words, ``kind`` a type of block."""
    text, kind = request.GET.get("q", "").strip(), request.GET.get("kind", "")
    page = max(1, min(whole(request.GET.get("page", "")) or 1, MOST_PAGES))
    result = rules.search(person, text, kind=kind, page=page)
    context = {
        "q": text,
        "kind": kind,
        "result": result,
        "kinds": [(name, wording.kind(name), count) for name, count in result.kinds],
        "found": [(one, wording.kind(one.kind)) for one in result.found],
        "next": page + 1 if page < result.pages else 0,
        "page_title": _("Search"),
    }
    return render(request, "studio/search.html", context)
