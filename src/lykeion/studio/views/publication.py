"""Publishing and discarding at any level, each after a look at what learners will see change; settings of blocks."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lykeion.authoring.api import history, outline_settings
from lykeion.authoring.api import outline as tree
from lykeion.authoring.api import publication as rules
from lykeion.authoring.types import Author, AuthoringError, Capability
from lykeion.content.types import ChangedMeanwhile, ObjectId
from lykeion.core.clock import now
from lykeion.core.keys import split_ref
from lykeion.studio import replies
from lykeion.studio.frame import frame
from lykeion.studio.guards import in_course
from lykeion.studio.outline_forms import FORMS, inherited
from lykeion.studio.views.clash import clashed
from lykeion.ui.answers import is_background


@require_safe
@in_course(Capability.PUBLISH, libraries=True)
def publishing(request: HttpRequest, author: Author, ref: str) -> HttpResponse:
    """The dialog that shows what publishing ``ref`` changes for learners; a page of its own for who has no scripts."""
    found = rules.publishing(author, ref)
    return _dialog(request, author, ref, {"difference": found, "does": "publish"})


@require_safe
@in_course(Capability.PUBLISH, libraries=True)
def discarding(request: HttpRequest, author: Author, ref: str) -> HttpResponse:
    """The dialog that shows what discarding the changes of ``ref`` takes away."""
    found = rules.discarding(author, ref)
    return _dialog(request, author, ref, {"difference": found, "does": "discard"})


@require_POST
@in_course(Capability.PUBLISH, libraries=True)
def publish(request: HttpRequest, author: Author) -> HttpResponse:
    """Publishes ``ref`` with all below it, as the author saw it (``seen``: the draft). Learners see it at once.

    With ``reload`` the page that asks is loaded again, and says it then.
    """
    ref, title = _ref(request), _title(author, _ref(request))
    rules.publish(author, ref, seen=_seen(request), at=now())
    say = _("Published “{title}”. Learners see it now.").format(title=title)
    if "reload" not in request.POST and is_background(request):
        return _whole(request, author, ref, say, published=ref)
    messages.success(request, say)
    return JsonResponse({}) if is_background(request) else HttpResponseRedirect(_page(author, ref), status=303)


@require_POST
@in_course(Capability.PUBLISH, libraries=True)
def discard(request: HttpRequest, author: Author) -> HttpResponse:
    """Throws the changes of ``ref`` away; the answer has an address to undo it."""
    ref, title = _ref(request), _title(author, _ref(request))
    gone = rules.discard(author, ref, seen=_seen(request), at=now())
    undo = replies.undo_address(author, "undiscard", ref=ref, old=gone.old, new=gone.new)
    return _whole(request, author, ref, _("Discarded the changes of “{title}”.").format(title=title), undo)


@require_POST
@in_course(Capability.PUBLISH, libraries=True)
def undiscard(request: HttpRequest, author: Author) -> HttpResponse:
    """Brings back the changes that were thrown away."""
    what = replies.undone(request, author, "undiscard")
    history.take_back(author, what["ref"], ObjectId(what["old"]), ObjectId(what["new"]), at=now())
    return _whole(request, author, what["ref"], _("The changes are back."))


@require_http_methods(["GET", "HEAD", "POST"])
@in_course(Capability.EDIT, libraries=True)
def settings(request: HttpRequest, author: Author, ref: str) -> HttpResponse:
    """The settings of a section, subsection or unit: a dialog, and saving it."""
    item = tree.item(author, ref)
    kind = FORMS.get(item.type)
    if kind is None:
        raise AuthoringError(_("This has its settings on the page of its unit."))
    base = ObjectId(request.POST["base"]) if request.POST.get("base") else item.base
    form = kind(author, item, outline_settings.seen(base, item), request.POST if request.method == "POST" else None)
    if not form.is_bound or not form.is_valid():
        context = {"form": form, "item": item, "base": base, "inherited": inherited(item)}
        status = 422 if form.is_bound else 200
        return render(request, "studio/outline/settings.html", frame(author, "outline", **context), status=status)
    try:
        outline_settings.save(author, ref, form.values, base=base, at=now())
    except ChangedMeanwhile as clash:
        return clashed(request, author, clash, form.values, base)
    say = _("Saved the settings of “{title}”.").format(title=item.title)
    return replies.changed(request, author, [ref] if item.below else [], touched=[ref], say=say, focus=ref)


def _dialog(request: HttpRequest, author: Author, ref: str, more: dict[str, object]) -> HttpResponse:
    title = _title(author, ref)
    context = {"ref": ref, "title": title, "seen": author.root, "reload": "reload" in request.GET, **more}
    if is_background(request):
        return render(request, "studio/outline/publication.html", frame(author, "outline", **context))
    context |= {"page_title": title, "back": _page(author, ref)}
    return render(request, "studio/outline/publication_page.html", frame(author, "outline", **context))


def _whole(request: HttpRequest, author: Author, ref: str, say: str, undo: str = "", **more: str) -> HttpResponse:
    """The whole outline anew: what is above ``ref`` and below it looks otherwise, and it may be gone."""
    lists = [] if author.is_library else [tree.COURSE]
    return replies.changed(request, author, lists, say=say, focus=ref, undo=undo, toast=True, **more)


def _page(author: Author, ref: str) -> str:
    """Where ``ref`` is worked on: the page of a unit, else the outline."""
    if split_ref(ref)[0] in {"course", "chapter", "sequential"}:
        return reverse("studio:outline", args=[author.run])
    return reverse("studio:unit", args=[author.run, ref])


def _ref(request: HttpRequest) -> str:
    return request.POST.get("ref", "") or tree.COURSE


def _title(author: Author, ref: str) -> str:
    return author.title if ref == tree.COURSE else tree.item(author, ref).title


def _seen(request: HttpRequest) -> ObjectId | None:
    text = request.POST.get("seen", "")
    return ObjectId(text) if text else None
