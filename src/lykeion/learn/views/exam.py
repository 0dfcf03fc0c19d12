"""Timed exams: the page in the place of their units, start and end, and the time that is left."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from lykeion.core.keys import BlockUsageLocator, ref_of
from lykeion.courseware import api as courseware
from lykeion.courseware.types import AccessDenied, ExamError, ExamPage, Visitor
from lykeion.learn.addresses import home_url, unit_url
from lykeion.learn.frame import frame
from lykeion.learn.guards import in_course, signed_in
from lykeion.ui import types as ui
from lykeion.ui.answers import is_background, told


def show_exam(request: HttpRequest, visitor: Visitor, page: ExamPage) -> HttpResponse:
    """The page that stands in the place of an exam's units."""
    context = {**frame(visitor, "unit"), **exam_context(page, visitor), "page": page}
    return render(request, "learn/exam.html", context)


def exam_context(page: ExamPage, visitor: Visitor) -> dict[str, Any]:
    """What the template shows besides ``page``."""
    outline = visitor.outline
    section = f"{home_url(outline.run)}?open={page.section_ref}"
    return {
        "breadcrumbs": [ui.Link(page.section, section), ui.Link(page.title)],
        "limit": in_words(page.minutes),
        "more_time": in_words(page.extra) if page.extra else "",
        "may_start": visitor.viewer.user_id is not None,
        "previous": unit_url(outline, page.previous) if page.previous else "",
        "next": unit_url(outline, page.next) if page.next else "",
    }


def in_words(minutes: int) -> str:
    """``1 hour 30 minutes``."""
    hours, rest = divmod(minutes, 60)
    parts = [ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}] if hours else []
    if rest or not hours:
        parts.append(ngettext("%(count)d minute", "%(count)d minutes", rest) % {"count": rest})
    return " ".join(parts)


@require_POST
@in_course
@signed_in
def start(request: HttpRequest, visitor: Visitor, usage: BlockUsageLocator) -> HttpResponse:
    """Starts the clock, or leads back into a running exam; then its first unit."""
    ref = _ref(visitor, usage)
    try:
        courseware.start_exam(visitor, ref)
    except ExamError as error:
        if is_background(request):
            return told(request, str(error), "exam_over", HTTPStatus.CONFLICT)
        messages.error(request, str(error))
    return HttpResponseRedirect(unit_url(visitor.outline, ref))


@require_POST
@in_course
@signed_in
def submit(request: HttpRequest, visitor: Visitor, usage: BlockUsageLocator) -> HttpResponse:
    """With ``confirm=1`` ends the exam for good; without it asks first."""
    ref = _ref(visitor, usage)
    act = courseware.submit_exam if request.POST.get("confirm") == "1" else courseware.ask_to_submit_exam
    act(visitor, ref)
    if is_background(request):
        return JsonResponse({"success": True})
    return HttpResponseRedirect(unit_url(visitor.outline, ref))


@require_safe
@in_course
@signed_in
def time(request: HttpRequest, visitor: Visitor, usage: BlockUsageLocator) -> HttpResponse:
    """``{"running", "seconds_left", "seconds_allowed"}``, by the clock of the site."""
    clock = courseware.exam_clock(visitor, _ref(visitor, usage))
    if clock is None:
        return JsonResponse({"running": False, "seconds_left": 0, "seconds_allowed": 0})
    left = {"seconds_left": clock.seconds_left, "seconds_allowed": clock.seconds_allowed}
    return JsonResponse({"running": True, **left})


def _ref(visitor: Visitor, usage: BlockUsageLocator) -> str:
    if usage.course_key != visitor.run.key:
        raise AccessDenied(_("This part of the course is not there any more."), "not_found")
    return ref_of(usage)
