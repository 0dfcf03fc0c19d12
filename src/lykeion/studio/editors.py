"""What the pages of all editors of components share.

An editor is a view ``(request, author, ref) -> HttpResponse``: GET shows a page that extends
``studio/unit/editor.html`` with the context of :func:`editor_context`; POST saves and answers with :func:`saved`.
``views/component.py`` says which editor is for which type.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from lykeion.authoring.api import components, units
from lykeion.authoring.types import Author
from lykeion.content.types import Json, ObjectId
from lykeion.core.keys import split_ref
from lykeion.studio.frame import frame
from lykeion.ui.answers import is_background
from lykeion.ui.types import Link

Editor = Callable[[HttpRequest, Author, str], HttpResponse]


def editor_context(author: Author, ref: str, **more: Any) -> dict[str, Any]:
    """What ``studio/unit/editor.html`` needs: ``item`` (with ``fields`` and ``base``), its ``title``, ``unit``, where
    to go back to, and what its button ``publishes``: the unit, or the item of a library itself.

    Raises :class:`~lykeion.content.types.ContentError` when the draft has no such component.
    """
    place = components.place(author, ref)
    title = units.title_of(author, ref)
    whole = "studio:library" if author.is_library else "studio:outline"
    crumbs = [Link(_("Items") if author.is_library else _("Outline"), reverse(whole, args=[author.run]))]
    is_top = split_ref(place.unit.ref)[0] == "library"
    to_unit = crumbs[0].url if is_top else reverse("studio:unit", args=[author.run, place.unit.ref])
    if not is_top:
        crumbs.append(Link(place.unit.title, to_unit))
    context = {
        "item": place.item,
        "title": title,
        "unit": place.unit,
        "publishes": place.item if is_top else place.unit,
        "to_unit": to_unit,
        "breadcrumbs": (*crumbs, Link(title)),
    }
    return frame(author, "outline", page_title=title, **{**context, **more})


def title_of(request: HttpRequest) -> dict[str, Json]:
    """The field ``display_name`` as the frame's title box sent it; nothing when it did not."""
    return {"display_name": request.POST["display_name"].strip()} if "display_name" in request.POST else {}


def base_of(request: HttpRequest) -> ObjectId | None:
    """The version that the author saw when they began to type."""
    base = request.POST.get("base", "")
    return ObjectId(base) if base else None


def saved(request: HttpRequest, author: Author, ref: str, version: ObjectId, **more: Any) -> HttpResponse:
    """The answer to a save: ``{"base": version, ...}`` for the page's scripts; without them, the editor again."""
    if is_background(request):
        return JsonResponse({"base": version, **more})
    response = HttpResponseRedirect(reverse("studio:component", args=[author.run, ref]))
    response.status_code = 303
    return response
