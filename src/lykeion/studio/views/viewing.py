"""The draft as a learner sees it: any learner, one of a group or of a track, or somebody by name."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_POST, require_safe

from lykeion.authoring.api import viewing
from lykeion.authoring.types import Author
from lykeion.blocks import api as blocks
from lykeion.core.clock import now
from lykeion.courseware.types import Mask, StateCopy, UnitPage
from lykeion.studio.frame import frame
from lykeion.studio.guards import in_course
from lykeion.ui.blockrequest import django_response, webob_request
from lykeion.ui.formtokens import with_token

KEY: Final = "studio_view_as"
MOST_CHARACTERS: Final = 200_000
PERSON: Final = "person"


@require_safe
@in_course()
def as_learner(request: HttpRequest, author: Author, ref: str) -> HttpResponse:
    """Unit ``ref`` of the draft as the learner whom this person chose; of what holds units, the first one."""
    first = viewing.first_unit(author, ref)
    if first != ref:
        return HttpResponseRedirect(reverse("studio:as_learner", args=[author.run, first]))
    mask, copy = _worn(request, author)
    look = viewing.look(author, ref, mask, copy, now())
    _keep(request, author, mask, copy)
    choices = [(_value(one.mask), one.name, one.mask == mask) for one in viewing.choices(author, now())]
    context = {
        "page_title": look.page.title if look.page else ref,
        "ref": ref,
        "look": look,
        "choices": choices,
        "is_person": mask.kind == "person",
        "here": request.path,
        "to_draft": reverse("studio:jump", args=[author.run, ref.partition("@")[2]]),
        **(_parts(request, author, look.page) if look.page else {}),
    }
    return render(request, "studio/unit/as_learner.html", frame(author, "outline", **context))


@require_POST
@in_course()
def view_as(request: HttpRequest, author: Author) -> HttpResponse:
    """Chooses whom to look as; what was done before as somebody else is forgotten."""
    wanted, name = request.POST.get("as", ""), request.POST.get("name", "")
    offered = {_value(one.mask): one.mask for one in viewing.choices(author, now())}
    mask = viewing.person_mask(author, name, now()) if wanted == PERSON else offered.get(wanted, viewing.LEARNER)
    _keep(request, author, mask, StateCopy(changed=True))
    there = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(there, {request.get_host()}, require_https=request.is_secure()):
        there = reverse("studio:outline", args=[author.run])
    return HttpResponseRedirect(there)


@in_course()
def handler(request: HttpRequest, author: Author, usage: str, handler: str, suffix: str = "") -> HttpResponse:
    """Calls a handler as the learner whom this person chose; nothing reaches anybody."""
    mask, copy = _worn(request, author)
    webob = webob_request(request)
    reply = viewing.call(author, usage, handler, suffix, webob, mask=mask, copy=copy, at=now())
    _keep(request, author, mask, copy)
    return django_response(reply)


def _worn(request: HttpRequest, author: Author) -> tuple[Mask, StateCopy]:
    kept = request.session.get(KEY, {})
    if kept.get("run") != str(author.run):
        return viewing.LEARNER, StateCopy()
    return Mask(**kept["mask"]), StateCopy(dict(kept["copy"]))


def _keep(request: HttpRequest, author: Author, mask: Mask, copy: StateCopy) -> None:
    """Keeps whom somebody looks as and what they did, as much as a session can hold."""
    if not copy.changed:
        return
    documents = copy.documents
    while sum(map(len, documents.values())) > MOST_CHARACTERS:
        del documents[next(iter(documents))]
    request.session[KEY] = {"run": str(author.run), "mask": asdict(mask), "copy": documents}


def _value(mask: Mask) -> str:
    return mask.kind if mask.kind != "group" else f"group-{mask.partition}-{mask.group}"


def _parts(request: HttpRequest, author: Author, page: UnitPage) -> dict[str, Any]:
    token = get_token(request)
    shown = [
        {
            "ref": one.ref,
            "instead": one.instead,
            "html": mark_safe(with_token(one.html, token)),  # noqa: S308  blocks write HTML
        }
        for one in page.blocks
    ]

    def address(ref: str | None) -> str:
        return reverse("studio:as_learner", args=[author.run, ref]) if ref else ""

    return {
        "blocks": shown,
        "legacy": page.page.legacy,
        "head": blocks.placed_html(page.page, "head"),
        "foot": blocks.placed_html(page.page, "foot"),
        "previous": address(page.previous),
        "next": address(page.next),
    }
