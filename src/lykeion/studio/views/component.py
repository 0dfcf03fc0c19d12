"""The editor of a component, whatever its type, and the component alone as learners will see it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lykeion.authoring.api import audience, choosing, components, outline, units
from lykeion.authoring.types import Author, AuthoringError, Capability
from lykeion.blocks import api as blocks
from lykeion.blocks.types import FieldFacts, Rendered
from lykeion.content.types import Json, ObjectId
from lykeion.core.clock import now
from lykeion.core.keys import split_ref
from lykeion.core.whole import whole
from lykeion.studio.editors import Editor, base_of, editor_context, saved, title_of
from lykeion.studio.guards import in_course
from lykeion.studio.scratch import scratch_of
from lykeion.studio.views import problem, text, video
from lykeion.ui.formtokens import with_token

_Shows = Callable[..., list[FieldFacts]]
EDITORS: Final[Mapping[str, Editor]] = {"html": text.editor, "problem": problem.editor, "video": video.editor}
"""The editor for each type of component. Other types have the editor of their package, or a form of their fields."""


@in_course(Capability.EDIT, libraries=True)
def component(request: HttpRequest, author: Author, ref: str) -> HttpResponse:
    """Hands over to the editor for this type of component: ours, its package's, or a form of its fields."""
    components.require_inside(ref)
    editor = EDITORS.get(split_ref(ref)[0])
    if editor is not None:
        return editor(request, author, ref)
    if split_ref(ref)[0] in choosing.CHOOSERS and not author.is_library:
        return chooser(request, author, ref)
    return brought(request, author, ref) if components.has_editor(ref) else form(request, author, ref)


@in_course(Capability.EDIT, libraries=True)
def settings(request: HttpRequest, author: Author, ref: str) -> HttpResponse:
    """A form of all fields of a component, whether or not its package brings an editor."""
    components.require_inside(ref)
    return form(request, author, ref)


def brought(request: HttpRequest, author: Author, ref: str) -> HttpResponse:
    """The editor that the package of a component brings, with the scripts that it expects of Studio."""
    page = components.editor(author, ref, at=now())
    context = editor_context(
        author,
        ref,
        problems=components.messages(author, ref, at=now()),
        **_parts(request, page),
    )
    return render(request, "studio/unit/brought.html", context)


def form(request: HttpRequest, author: Author, ref: str) -> HttpResponse:
    """A form of a component's fields, each by its class; saves it as it is filled in."""
    return _form(request, author, ref, components.form, components.save, "studio:component_settings")


def chooser(request: HttpRequest, author: Author, ref: str) -> HttpResponse:
    """A form for a component that chooses what a learner sees, in words; the rest is in :func:`form`."""
    return _form(request, author, ref, choosing.form, choosing.save, "studio:component")


def _form(
    request: HttpRequest, author: Author, ref: str, shows: _Shows, saves: Callable[..., ObjectId], page: str
) -> HttpResponse:
    if request.method == "POST":
        fields = _as_sent(request, components.form(author, ref, at=now()))
        values, unset = components.read_form(ref, request.POST.dict(), fields)
        version = saves(author, ref, {**title_of(request), **values}, unset=unset, base=base_of(request), at=now())
        return saved(request, author, ref, version)
    shown = [_shown(field) for field in shows(author, ref, at=now())]
    more = {"save_url": reverse(page, args=[author.run, ref]), "in_words": page == "studio:component"}
    context = editor_context(author, ref, shown=shown, **more)
    return render(request, "studio/unit/form.html", context)


@require_POST
@in_course(Capability.EDIT, libraries=True)
def save_older(request: HttpRequest, author: Author, ref: str) -> HttpResponse:
    """What an editor of the older kind gives when it is asked to save: ``{"data": ..., "metadata": {name: value}}``."""
    components.require_inside(ref)
    try:
        sent = json.loads(request.body)
        values = {**dict(sent.get("metadata") or {}), **({"data": sent["data"]} if "data" in sent else {})}
    except (ValueError, AttributeError, TypeError) as error:
        raise AuthoringError(_("The editor of this component sent something that cannot be read.")) from error
    seen = sent.get("base")
    base = ObjectId(seen) if isinstance(seen, str) and seen else None
    return JsonResponse({"base": components.save(author, ref, values, base=base, at=now())})


@require_safe
@in_course(libraries=True)
def preview(request: HttpRequest, author: Author, ref: str) -> HttpResponse:
    """The component alone on a page, for the frame beside its editor."""
    page = components.preview(author, ref, at=now(), scratch=scratch_of(request, author))
    return render(request, "studio/unit/preview.html", _parts(request, page))


@require_http_methods(["GET", "HEAD", "POST"])
@in_course(Capability.EDIT, libraries=True)
def access(request: HttpRequest, author: Author, ref: str) -> HttpResponse:
    """Who may see a unit or a component: everybody, the team, or learners in some groups."""
    components.require_inside(ref)
    item = outline.item(author, ref)
    page = ref if item.type == "vertical" else components.place(author, ref).unit.ref
    to_unit = reverse("studio:unit", args=[author.run, page])
    if request.method == "POST":
        groups = {
            one.id: [g for g in map(whole, request.POST.getlist(f"groups-{one.id}")) if g is not None]
            for one in audience.choices(author, {})
        }
        who = request.POST.get("who", "all")
        audience.restrict(
            author, ref, groups if who == "groups" else {}, team_only=who == "team", base=base_of(request), at=now()
        )
        messages.success(request, _("Saved who may see “{title}”.").format(title=units.title_of(author, ref)))
        response = HttpResponseRedirect(f"{to_unit}#{ref}")
        response.status_code = HTTPStatus.SEE_OTHER
        return response
    chosen = audience.access_of(item.base)
    context = {
        "partitions": audience.choices(author, chosen),
        "who": "team" if audience.is_for_team(item.base) else "groups" if chosen else "all",
    }
    return render(request, "studio/unit/access.html", editor_context(author, ref, **{**context, "to_unit": to_unit}))


def _parts(request: HttpRequest, page: Rendered) -> dict[str, Any]:
    html = with_token(page.html, get_token(request))
    return {
        "html": mark_safe(html),  # noqa: S308  blocks write HTML; that is what they are for
        "legacy": page.legacy,
        "head": blocks.placed_html(page, "head"),
        "foot": blocks.placed_html(page, "foot"),
    }


def _as_sent(request: HttpRequest, fields: list[FieldFacts]) -> list[FieldFacts]:
    """The fields that the form has; a box that is not ticked is not sent."""
    return [field for field in fields if f"has:{field.name}" in request.POST]


def _shown(field: FieldFacts) -> dict[str, Any]:
    value = field.value
    text = json.dumps(value, ensure_ascii=False, indent=2) if field.kind in {"list", "dict", "json"} else value
    choices = [(one, words, one == value) for one, words in field.choices]
    return {"field": field, "text": "" if text is None else text, "default": _default(field), "choices": choices}


def _default(field: FieldFacts) -> Json:
    """The default of a field, as its form says it."""
    if field.kind in {"list", "dict", "json"}:
        return json.dumps(field.default, ensure_ascii=False)
    if field.kind == "boolean":
        return _("Yes") if field.default else _("No")
    return next((words for one, words in field.choices if one == field.default), field.default)
