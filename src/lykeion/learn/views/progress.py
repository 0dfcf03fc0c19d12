"""What a learner has reached, and when things are due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString

from lykeion.content.types import Outline
from lykeion.courseware import api as courseware
from lykeion.courseware.types import CourseDate, ProgressPage, SubsectionProgress, Visitor
from lykeion.learn.addresses import unit_url
from lykeion.learn.frame import frame
from lykeion.learn.guards import in_course, signed_in
from lykeion.learn.owncertificate import own_certificate
from lykeion.learn.pageparts import scores_html
from lykeion.learn.views.shift import shift_context
from lykeion.teaching.api import columns


@dataclass(frozen=True, slots=True)
class SubsectionRow:
    """A subsection of the progress page with its address, the share earned, and the scores of its problems."""

    line: SubsectionProgress
    url: str
    share: float
    scores: SafeString


@dataclass(frozen=True, slots=True)
class DateRow:
    """A date with its badge: ``past``, ``done``, ``next``, ``today`` or '' ."""

    date: CourseDate
    badge: str
    url: str


@in_course
@signed_in
def progress(request: HttpRequest, visitor: Visitor, learner_id: int | None = None) -> HttpResponse:
    """Completion and grades of the person who asks; staff may look at one learner's."""
    page = courseware.progress(visitor, learner_id)
    context = {**frame(visitor, "progress"), **progress_context(page, visitor.outline)}
    whose = learner_id if learner_id is not None else visitor.viewer.user_id
    context["marks"] = columns.of_learner(visitor.run.id, whose) if whose is not None else ()
    context["own"] = own_certificate(visitor, learner_id)
    return render(request, "learn/progress.html", context)


@in_course
@signed_in
def dates(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """The dates of the run in order, with today between them."""
    found = courseware.dates(visitor)
    offer = shift_context(request, visitor, missed=any(date.missed for date in found), location="dates-tab")
    rows = date_rows(found, visitor.outline, visitor.at)
    return render(request, "learn/dates.html", {**frame(visitor, "dates"), **offer, "rows": rows})


def progress_context(page: ProgressPage, outline: Outline) -> dict[str, Any]:
    """What the template shows of ``page``."""
    total = page.complete + page.incomplete + page.locked
    sections = [
        (one.title, [_row(line, outline) for line in one.subsections if _counts(line)]) for one in page.sections
    ]
    return {
        "page": page,
        "share": page.complete / total if total else 0.0,
        "sections": [(title, rows) for title, rows in sections if rows],
        "is_graded": bool(page.grade.types),
    }


def _row(line: SubsectionProgress, outline: Outline) -> SubsectionRow:
    unweighed = line.earned / line.possible if line.possible else 0.0
    scores = scores_html([(_title(outline, ref), score) for ref, score in line.scores or ()])
    return SubsectionRow(line, unit_url(outline, line.ref), line.percent if line.graded else unweighed, scores)


def _counts(line: SubsectionProgress) -> bool:
    """Whether there is something to earn in a subsection; the others are in the outline."""
    return bool(line.possible or line.hidden or line.graded)


def _title(outline: Outline, ref: str) -> str:
    block = outline.get(ref)
    return block.title if block else ref


def date_rows(dates: tuple[CourseDate, ...], outline: Outline, at: datetime) -> list[DateRow]:
    """``dates`` with their badges: what is late, what is done, what comes next."""
    upcoming = next((date for date in dates if date.kind == "due" and date.at > at and not date.done), None)
    return [
        DateRow(date, _badge(date, upcoming, at), unit_url(outline, date.ref) if date.ref else "") for date in dates
    ]


def _badge(date: CourseDate, upcoming: CourseDate | None, at: datetime) -> str:
    if date.kind == "today":
        return "today"
    if date.done:
        return "done"
    if date is upcoming:
        return "next"
    return "past" if date.kind == "due" and date.at <= at else ""
