"""Libraries: the list, one library, and what courses use of them."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lykeion.accounts.types import Person
from lykeion.authoring.api import components, courses, outline, publication
from lykeion.authoring.api import libraries as rules
from lykeion.authoring.types import Author, AuthoringError, Capability, NotAllowed
from lykeion.content.types import LibraryItem
from lykeion.core.clock import now
from lykeion.core.keys import split_ref
from lykeion.studio.frame import frame
from lykeion.studio.guards import in_course, signed_in

FIELDS = ("title", "org", "name", "description")


@signed_in
def libraries(request: HttpRequest, person: Person) -> HttpResponse:
    """The libraries of ``person``, and a form for a new one."""
    values, orgs = {name: request.POST.get(name, "").strip() for name in FIELDS}, courses.organisations(person)
    error, status = "", HTTPStatus.OK
    if request.method == "POST":
        try:
            return HttpResponseRedirect(reverse("studio:library", args=[rules.create(person, **values, at=now())]))
        except NotAllowed as refused:
            if not orgs:
                raise
            error, status = str(refused), HTTPStatus.FORBIDDEN  # in another organisation: the form stays
        except AuthoringError as refused:
            error, status = str(refused), HTTPStatus.UNPROCESSABLE_ENTITY
    elif len(orgs) == 1:
        values["org"] = orgs[0]
    context = {
        "cards": rules.mine(person),
        "may_create": courses.may_create(person),
        "values": values,
        "error": error,
        "organisations": orgs,
        "page_title": _("Libraries"),
    }
    return render(request, "studio/libraries/list.html", context, status=status)


@require_safe
@in_course(libraries=True)
def library(request: HttpRequest, author: Author) -> HttpResponse:
    """The items of a library, all or those of one collection (``in``)."""
    chosen = request.GET.get("in", "")
    collections = rules.collections(author)
    members = {one.slug: one.members for one in collections}.get(chosen)
    shown = [item for item in rules.items(author) if members is None or item.ref in members]
    more = {
        "items": [_shown(author, item) for item in shown],
        "collections": collections,
        "chosen": next((one for one in collections if one.slug == chosen), None),
        "first": [components.kind(author.course, kind) for kind in ("html", "video", "problem")],
        "top": rules.TOP,
        "page_title": _("Items"),
    }
    return render(request, "studio/libraries/library.html", frame(author, "library", **more))


@require_POST
@in_course(Capability.EDIT, libraries=True)
def library_add(request: HttpRequest, author: Author) -> HttpResponse:
    """Adds an item of type ``kind`` and opens it."""
    kind = request.POST.get("kind", "")
    if kind in rules.CONTAINERS:
        names = {"chapter": _("New section"), "sequential": _("New subsection"), "vertical": _("New unit")}
        ref = rules.add(author, kind, request.POST.get("title", "").strip() or names[kind], at=now())
    else:
        ref = components.add(author, rules.TOP, kind, at=now())
    return HttpResponseRedirect(_address(author, ref))


@require_POST
@in_course(Capability.EDIT, libraries=True)
def library_change(request: HttpRequest, author: Author) -> HttpResponse:
    """What is done to items and collections of a library: ``act`` says what."""
    data, moment = request.POST, now()
    ref, slug = data.get("ref", ""), data.get("slug", "")
    acts: dict[str, Callable[[], Any]] = {
        "publish": lambda: publication.publish(author, ref, at=moment),
        "remove": lambda: outline.remove(author, ref, at=moment),
        "gather": lambda: rules.gather(author, slug, title=data.get("title", ""), ref=ref, at=moment),
        "scatter": lambda: rules.scatter(author, slug, ref=ref, at=moment),
    }
    act = acts.get(data.get("act", ""))
    if act is None:
        raise AuthoringError(_("That cannot be done to a library."))
    act()
    if data.get("act") == "remove":
        messages.success(request, _("Removed from the draft. Its history has it: it can be brought back from there."))
    if data.get("act") == "publish":
        messages.success(request, _("Published. Courses that use it are offered the new version."))
    return HttpResponseRedirect(reverse("studio:library", args=[author.run]))


@in_course(Capability.EDIT)
def library_pick(request: HttpRequest, author: Author, ref: str) -> HttpResponse:
    """What of the libraries can be put into block ``ref``; a POST puts ``item`` there."""
    if request.method == "POST":
        made = rules.use(author, request.POST.get("item", ""), ref, at=now())
        messages.success(request, _("It is in your course now, as a copy that can follow its library."))
        return HttpResponseRedirect(_place(author, ref, made))
    text = request.GET.get("q", "").strip()
    more = {
        "offers": rules.offers(author, ref, text=text),
        "item": outline.item(author, ref),
        "q": text,
        "back": _place(author, ref, ref),
        "page_title": _("From a library"),
    }
    return render(request, "studio/libraries/pick.html", frame(author, "outline", **more))


@require_safe
@in_course()
def library_updates(request: HttpRequest, author: Author) -> HttpResponse:
    """The copies in the course of whose items there is another version."""
    more = {"updates": rules.updates(author), "page_title": _("Updates of libraries")}
    return render(request, "studio/libraries/updates.html", frame(author, "library_updates", **more))


@in_course(Capability.EDIT)
def library_update(request: HttpRequest, author: Author, ref: str) -> HttpResponse:
    """A copy beside its item; a POST updates it (``keep`` mine or theirs), declines the version or cuts it loose."""
    if request.method != "POST":
        more = {"seen": rules.compare(author, ref), "item": outline.item(author, ref), "page_title": _("Update")}
        return render(request, "studio/libraries/compare.html", frame(author, "library_updates", **more))
    act = request.POST.get("act", "")
    if act in ("mine", "theirs"):
        kept = rules.update(author, ref, "mine" if act == "mine" else "theirs", at=now())
        words = _("Updated. Kept as you had them: {fields}.").format(fields=", ".join(kept)) if kept else _("Updated.")
    elif act == "decline":
        rules.decline(author, ref, at=now())
        words = _("Left as it is. The next version will be told of again.")
    elif act == "unlink":
        rules.unlink(author, ref, at=now())
        words = _("It is a part of your course alone now.")
    else:
        raise AuthoringError(_("Choose what to do with the new version."))
    messages.success(request, words)
    return HttpResponseRedirect(reverse("studio:library_updates", args=[author.run]))


def _shown(author: Author, item: LibraryItem) -> dict[str, Any]:
    kind = split_ref(item.ref)[0]
    address = _address(author, item.ref) if item.state != "removed" else ""
    return {"item": item, "kind": components.kind(author.course, kind).name, "url": address}


def _address(author: Author, ref: str) -> str:
    """The page that edits an item."""
    kind = split_ref(ref)[0]
    return reverse("studio:unit" if kind in rules.CONTAINERS else "studio:component", args=[author.run, ref])


def _place(author: Author, parent: str, ref: str) -> str:
    """The page of a course that shows ``parent``."""
    if split_ref(parent)[0] in ("course", "chapter", "sequential"):
        return reverse("studio:outline", args=[author.run])
    return f"{reverse('studio:unit', args=[author.run, parent])}#{ref}"
