"""The PDF textbooks of a course."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lykeion.authoring.api import textbooks as rules
from lykeion.authoring.api.textbooks import Chapter
from lykeion.authoring.types import Author, Capability
from lykeion.core.clock import now
from lykeion.studio.guards import in_course
from lykeion.studio.views.settings import Said, acted, shown


def _show(request: HttpRequest, author: Author) -> HttpResponse:
    return shown(request, author, "textbooks", textbooks=rules.textbooks(author))


def _add(form: QueryDict, author: Author) -> Said:
    rules.add(author, form.get("title", ""), at=now())
    return Said(_("The textbook is there. Add its chapters."))


def _save(form: QueryDict, author: Author) -> Said:
    pairs = zip(form.getlist("chapter_title"), form.getlist("chapter_url"), strict=False)
    chapters = [Chapter(title, url) for title, url in pairs]
    book, title, base = form.get("id", ""), form.get("title", ""), form.get("base", "")
    return Said(_("Saved."), rules.save_textbook(author, book, title=title, chapters=chapters, base=base, at=now()))


def _remove(form: QueryDict, author: Author) -> Said:
    return Said(_("The textbook is removed."), rules.remove(author, form.get("id", ""), at=now()))


_ACTIONS = {"add": _add, "save": _save, "remove": _remove}


@require_safe
@in_course()
def textbooks(request: HttpRequest, author: Author) -> HttpResponse:
    """The textbooks, in order."""
    return _show(request, author)


@require_POST
@in_course(Capability.EDIT)
def save(request: HttpRequest, author: Author) -> HttpResponse:
    """Adds, changes or removes a textbook."""
    return acted(request, author, _ACTIONS, _show, reverse("studio:textbooks", args=[author.run]))
