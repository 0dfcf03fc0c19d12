"""Every field of a course."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lykeion.authoring.api import advanced as rules
from lykeion.authoring.types import Author, Capability
from lykeion.core.clock import now
from lykeion.studio.guards import in_course
from lykeion.studio.views.settings import Said, acted, base_of, own_zone, shown


def _show(request: HttpRequest, author: Author) -> HttpResponse:
    entries = rules.entries(author, own_zone())
    rows = [(one, _link(author, one.field.link)) for one in entries]
    return shown(request, author, "advanced", rows=rows, old=sum(one.field.where == "old" for one in entries))


def _save(form: QueryDict, author: Author) -> Said:
    name, text = form.get("name", ""), form.get("value", "")
    return Said(_("Saved."), rules.save_field(author, name, text, own_zone(), base=base_of(form, author), at=now()))


def _reset(form: QueryDict, author: Author) -> Said:
    return Said(_("The default holds again."), rules.reset_field(author, form.get("name", ""), at=now()))


_ACTIONS = {"save": _save, "reset": _reset}


@require_safe
@in_course()
def advanced(request: HttpRequest, author: Author) -> HttpResponse:
    """The fields by name."""
    return _show(request, author)


@require_POST
@in_course(Capability.SETTINGS)
def save(request: HttpRequest, author: Author) -> HttpResponse:
    """Gives a field another value, or its default."""
    return acted(request, author, _ACTIONS, _show, reverse("studio:advanced", args=[author.run]))


def _link(author: Author, page: str) -> str:
    try:
        return reverse(f"studio:{page}", args=[author.run]) if page else ""
    except NoReverseMatch:
        return ""
