"""The page of a unit: its components as learners will see them, and everything that is done to them there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lykeion.authoring.api import clipboard, components, courses, history, publication, units
from lykeion.authoring.api import outline as rules
from lykeion.authoring.types import Author, AuthoringError, Capability
from lykeion.blocks import api as blocks
from lykeion.content.types import ObjectId, Removed
from lykeion.core.clock import now
from lykeion.core.keys import split_ref
from lykeion.core.whole import whole
from lykeion.studio import replies
from lykeion.studio.editors import base_of
from lykeion.studio.frame import frame
from lykeion.studio.guards import in_course
from lykeion.studio.scratch import forget_scratch, scratch_of
from lykeion.studio.views.outline import CLIP
from lykeion.ui.answers import is_background
from lykeion.ui.formtokens import with_token
from lykeion.ui.types import Link

FIRST = ("html", "video", "problem")


@require_safe
@in_course(libraries=True)
def unit(request: HttpRequest, author: Author, ref: str) -> HttpResponse:
    """The components of unit ``ref``, or of a component that holds others."""
    if split_ref(ref)[0] in ("course", "library"):
        return HttpResponseRedirect(reverse("studio:outline", args=[author.run]))
    shown = units.unit(author, ref, at=now(), scratch=scratch_of(request, author))
    token = get_token(request)
    *above, here = rules.way(author, ref)
    context = {
        "page_title": here.title,
        "unit": here,
        "is_unit": here.type == "vertical",
        "breadcrumbs": _crumbs(author, above, here.title),
        "components": [_card(author, one, token) for one in shown.components],
        "first": _first(author, ref),
        "clip": _clip(request),
        "legacy": shown.page.legacy,
        "head": blocks.placed_html(shown.page, "head"),
        "foot": blocks.placed_html(shown.page, "foot"),
        "tags": reverse("studio:tag", args=[author.run, here.ref]),
    }
    if here.status != "new":
        context["view_live"] = f"/courses/{author.run}/jump_to_id/{quote(here.id)}"
    return render(request, "studio/unit.html", frame(author, "outline", **context))


@require_safe
@in_course(Capability.EDIT, libraries=True)
def more(request: HttpRequest, author: Author, ref: str) -> HttpResponse:
    """Every type of component there is, to choose one."""
    kinds = components.kinds(author, ref, at=now())
    context = {"unit": rules.item(author, ref), "kinds": kinds, "page_title": _("Add a component")}
    return render(request, "studio/unit/more.html", frame(author, "outline", **context))


@require_POST
@in_course(Capability.EDIT, libraries=True)
def add(request: HttpRequest, author: Author, ref: str) -> HttpResponse:
    """Puts a new component of type ``kind`` into ``ref``, and opens its editor."""
    kind = request.POST.get("kind", "")
    made = components.add(author, ref, kind, at=now())
    there = "studio:component" if kind in EDITED_AT_ONCE else "studio:unit"
    address = reverse(there, args=[author.run, made if there == "studio:component" else ref])
    return _to(request, address if there == "studio:component" else f"{address}#{made}", _("Added."))


EDITED_AT_ONCE = frozenset({"html", "video", "problem"})


@require_POST
@in_course(Capability.EDIT, libraries=True)
def rename(request: HttpRequest, author: Author, ref: str) -> HttpResponse:
    """Gives ``ref``, a unit or a component, another name."""
    title = " ".join(request.POST.get("title", "").split())
    if not title:
        raise AuthoringError(_("Give it a name: learners find it by that."))
    version = components.save(author, ref, {"display_name": title}, base=base_of(request), at=now())
    say = _("Renamed to “{title}”.").format(title=title)
    return _back(request, author, ref, say, base=version)


@require_POST
@in_course(Capability.EDIT, libraries=True)
def move(request: HttpRequest, author: Author, ref: str) -> HttpResponse:
    """Moves component ``ref``: ``by`` -1 or 1, or to ``index`` in what it is in, or into ``parent``."""
    above = _parent(author, ref)
    siblings = [one.ref for one in rules.items(author, above)]
    by, index, parent = (request.POST.get(name, "") for name in ("by", "index", "parent"))
    place = siblings.index(ref) + int(by) if by in ("1", "-1") else whole(index)
    if by and not 0 <= (place or 0) < len(siblings):
        raise AuthoringError(_("It cannot be moved any further."))
    was, at_place = rules.move(author, ref, parent or above, index=place, at=now())
    undo = replies.undo_address(author, "unit_restore", ref=ref, parent=was, index=at_place)
    title = _title(author, ref)
    if parent and parent != above:
        say = _("Moved “{title}” to “{parent}”.").format(title=title, parent=_title(author, parent))
    else:
        count, number = len(siblings), len(siblings) if place is None else place + 1
        say = _("Moved “{title}”: place {place} of {count}.").format(title=title, place=number, count=count)
    return _back(request, author, ref, say, undo=undo)


@require_safe
@in_course(Capability.EDIT, libraries=True)
def places(request: HttpRequest, author: Author, ref: str) -> HttpResponse:
    """The units that component ``ref`` could be moved to."""
    here = rules.way(author, ref)
    chosen = request.GET.getlist("in") or [one.ref for one in here[:-1]]
    *levels, inside = rules.places(author, here[-1].type, chosen)
    names = (_("Section"), _("Subsection"), _("Unit"))
    context = {
        "item": here[-1],
        "levels": [
            {"label": label, "items": level, "chosen": next((one.ref for one in level if one.ref in chosen), "")}
            for label, level in zip(names, [*levels, *([inside] if len(levels) < len(names) else [])], strict=False)
        ],
        "page_title": _("Move “{title}”").format(title=_title(author, ref)),
        "to_unit": _address(author, ref),
    }
    return render(request, "studio/unit/places.html", frame(author, "outline", **context))


@require_POST
@in_course(Capability.EDIT, libraries=True)
def duplicate(request: HttpRequest, author: Author, ref: str) -> HttpResponse:
    """Puts a copy of component ``ref`` right behind it."""
    title = _title(author, ref)
    made = rules.duplicate(author, ref, title=title, at=now())
    now_author = courses.enter(author.person, author.run)
    return _back(request, now_author, made, _("Made a copy: “{title}”.").format(title=_title(now_author, made)))


@require_POST
@in_course(Capability.EDIT, libraries=True)
def remove(request: HttpRequest, author: Author, ref: str) -> HttpResponse:
    """Takes component ``ref`` out at once; the answer has an address to undo it."""
    title, address = _title(author, ref), _address(author, ref, anchor=False)
    gone = rules.remove(author, ref, at=now())
    what = {"parent": gone.parent, "index": gone.index, "id": gone.id, "object_id": gone.object_id}
    undo = replies.undo_address(author, "unit_restore", **what)
    return _to(request, address, _("Deleted “{title}”.").format(title=title), undo=undo)


@require_POST
@in_course(Capability.EDIT, libraries=True)
def restore(request: HttpRequest, author: Author) -> HttpResponse:
    """Brings back what was deleted, or puts back what was moved."""
    what = replies.undone(request, author, "unit_restore")
    if "ref" in what:
        ref = what["ref"]
        rules.move(author, ref, what["parent"], index=what["index"], at=now())
    else:
        gone = Removed(what["parent"], what["index"], what["id"], ObjectId(what["object_id"]))
        ref = rules.restore(author, gone, at=now())
    author = courses.enter(author.person, author.run)
    return _back(request, author, ref, _("“{title}” is back.").format(title=_title(author, ref)))


@require_POST
@in_course(libraries=True)
def copy(request: HttpRequest, author: Author, ref: str) -> HttpResponse:
    """Puts component ``ref`` into the clipboard of this person, for this course and others."""
    clip = clipboard.copy(author, ref)
    request.session[CLIP] = clip.kept()
    return _back(request, author, ref, _("Copied “{title}”. Paste it in any unit.").format(title=_title(author, ref)))


@require_POST
@in_course(Capability.EDIT, libraries=True)
def paste(request: HttpRequest, author: Author, ref: str) -> HttpResponse:
    """Pastes what was copied at the end of ``ref``."""
    clip = clipboard.Clip.of(request.session.get(CLIP))
    if clip is None:
        raise AuthoringError(_("There is nothing to paste. Copy something first."))
    pasted = clipboard.paste(author, clip, ref, at=now())
    for note in pasted.notes:
        messages.warning(request, note)
    address = f"{reverse('studio:unit', args=[author.run, ref])}#{pasted.ref}"
    return _to(request, address, _("Pasted “{title}”.").format(title=clip.title))


@require_POST
@in_course(Capability.PUBLISH, libraries=True)
def discard(request: HttpRequest, author: Author, ref: str) -> HttpResponse:
    """Gives ``ref`` what is published; the answer has an address to undo it."""
    gone = publication.discard(author, ref, at=now())
    undo = replies.undo_address(author, "unit_undiscard", ref=ref, old=gone.old, new=gone.new)
    return _to(request, reverse("studio:unit", args=[author.run, ref]), _("The changes are discarded."), undo=undo)


@require_POST
@in_course(Capability.PUBLISH, libraries=True)
def undiscard(request: HttpRequest, author: Author) -> HttpResponse:
    """Brings back the changes that were thrown away."""
    what = replies.undone(request, author, "unit_undiscard")
    history.take_back(author, what["ref"], ObjectId(what["old"]), ObjectId(what["new"]), at=now())
    return _to(request, reverse("studio:unit", args=[author.run, what["ref"]]), _("The changes are back."))


@require_POST
@in_course(libraries=True)
def forget(request: HttpRequest, author: Author, ref: str) -> HttpResponse:
    """Forgets what this person tried out: every component is as at a learner's first visit."""
    forget_scratch(request)
    return _to(request, reverse("studio:unit", args=[author.run, ref]), _("What you tried out is forgotten."))


