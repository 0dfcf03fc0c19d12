"""The design of a course's certificate."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lykeion.authoring.api import certificates as rules
from lykeion.authoring.api.certificates import Signatory
from lykeion.authoring.types import Author, Capability
from lykeion.core.clock import now
from lykeion.core.whole import whole
from lykeion.studio.choosers import chooser_context
from lykeion.studio.draftfiles import picture_url
from lykeion.studio.guards import in_course
from lykeion.studio.views.settings import Said, acted, shown


def _show(request: HttpRequest, author: Author) -> HttpResponse:
    design = rules.design(author)
    people = [(one, picture_url(author, one.image)) for one in design.signatories] if design else []
    blank = Signatory("", "", "", "")
    return shown(
        request,
        author,
        "certificates",
        **chooser_context(author),
        design=design,
        signed=people,
        signatories=[*people, (blank, "")],
        modes=rules.eligible_modes(rules.offered(author)),
    )


def _make(_form: QueryDict, author: Author) -> Said:
    return Said(_("The certificate is there. Say who signs it."), rules.make(author, at=now()))


def _save(form: QueryDict, author: Author) -> Said:
    names = ("name", "title", "organization", "image", "id")
    rows = zip(*(form.getlist(f"signatory_{name}") for name in names), strict=False)
    people = [Signatory(name, title, org, image, whole(number)) for name, title, org, image, number in rows]
    title, base = form.get("course_title", ""), form.get("base", "")
    edit = rules.save_design(author, course_title=title, signatories=people, base=base, at=now())
    return Said(_("Saved."), edit)


def _activate(form: QueryDict, author: Author) -> Said:
    on = form.get("active") == "true"
    edit = rules.activate(author, on, at=now())
    return Said(
        _("The certificate is in use once it is published.") if on else _("The certificate is not in use."), edit
    )


def _remove(_form: QueryDict, author: Author) -> Said:
    return Said(_("The certificate is removed."), rules.remove(author, at=now()))


_ACTIONS = {"make": _make, "save": _save, "activate": _activate, "remove": _remove}


@require_safe
@in_course()
def certificates(request: HttpRequest, author: Author) -> HttpResponse:
    """The design, with a preview."""
    return _show(request, author)


@require_POST
@in_course(Capability.SETTINGS)
def save(request: HttpRequest, author: Author) -> HttpResponse:
    """Makes, changes, activates or removes the design."""
    return acted(request, author, _ACTIONS, _show, reverse("studio:certificates", args=[author.run]))
