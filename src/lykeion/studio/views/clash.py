"""Two authors at one block: both versions side by side, and a choice for each field."""

from __future__ import annotations

from typing import Any, Final

from django.core import signing
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lykeion.authoring.api import clashes, components, outline
from lykeion.authoring.api import courses as rules
from lykeion.authoring.types import Author, AuthoringError, Capability
from lykeion.content.types import ChangedMeanwhile, Json, ObjectId
from lykeion.core.clock import now
from lykeion.studio import replies
from lykeion.studio.frame import frame
from lykeion.studio.guards import in_course

_SALT: Final = "studio.clash"
_AGE: Final = 24 * 3600
_TEXTS: Final = ("display_name", "data", "markdown")  # what editors may ask about by themselves


def clashed(
    request: HttpRequest, author: Author, clash: ChangedMeanwhile, mine: dict[str, Json], base: ObjectId | None
) -> HttpResponse:
    """Answers 409 with a dialog in which the author decides; nothing was written."""
    fresh = rules.enter(author.person, author.run)
    found = clashes.clash(fresh, clash.ref, mine, base or ObjectId(""))
    token = signing.dumps({"run": str(author.run), "ref": clash.ref, "mine": mine}, salt=_SALT, compress=True)
    context = {"clash": found, "token": token, "title": outline.item(fresh, clash.ref).title}
    html = render_to_string("studio/outline/clash.html", frame(fresh, "outline", **context), request)
    words = _("Somebody else changed this while you did. Nothing was overwritten: choose what it shall be.")
    more: dict[str, Any] = {"error": words, "code": "changed_meanwhile", "dialog": html, "base": found.base}
    return JsonResponse({**more, "ref": clash.ref, "fields": clash.fields}, status=409)


@require_POST
@in_course(Capability.EDIT, libraries=True)
def clash(request: HttpRequest, author: Author) -> HttpResponse:
    """The dialog for an editor that was told of a clash: its fields, ``ref`` and ``base``, where it began."""
    ref, base = request.POST.get("ref", ""), request.POST.get("base", "")
    mine = {name: request.POST[name] for name in _TEXTS if name in request.POST}
    if not clashes.clash(author, ref, mine, ObjectId(base)).fields:
        raise AuthoringError(_("Load the page again to see what somebody else changed; copy what you typed first."))
    return clashed(request, author, ChangedMeanwhile("", ref, tuple(mine), None), mine, ObjectId(base))


@require_POST
@in_course(Capability.EDIT, libraries=True)
def settle(request: HttpRequest, author: Author) -> HttpResponse:
    """Writes what was decided: for each field ``mine``, ``theirs`` or ``merged`` (its text in ``merged-FIELD``).

    If somebody was quicker again, asks again.
    """
    try:
        token = signing.loads(request.POST.get("token", ""), salt=_SALT, max_age=_AGE)
    except signing.BadSignature as error:
        raise AuthoringError(_("This choice is too old. Make your change once more.")) from error
    if token["run"] != str(author.run):
        raise AuthoringError(_("This choice belongs to another course."))
    ref, mine = token["ref"], token["mine"]
    if ref == outline.COURSE:
        rules.require(author, Capability.SETTINGS)
    values = _decided(request, mine)
    base = ObjectId(request.POST.get("base", ""))
    kept = {name: value for name, value in values.items() if value is not None}
    try:
        version = components.save(author, ref, kept, unset=set(values) - set(kept), base=base, at=now())
    except ChangedMeanwhile as again:
        return clashed(request, author, again, values, base)
    say = _("Saved what you chose.")
    return replies.changed(request, author, touched=[ref], say=say, focus=ref, base=version, values=kept)


def _decided(request: HttpRequest, mine: dict[str, Json]) -> dict[str, Json]:
    values: dict[str, Json] = {}
    for name, value in mine.items():
        choice = request.POST.get(f"take-{name}", "mine")
        if choice == "merged":
            values[name] = request.POST.get(f"merged-{name}", "")
        elif choice == "mine":
            values[name] = value
    return values
