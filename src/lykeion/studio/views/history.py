"""The history of a course: every change and every publish, old versions, and what was deleted."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lykeion.authoring.api import history as rules
from lykeion.authoring.api import outline
from lykeion.authoring.types import Author, Capability
from lykeion.blocks import api as blocks
from lykeion.content.types import ContentError, ObjectId
from lykeion.core.clock import now
from lykeion.core.keys import split_ref
from lykeion.core.whole import whole
from lykeion.studio.deeds import deed
from lykeion.studio.frame import frame
from lykeion.studio.guards import in_course

PAGE: Final = 40


@require_safe
@in_course(libraries=True)
def history(request: HttpRequest, author: Author) -> HttpResponse:
    """Who changed what and when; with ``ref`` of one block only."""
    ref, skip = request.GET.get("ref", ""), request.GET.get("skip", "0")
    start = whole(skip) or 0
    found, more = rules.entries(author, ref=ref, skip=start, limit=PAGE)
    context = {
        "page_title": _("History"),
        "entries": [{"entry": one, "deed": deed(one), "shown": ref or _shown(one.ref)} for one in found],
        "ref": ref,
        "title": _title(author, ref),
        "unit": ref if split_ref(ref)[0] == "vertical" else "",
        "newer": max(0, start - PAGE) if start else None,
        "older": start + PAGE if more else None,
    }
    return render(request, "studio/history.html", frame(author, "history", **context))


@require_safe
@in_course(libraries=True)
def change(request: HttpRequest, author: Author) -> HttpResponse:
    """What one change (``old`` to ``new``, both roots; without ``new``: to now) did, in words."""
    old, new = request.GET.get("old", ""), request.GET.get("new", "") or author.root
    ref = request.GET.get("ref", "") or outline.COURSE
    context = {
        "page_title": _("What changed"),
        "difference": rules.between(author, ObjectId(old), ObjectId(new), ref),
        "ref": ref,
        "title": _title(author, ref),
        "old": old,
        "to_now": not request.GET.get("new"),
    }
    return render(request, "studio/history/change.html", frame(author, "history", **context))


@require_safe
@in_course(libraries=True)
def version(request: HttpRequest, author: Author, root: str, ref: str) -> HttpResponse:
    """A block as it was in an old version, as learners would have seen it."""
    found = rules.version(author, ObjectId(root), ref)
    context: dict[str, Any] = {
        "page_title": found.title,
        "version": found,
        "root": root,
        "ref": ref,
        "may_restore": author.can(Capability.PUBLISH) or (author.can(Capability.EDIT) and not _is_there(author, ref)),
    }
    if outline.below(split_ref(ref)[0]):
        context["items"] = outline.items(found.author, ref)
    else:
        context |= _rendered(found)
    return render(request, "studio/history/version.html", frame(author, "history", **context))


@require_POST
@in_course(Capability.EDIT, libraries=True)
def restore_version(request: HttpRequest, author: Author) -> HttpResponse:
    """Gives ``ref`` (the course without it) the state of version ``root``: a new change."""
    ref, root = request.POST.get("ref", "") or outline.COURSE, request.POST.get("root", "")
    title = rules.version(author, ObjectId(root), ref).title
    rules.restore(author, ObjectId(root), ref, at=now())
    messages.success(
        request, _("“{title}” is as it was then. Learners see it once it is published.").format(title=title)
    )
    page = f"{reverse('studio:history', args=[author.run])}" + ("" if ref == outline.COURSE else f"?ref={ref}")
    return HttpResponseRedirect(page)


@require_safe
@in_course(libraries=True)
def deleted(request: HttpRequest, author: Author) -> HttpResponse:
    """What was deleted and can be brought back."""
    context = {"page_title": _("Deleted things"), "found": rules.deleted(author)}
    return render(request, "studio/history/deleted.html", frame(author, "history", **context))


def _rendered(found: rules.Version) -> dict[str, Any]:
    """A unit, or another block alone, as learners would have seen it."""
    shown = rules.shown(found, at=now())
    parts = [
        {"title": one.item.title, "html": mark_safe(one.html)}  # noqa: S308  blocks write HTML; that is what they are for
        for one in shown.components
    ]
    page = shown.page
    return {
        "parts": parts,
        "legacy": page.legacy,
        "head": blocks.placed_html(page, "head"),
        "foot": blocks.placed_html(page, "foot"),
    }


def _title(author: Author, ref: str) -> str:
    if not ref or ref == outline.COURSE:
        return author.title
    try:
        return outline.item(author, ref).title
    except ContentError:  # deleted: its history is still there
        return split_ref(ref)[1].replace("_", " ")


def _is_there(author: Author, ref: str) -> bool:
    try:
        outline.item(author, ref)
    except ContentError:
        return False
    return True


def _shown(ref: str) -> str:
    return ref if "@" in ref else outline.COURSE
