"""The editor of texts."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from lykeion.authoring.api import text as rules
from lykeion.authoring.types import Author
from lykeion.core.clock import now
from lykeion.studio.editors import base_of, editor_context, saved
from lykeion.studio.richtext import richtext_context


@require_http_methods(["GET", "HEAD", "POST"])
def editor(request: HttpRequest, author: Author, ref: str) -> HttpResponse:
    """Edits a text: its source, or as it looks."""
    if request.method == "POST":
        version = rules.save(author, ref, _form(request), base=base_of(request), at=now())
        return saved(request, author, ref, version)
    context = editor_context(author, ref, **richtext_context(author))
    fields = context["item"].fields
    more = {
        "text": rules.as_typed(fields.get("data")),
        "mode": rules.mode_of(fields),
    }
    return render(request, "studio/text/editor.html", {**context, **more})


def _form(request: HttpRequest) -> dict[str, str]:
    """What was sent. ``has`` says that the form has the tick ``raw``: browsers send nothing of one that is empty."""
    form = {name: request.POST[name] for name in ("data", "display_name") if name in request.POST}
    return {**form, "editor": "raw" if "raw" in request.POST else "visual"} if "has" in request.POST else form
