"""What to mend before learners come: the checklist, findings with the way to their place, links elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lykeion.authoring.api import checks
from lykeion.authoring.types import Author
from lykeion.core.clock import now
from lykeion.core.keys import split_ref
from lykeion.studio.frame import frame
from lykeion.studio.guards import in_course
from lykeion.studio.views.component import EDITORS

_PARTS: Final = {"about": "schedule", "tabs": "pages", "info": "updates", "policy": "advanced"}
_ABOUT_COURSE: Final = {"weights": "grading", "too-few": "grading"}


@require_safe
@in_course()
def page(request: HttpRequest, author: Author) -> HttpResponse:
    """What was found: now, in a small course; else by the last look, with a button for another one."""
    last = next(iter(checks.latest(author, checks.CHECKS, limit=1)), None)
    if checks.is_small(author):
        report, errand = checks.look(author, at=now()), None
    else:
        report, errand = (dict(last.report) if last else {}), last
    links = next(iter(checks.latest(author, checks.LINKS, limit=1)), None)
    context = {
        "errand": errand,
        "report": report,
        "minutes": {name: round(value / 60) for name, value in report.get("effort", {}).items()},
        "is_old": bool(report) and report.get("root") != author.root,
        "areas": _areas(author, report.get("findings", ())),
        "lists": _checklists(author, report.get("checklist", ())),
        "links": links,
        "broken": _broken(author, links),
    }
    return render(request, "studio/checks/checks.html", frame(author, "checks", page_title=_("Checks"), **context))


@require_safe
@in_course()
def state(request: HttpRequest, author: Author, kind: str, number: int) -> HttpResponse:
    """How far a look is, to be put into the page; when it is over the page is loaded again."""
    found = checks.shown(author, number, kind)
    share = found.done / found.total if found.total else 0
    response = render(request, "studio/checks/state.html", frame(author, "checks", errand=found, share=share))
    if found.is_over:
        response["HX-Refresh"] = "true"
    return response


@require_POST
@in_course()
def start(request: HttpRequest, author: Author) -> HttpResponse:
    """Orders a look through the course, or (``kind`` links) at pages elsewhere."""
    kind = checks.LINKS if request.POST.get("kind") == checks.LINKS else checks.CHECKS
    checks.order(author, kind, at=now())
    return HttpResponseRedirect(reverse("studio:checks", args=[author.run]))


def _areas(author: Author, findings: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    labels = {
        "problems": _("Problems"),
        "grading": _("Grading"),
        "links": _("Links and files"),
        "reach": _("What learners cannot reach"),
        "media": _("For those who cannot see or hear"),
    }
    shown: dict[str, list[dict[str, Any]]] = {area: [] for area in labels}
    for one in findings:
        wrong, mend = checks.words_of(one["code"], one["values"])
        shown[one["area"]].append({**one, "wrong": wrong, "mend": mend, "url": _place(author, one)})
    return [{"label": label, "name": area, "findings": shown[area]} for area, label in labels.items()]


def _checklists(author: Author, items: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    labels = {"launch": _("Before the course starts"), "practice": _("Good practice")}
    shown: dict[str, list[dict[str, Any]]] = {group: [] for group in labels}
    for one in items:
        wanted, more = checks.checklist_words(one["code"], one["values"])
        shown[one["group"]].append({**one, "wanted": wanted, "more": more, "url": _page(author, one["page"])})
    return [{"label": label, "rows": shown[group]} for group, label in labels.items() if shown[group]]


def _broken(author: Author, errand: checks.Shown | None) -> list[dict[str, Any]]:
    words = {
        "broken": _("Not there"),
        "shut": _("Shut to our look; try it yourself"),
        "private": _("Not a public address; not looked at"),
        "unclear": _("No clear answer; try again later"),
    }
    links = errand.report.get("links", ()) if errand else ()
    return [
        {**one, "says": words[one["verdict"]], "where": [_at(author, ref, unit) for ref, unit in one["places"]]}
        for one in links
    ]


def _at(author: Author, ref: str, unit: str) -> dict[str, str]:
    return {"ref": ref, "url": _place(author, {"ref": ref, "unit": unit, "code": ""})}


def _place(author: Author, one: Mapping[str, Any]) -> str:
    """The page on which a finding is mended."""
    ref, unit = one["ref"], one["unit"]
    if "@" not in ref:
        return _page(author, _PARTS.get(ref.partition("/")[0], "outline"))
    kind = split_ref(ref)[0]
    if kind == "course":
        return _page(author, _ABOUT_COURSE.get(one["code"], "outline"))
    if unit and unit != ref and kind in EDITORS:
        return reverse("studio:component", args=[author.run, ref])
    if unit:
        return f"{reverse('studio:unit', args=[author.run, unit])}#{ref}"
    return f"{reverse('studio:outline', args=[author.run])}#{ref}"


def _page(author: Author, name: str) -> str:
    try:
        return reverse(f"studio:{name}", args=[author.run])
    except NoReverseMatch:  # a page that this site does not have
        return reverse("studio:outline", args=[author.run])