def _first(author: Author, ref: str) -> list[components.Kind]:
    """The types that ``ref`` takes of those that have buttons of their own; none when its package fails to tell."""
    try:
        return components.fitting(author, ref, FIRST, at=now())
    except AuthoringError:  # the page is shown all the same; whoever adds something is told
        return []


def _card(author: Author, one: units.Component, token: str) -> dict[str, Any]:
    html = with_token(one.html, token)
    return {
        "one": one,
        "item": one.item,
        "html": mark_safe(html),  # noqa: S308  blocks write HTML; that is what they are for
        "inside": [_card(author, child, token) for child in one.inside],
        "first": _first(author, one.item.ref) if one.holds else [],
        "tags": reverse("studio:tag", args=[author.run, one.item.ref]),
    }


def _crumbs(author: Author, above: list[rules.Item], title: str) -> Iterator[Link]:
    outline = reverse("studio:library" if author.is_library else "studio:outline", args=[author.run])
    yield Link(_("Items") if author.is_library else _("Outline"), outline)
    for one in above:
        is_page = one.type not in {"chapter", "sequential"}
        yield Link(one.title, reverse("studio:unit", args=[author.run, one.ref]) if is_page else f"{outline}#{one.ref}")
    yield Link(title)


def _clip(request: HttpRequest) -> clipboard.Clip | None:
    clip = clipboard.Clip.of(request.session.get(CLIP))
    return clip if clip is not None and clip.kind not in rules.LEVELS else None


def _parent(author: Author, ref: str) -> str:
    *above, _here = rules.way(author, ref)
    if not above:
        raise AuthoringError(_("Only what is in a unit is arranged on its page."))
    return above[-1].ref


def _title(author: Author, ref: str) -> str:
    return units.title_of(author, ref)


def _address(author: Author, ref: str, *, anchor: bool = True) -> str:
    """The page on which ``ref`` is: its own if it is a unit."""
    is_unit = split_ref(ref)[0] == "vertical"
    page = ref if is_unit else components.place(author, ref).unit.ref
    return reverse("studio:unit", args=[author.run, page]) + (f"#{ref}" if anchor and not is_unit else "")


def _back(request: HttpRequest, author: Author, ref: str, say: str, **more: Any) -> HttpResponse:
    return _to(request, _address(author, ref), say, **more)


def _to(request: HttpRequest, address: str, say: str, **more: Any) -> HttpResponse:
    """Leads people to ``address``; tells scripts what to say, and how to undo it."""
    if is_background(request):
        return JsonResponse({"say": say, "to": address, **more})
    messages.success(request, say)
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return response
