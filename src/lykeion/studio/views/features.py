"""What of the platform a course uses."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lykeion.authoring.api import features as rules
from lykeion.authoring.types import Author, Capability
from lykeion.core.clock import now
from lykeion.studio.guards import in_course
from lykeion.studio.views.settings import Said, acted, shown


def _show(request: HttpRequest, author: Author) -> HttpResponse:
    return shown(request, author, "features", features=rules.features(author))


def _switch(form: QueryDict, author: Author) -> Said:
    on = form.get("on") == "true"
    edit = rules.switch(author, form.get("name", ""), on, at=now())
    return Said(_("Switched on.") if on else _("Switched off."), edit)


_ACTIONS = {"switch": _switch}


@require_safe
@in_course()
def features(request: HttpRequest, author: Author) -> HttpResponse:
    """The switches."""
    return _show(request, author)


@require_POST
@in_course(Capability.SETTINGS)
def save(request: HttpRequest, author: Author) -> HttpResponse:
    """Switches one."""
    return acted(request, author, _ACTIONS, _show, reverse("studio:features", args=[author.run]))
