"""News of a course, and its handouts."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lykeion.authoring.api import updates as rules
from lykeion.authoring.types import Author, Capability, FieldError
from lykeion.core.clock import now
from lykeion.core.whole import whole
from lykeion.studio.draftfiles import preview
from lykeion.studio.guards import in_course
from lykeion.studio.richtext import richtext_context
from lykeion.studio.views.settings import Said, acted, shown


def _show(request: HttpRequest, author: Author) -> HttpResponse:
    handouts, version = rules.handouts(author)
    return shown(
        request,
        author,
        "updates",
        updates=[(one, preview(author, one.html)) for one in rules.updates(author)],
        today=timezone.localdate(now()),
        handouts=handouts,
        handouts_shown=preview(author, handouts),
        handouts_base=version,
        **richtext_context(author),
    )


def _add(form: QueryDict, author: Author) -> Said:
    rules.add(author, day=_day(form) or timezone.localdate(now()), html=form.get("html", ""), at=now())
    return Said(_("The update is written. Publish it when it is ready."))


def _save(form: QueryDict, author: Author) -> Said:
    base, html = form.get("base", ""), form.get("html", "")
    edit = rules.save_update(author, _number(form), day=_day(form), html=html, base=base, at=now())
    return Said(_("Saved."), edit)


def _remove(form: QueryDict, author: Author) -> Said:
    return Said(_("The update is removed."), rules.remove(author, _number(form), at=now()))


def _handouts(form: QueryDict, author: Author) -> Said:
    edit = rules.save_handouts(author, form.get("html", ""), base=form.get("base", ""), at=now())
    return Said(_("The handouts are saved."), edit)


_ACTIONS = {"add": _add, "save": _save, "remove": _remove, "handouts": _handouts}


@require_safe
@in_course()
def updates(request: HttpRequest, author: Author) -> HttpResponse:
    """The updates, newest first, and the handouts."""
    return _show(request, author)


@require_POST
@in_course(Capability.EDIT)
def save(request: HttpRequest, author: Author) -> HttpResponse:
    """Adds, changes or removes an update; saves the handouts."""
    return acted(request, author, _ACTIONS, _show, reverse("studio:updates", args=[author.run]))


def _number(form: QueryDict) -> int:
    number = whole(form.get("id", ""))
    return -1 if number is None else number


def _day(form: QueryDict) -> date | None:
    text = form.get("day", "")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise FieldError(_("“{text}” is no date.").format(text=text), "day") from error
