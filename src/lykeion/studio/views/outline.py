"""The outline of a course: its tree, which loads as it is opened, and changes of its shape."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lykeion.authoring.api import clipboard, courses
from lykeion.authoring.api import outline as rules
from lykeion.authoring.types import Author, AuthoringError, Capability
from lykeion.content.types import ChangedMeanwhile, ObjectId, Removed
from lykeion.core.clock import now
from lykeion.core.keys import split_ref
from lykeion.core.whole import whole
from lykeion.studio import replies
from lykeion.studio.frame import frame
from lykeion.studio.guards import in_course
from lykeion.studio.rows import rows, status_of
from lykeion.studio.views.clash import clashed

CLIP = "studio_clipboard"


@require_safe
@in_course(libraries=True)
def outline(request: HttpRequest, author: Author) -> HttpResponse:
    """The sections of the course; what is in them loads when they are opened. A library has a list instead."""
    if author.is_library:
        return HttpResponseRedirect(reverse("studio:library", args=[author.run]))
    course = rules.item(author, rules.COURSE)
    context = {
        "page_title": _("Outline"),
        "rows": rows(author, rules.COURSE),
        "parent": rules.COURSE,
        "level": "chapter",
        "course_status": replies.course_status(course),
        "clip": clipboard.Clip.of(request.session.get(CLIP)),
        "rerun": _address("studio:rerun", author),
    }
    return render(request, "studio/outline.html", frame(author, "outline", **context))


@require_safe
@in_course()
def children(request: HttpRequest, author: Author, ref: str) -> HttpResponse:
    """What is right below one block, as a list to be put into the page."""
    return HttpResponse(replies.drawn_list(request, author, ref, frozenset()))


@require_POST
@in_course()
def tree(request: HttpRequest, author: Author) -> HttpResponse:
    """The whole outline as far as it is ``open`` (refs, or ``*``): for pages that know what was open last time."""
    return HttpResponse(replies.drawn_list(request, author, rules.COURSE, replies.opened_in(request)))


@require_safe
@in_course()
def find(request: HttpRequest, author: Author) -> HttpResponse:
    """The blocks with the words ``q`` in their title, each with what it lies in."""
    text = request.GET.get("q", "").strip()
    ways = rules.find(author, text) if text else []
    at = now()
    hits = [{"way": way, "last": way[-1], "status": status_of(way[-1], at)} for way in ways]
    context = {"q": text, "ways": hits, "for_history": request.GET.get("for") == "history"}
    return render(request, "studio/outline/found.html", frame(author, "outline", **context))


@require_POST
@in_course(Capability.EDIT)
def add(request: HttpRequest, author: Author) -> HttpResponse:
    """Adds what belongs below ``parent``, called ``title``; with ``deep``, a unit with all that it lies in."""
    parent, title = request.POST.get("parent", rules.COURSE), request.POST.get("title", "").strip()
    names = {"chapter": _("New section"), "sequential": _("New subsection"), "vertical": _("New unit")}
    kind = rules.below(split_ref(parent)[0])
    if request.POST.get("deep"):
        levels = list(names)[list(names).index(kind) :] if kind else []
        ref = rules.add_deep(author, parent, [names[level] for level in levels], at=now())
        say = _("Added a new unit. Give it a name, and open it to fill it.")
    else:
        ref = rules.add(author, parent, kind, title or names.get(kind, ""), at=now())
        say = _("Added “{title}”.").format(title=title or names.get(kind, ""))
    return replies.changed(request, author, [parent], say=say, focus=ref)


@require_POST
@in_course(Capability.EDIT, libraries=True)
def rename(request: HttpRequest, author: Author) -> HttpResponse:
    """Gives ``ref`` the name ``title``; ``base`` is the version that the author saw."""
    ref, base, title = _ref(request), request.POST.get("base", ""), request.POST.get("title", "").strip()
    seen = ObjectId(base) if base else None
    try:
        rules.rename(author, ref, title, base=seen, at=now())
    except ChangedMeanwhile as clash:
        return clashed(request, author, clash, {"display_name": title}, seen)
    return replies.changed(
        request, author, touched=[ref], say=_("Renamed to “{title}”.").format(title=title), focus=ref
    )


@require_POST
@in_course(Capability.EDIT, libraries=True)
def remove(request: HttpRequest, author: Author) -> HttpResponse:
    """Takes ``ref`` out at once; the answer has an address to undo it."""
    ref = _ref(request)
    title = rules.item(author, ref).title
    gone = rules.remove(author, ref, at=now())
    what = {"parent": gone.parent, "index": gone.index, "id": gone.id, "object_id": gone.object_id}
    say = _("Deleted “{title}”.").format(title=title)
    undo = replies.undo_address(author, "restore", **what)
    return replies.changed(request, author, _shown(gone.parent), say=say, undo=undo, focus=gone.parent)


@require_POST
@in_course(Capability.EDIT, libraries=True)
def restore(request: HttpRequest, author: Author) -> HttpResponse:
    """Brings back what was deleted, or puts back what was moved."""
    what = replies.undone(request, author, "restore")
    if "ref" in what:
        ref = what["ref"]
        was, _place = rules.move(author, ref, what["parent"], index=what["index"], at=now())
    else:
        was = what["parent"]
        gone = Removed(what["parent"], what["index"], what["id"], ObjectId(what["object_id"]))
        ref = rules.restore(author, gone, at=now())
    say = _("“{title}” is back.").format(title=_title(_again(author), ref))
    return replies.changed(request, author, _shown(was, what["parent"]), say=say, focus=ref)


@require_POST
@in_course(Capability.EDIT, libraries=True)
def move(request: HttpRequest, author: Author) -> HttpResponse:
    """Moves ``ref``: ``by`` -1 or 1 for one place up or down, else into ``parent`` at ``index`` ('' is the end)."""
    ref = _ref(request)
    by, index = request.POST.get("by", ""), request.POST.get("index", "")
    if by in ("1", "-1"):
        was, place = rules.step(author, ref, int(by), at=now())
    else:
        parent = request.POST.get("parent", "")
        was, place = rules.move(author, ref, parent, index=whole(index), at=now())
    return _moved(request, author, ref, was, place)


@require_POST
@in_course(Capability.EDIT, libraries=True)
def duplicate(request: HttpRequest, author: Author) -> HttpResponse:
    """Puts a copy of ``ref`` behind it."""
    ref = _ref(request)
    parent = _parent(author, ref)
    made = rules.duplicate(author, ref, at=now())
    say = _("Made a copy: “{title}”.").format(title=_title(_again(author), made))
    return replies.changed(request, author, _shown(parent), say=say, focus=made)


@require_POST
@in_course(libraries=True)
def copy(request: HttpRequest, author: Author) -> HttpResponse:
    """Puts ``ref`` into the clipboard of this person, for this course and others."""
    clip = clipboard.copy(author, _ref(request))
    request.session[CLIP] = clip.kept()
    say = _("Copied “{title}”. Paste it in this course or in another one.").format(title=clip.title)
    return JsonResponse({"say": say, "clip": {"kind": clip.kind, "title": clip.title}})


@require_POST
@in_course(Capability.EDIT, libraries=True)
def paste(request: HttpRequest, author: Author) -> HttpResponse:
    """Pastes what was copied into ``ref``, or behind it where it is of the same kind."""
    ref, clip = request.POST.get("ref", rules.COURSE), clipboard.Clip.of(request.session.get(CLIP))
    if clip is None:
        raise AuthoringError(_("There is nothing to paste. Copy something first."))
    parent, index = ref, None
    if split_ref(ref)[0] == clip.kind:
        parent = _parent(author, ref)
        index = [one.ref for one in rules.items(author, parent)].index(ref) + 1
    pasted = clipboard.paste(author, clip, parent, index=index, at=now())
    say = _("Pasted “{title}”.").format(title=clip.title)
    return replies.changed(request, author, _shown(parent), say=say, focus=pasted.ref, notes=pasted.notes)


@require_safe
@in_course(Capability.EDIT, libraries=True)
def places(request: HttpRequest, author: Author, ref: str) -> HttpResponse:
    """The dialog in which one picks where ``ref`` shall go: what it could lie in, and its place there."""
    here = rules.way(author, ref)
    item = here[-1]
    if item.type not in rules.LEVELS:
        raise AuthoringError(_("Components are moved on the page of their unit."))
    into = request.GET.getlist("in") or [one.ref for one in here[:-1]]
    found = rules.places(author, item.type, into)
    *above, inside = found if len(found) == rules.LEVELS.index(item.type) else [*found, []]
    levels = [
        {"label": kind_label(level[0].type), "items": level, "chosen": _chosen(level, into)} for level in above if level
    ]
    context = {
        "item": item,
        "levels": levels,
        "full": all(above) and len(found) == rules.LEVELS.index(item.type),
        "parent": levels[-1]["chosen"] if levels else rules.COURSE,
        "after": [one for one in inside if one.ref != ref],
        "place": _place_before(here, inside),
    }
    return render(request, "studio/outline/places.html", frame(author, "outline", **context))


def _moved(request: HttpRequest, author: Author, ref: str, was: str, place: int) -> HttpResponse:
    after = _again(author)
    parent = _parent(after, ref)
    around = [one.ref for one in rules.items(after, parent)]
    say = _("Moved “{title}”: place {place} of {count} in “{parent}”.").format(
        title=_title(after, ref), place=around.index(ref) + 1, count=len(around), parent=_title(after, parent)
    )
    undo = replies.undo_address(author, "restore", ref=ref, parent=was, index=place)
    return replies.changed(request, author, _shown(was, parent), say=say, focus=ref, undo=undo)


def kind_label(kind: str) -> str:
    """What a level of the outline is called."""
    return {"chapter": _("Section"), "sequential": _("Subsection"), "vertical": _("Unit")}.get(kind, "")


def _again(author: Author) -> Author:
    """The author, who sees what was just changed."""
    return courses.enter(author.person, author.run)


def _ref(request: HttpRequest) -> str:
    return request.POST.get("ref", "")


def _shown(*parents: str) -> list[str]:
    """Those whose children are rows of the outline."""
    return [ref for ref in parents if rules.below(split_ref(ref)[0])]


def _parent(author: Author, ref: str) -> str:
    here = rules.way(author, ref)
    return here[-2].ref if len(here) > 1 else rules.COURSE


def _title(author: Author, ref: str) -> str:
    return author.title if ref == rules.COURSE else rules.item(author, ref).title


def _chosen(level: Sequence[rules.Item], into: Sequence[str]) -> str:
    return next((one.ref for one in level if one.ref in into), level[0].ref)


def _place_before(here: Sequence[rules.Item], inside: Sequence[rules.Item]) -> str:
    """The block that comes before the last of ``here`` now, if it lies among ``inside``; '' for none."""
    refs = [one.ref for one in inside]
    ref = here[-1].ref
    return refs[refs.index(ref) - 1] if ref in refs[1:] else ""


def _address(name: str, author: Author) -> str:
    """The address of a page that other parts of Studio may have; '' where it is not."""
    try:
        return reverse(name, args=[author.run])
    except NoReverseMatch:
        return ""
