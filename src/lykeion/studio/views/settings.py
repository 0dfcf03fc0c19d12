"""What all pages of settings have in common: how they are shown, how a change is answered, publishing, undoing."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lykeion.authoring.api import courses
from lykeion.authoring.api import settings as rules
from lykeion.authoring.types import Author, AuthoringError, Capability
from lykeion.content.types import Edited, ObjectId
from lykeion.core.clock import now
from lykeion.studio.frame import frame
from lykeion.studio.guards import in_course

Show = Callable[[HttpRequest, Author], HttpResponse]


@dataclass(frozen=True, slots=True)
class Said:
    """What a change answers: ``words`` for the author, and the edit where it can be undone."""

    words: str
    undo: Edited[Any] | None = None


Action = Callable[[QueryDict, Author], Said]


def shown(request: HttpRequest, author: Author, name: str, *, template: str = "", **context: Any) -> HttpResponse:
    """A page of the area ``name``, from the template of that name or another one."""
    area = rules.area(name)
    more = {
        "page_title": area.title,
        "area": area,
        "difference": rules.difference(author, name),
        "may_change": author.can(area.needs),
        "base": author.root,
        "zone": timezone.get_current_timezone_name(),
    }
    return render(request, f"studio/settings/{template or name}.html", frame(author, name, **more, **context))


def acted(request: HttpRequest, author: Author, actions: Mapping[str, Action], show: Show, page: str) -> HttpResponse:
    """Does what the field ``do`` of a form names, and answers with the page as it is then.

    Scripts get the page itself and a note of what was done, perhaps with an undo; a plain form is sent on to it.
    """
    action = actions.get(request.POST.get("do", "save").partition(":")[0])
    if action is None:
        raise AuthoringError(_("This page is out of date. Load it again."))
    return answered(request, author, action(request.POST, author), show, page)


def answered(request: HttpRequest, author: Author, said: Said, show: Show, page: str) -> HttpResponse:
    """The answer to a change; see :func:`acted`."""
    if "HX-Request" not in request.headers:
        messages.success(request, said.words)
        return HttpResponseRedirect(page)
    response = show(request, courses.enter(author.person, author.run))
    response["HX-Trigger"] = json.dumps({"toast": {"text": said.words, "undo": undo_address(author, said.undo)}})
    return response


def undo_address(author: Author, edit: Edited[Any] | None) -> str:
    """Where to post to take an edit back; '' when there is none, or it changed nothing."""
    if edit is None or edit.old == edit.new:
        return ""
    return f"{reverse('studio:settings_undo', args=[author.run])}?{urlencode({'old': edit.old, 'new': edit.new})}"


def base_of(form: QueryDict, author: Author) -> ObjectId:
    """The root that the author of a form saw; without one, what is there now."""
    return ObjectId(form.get("base") or author.root)


def own_zone() -> tzinfo:
    """The zone in which the author reads and writes dates."""
    return timezone.get_current_timezone()


@require_POST
@in_course(Capability.PUBLISH)
def publish(request: HttpRequest, author: Author, name: str) -> HttpResponse:
    """Lets learners have one area as it is in the draft; leads back to its page."""
    rules.publish(author, name, seen=ObjectId(request.POST.get("seen", "")) or None, at=now())
    return _back(request, author, name, _("Published. Learners have it now."))


@require_POST
@in_course(Capability.PUBLISH)
def discard(request: HttpRequest, author: Author, name: str) -> HttpResponse:
    """Gives the draft one area as learners have it; leads back to its page."""
    rules.discard(author, name, at=now())
    return _back(request, author, name, _("Changes discarded."))


@require_POST
@in_course(Capability.EDIT)
def undo(request: HttpRequest, author: Author) -> HttpResponse:
    """Takes an edit back."""
    rules.take_back(author, ObjectId(request.GET.get("old", "")), ObjectId(request.GET.get("new", "")), at=now())
    return HttpResponse(status=204)


def _back(request: HttpRequest, author: Author, name: str, words: str) -> HttpResponse:
    messages.success(request, words)
    return HttpResponseRedirect(reverse(f"studio:{rules.area(name).name}", args=[author.run]))
