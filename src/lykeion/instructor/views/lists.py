"""A list of people: what it would do, how far it is, what it did, and the way back."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lykeion.core.clock import now
from lykeion.core.spreadsheets import safe
from lykeion.core.whole import whole
from lykeion.instructor.frame import frame
from lykeion.instructor.guards import in_course
from lykeion.instructor.people_words import kind_words, word
from lykeion.teaching.api import learners, lists
from lykeion.teaching.types import Capability, Teacher

_HOME = {"beta": "team", "cohort": "cohorts"}


@require_safe
@in_course(Capability.ENROL)
def show(request: HttpRequest, teacher: Teacher, number: int) -> HttpResponse:
    """What each line would do, or did; ``code`` narrows it, ``after`` is the line to go on from."""
    found, code = lists.the_list(teacher, number), request.GET.get("code", "")
    lines, more = lists.lines(teacher, number, code=code, after=whole(request.GET.get("after", "")) or 0)
    wrong = sum(count for one, count in found.counts.items() if one in lists.BAD_PLANS)
    context = {
        "list": found,
        "lines": [(line, word(line.code)) for line in lines],
        "counts": [(one, word(one), count) for one, count in found.counts.items()],
        "code": code,
        "next": lines[-1].id if more else 0,
        "wrong": wrong,
        "tracks": ", ".join(learners.tracks(teacher)) if "no_track" in found.counts else "",
        "good": found.size - wrong,
        "share": found.done / found.size if found.size else 0,
        "settings": _settings(found.kind, found.options),
    }
    page = frame(teacher, _home(found.kind), **context)
    back = {"back": f"instructor:{_home(found.kind)}", "back_label": page["page_title"]}
    return render(request, "instructor/people/list.html", {**page, **back, "page_title": kind_words(found.kind)})


@require_POST
@in_course(Capability.ENROL)
def go(request: HttpRequest, teacher: Teacher, number: int) -> HttpResponse:
    """Does it."""
    lists.go(teacher, number, at=now())
    return HttpResponseRedirect(reverse("instructor:list", args=[teacher.run.key, number]))


@require_POST
@in_course(Capability.ENROL)
def go_on(request: HttpRequest, teacher: Teacher, number: int) -> HttpResponse:
    """Does the rest of a list whose work stopped."""
    lists.go_on(teacher, number, at=now())
    return HttpResponseRedirect(reverse("instructor:list", args=[teacher.run.key, number]))


@require_POST
@in_course(Capability.ENROL)
def undo(request: HttpRequest, teacher: Teacher, number: int) -> HttpResponse:
    """Takes it back; ``next`` says where to go on: the list, or the learners."""
    lists.undo(teacher, number, at=now())
    if request.POST.get("next") == "learners":
        messages.success(request, _("That is taken back."))
        return HttpResponseRedirect(reverse("instructor:learners", args=[teacher.run.key]))
    return HttpResponseRedirect(reverse("instructor:list", args=[teacher.run.key, number]))


@require_POST
@in_course(Capability.ENROL)
def discard(request: HttpRequest, teacher: Teacher, number: int) -> HttpResponse:
    """Forgets a list that was only looked at."""
    kind = lists.the_list(teacher, number).kind
    lists.discard(teacher, number)
    messages.info(request, _("Nothing was changed."))
    return HttpResponseRedirect(reverse(f"instructor:{_home(kind)}", args=[teacher.run.key]))


@require_safe
@in_course(Capability.ENROL)
def as_file(request: HttpRequest, teacher: Teacher, number: int) -> StreamingHttpResponse:
    """The report as a CSV file."""
    lists.the_list(teacher, number)
    response = StreamingHttpResponse(_rows(teacher, number), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="list-{number}.csv"'
    return response


class _Echo:
    """A file that hands back what is written into it."""

    def write(self, text: str) -> str:
        return text


def _rows(teacher: Teacher, number: int) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(["line", "entry", "username", "result", "code", "reason"])
    for line in lists.every_line(teacher, number):
        cells = (line.entry, line.username, str(word(line.code).text), line.code, line.note)
        yield writer.writerow([line.number, *map(safe, cells)])


def _settings(kind: str, options: dict[str, Any]) -> list[tuple[str, str]]:
    """What was chosen for the whole list, in words."""
    named = {"mode": _("Track"), "cohort": _("Cohort"), "reason": _("Reason")}
    said = [(words, str(options[name])) for name, words in named.items() if options.get(name)]
    enrols = _tester_words(options) if kind == "beta" else _invited_words(options)
    mails = _("People get a mail") if options.get("notify") else ""
    return said + [(words, "") for words in (enrols, mails) if words]


def _tester_words(options: dict[str, Any]) -> str:
    if options.get("remove"):
        return _("Who takes the course goes on taking it")
    if options.get("auto_enrol"):
        return _("New beta testers are enrolled, too")
    return _("Nobody is enrolled by this")


def _invited_words(options: dict[str, Any]) -> str:
    return _("New addresses are enrolled as soon as they confirm") if options.get("auto_enrol") else ""


def _home(kind: str) -> str:
    return _HOME.get(kind, "learners")
