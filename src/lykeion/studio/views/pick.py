"""What editors let authors choose from: files of the course, and its places."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.views.decorators.http import require_safe

from lykeion.authoring.api import picking
from lykeion.authoring.types import Author
from lykeion.studio.guards import in_course
from lykeion.studio.views.uploads import told


@require_safe
@in_course(libraries=True)
def choose_file(request: HttpRequest, author: Author) -> HttpResponse:
    """``{"files": [{"path", "url", "content_type", "size_text", ...}], "more"}``: those whose path holds ``q``, of
    ``kind`` (image, video), the one called ``first`` at the top."""
    ask = request.GET
    found = picking.files(author, ask.get("q", ""), kind=ask.get("kind", ""), first=ask.get("first", ""))
    files = [{**told(author.run, file), "size_text": filesizeformat(file.size)} for file in found.files]
    return JsonResponse({"files": files, "more": found.more})


@require_safe
@in_course(libraries=True)
def choose_place(request: HttpRequest, author: Author, ref: str) -> HttpResponse:
    """``{"places": [{"ref", "id", "title", "inner", "below"}]}``: what is right below ``ref``. ``inner``: whether there
    is more in it, which ``below`` answers."""
    places = [
        {
            "ref": item.ref,
            "id": item.id,
            "title": item.title,
            "inner": item.children > 0,
            "below": reverse("studio:choose_place", args=[author.run, item.ref]),
        }
        for item in picking.places(author, ref)
    ]
    return JsonResponse({"places": places})
