"""Due dates and timed exams of single learners."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.timezone import get_current_timezone_name, localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from lykeion.core.clock import now
from lykeion.core.numbers import number
from lykeion.core.whole import whole
from lykeion.courseware.types import DueLine, ExamLine
from lykeion.instructor import posting
from lykeion.instructor.frame import frame
from lykeion.instructor.guards import in_course
from lykeion.teaching.api import dates, gradebook
from lykeion.teaching.types import Capability, FieldError, Teacher, TeachingError


@require_safe
@in_course()
def page(request: HttpRequest, teacher: Teacher) -> HttpResponse:
    """Dates that were given to ``learner`` (a name), or for the subsection ``ref`` past ``after``."""
    dated, typed = dates.dated(teacher), posting.typed(request)
    ref = request.GET.get("ref", "") or (dated[0].ref if dated and not request.GET.get("learner") else "")
    context: dict[str, Any] = {"dated": dated, "typed": typed, "ref": ref, "zone": get_current_timezone_name()}
    context |= _whom(request, teacher)
    lines: tuple[DueLine, ...] = ()
    more = False
    if (ref or context["user_id"]) and not context["wrong"]:
        after = whole(request.GET.get("after", "")) or 0
        lines, more = dates.given(teacher, user_id=context["user_id"], ref=ref, after=after)
    context |= {"lines": lines, "next": lines[-1].user_id if more else 0}
    return render(request, "instructor/dates/dates.html", frame(teacher, "dates", **context))


@require_POST
@in_course(Capability.EXTEND)
def change(request: HttpRequest, teacher: Teacher) -> HttpResponse:
    """Gives ``learner`` a ``due`` date for ``ref``; with ``reset`` takes theirs (``user``) back."""
    ref = request.POST.get("ref", "")

    def act() -> str:
        if "reset" in request.POST:
            had = dates.reset(teacher, posting.chosen(request, "user"), ref, at=now())
            return _("The date of everybody holds again.") if had else _("There was nothing to take back.")
        who = gradebook.learner_named(teacher, request.POST.get("learner", ""))
        due = posting.moment(request, "due")
        line = dates.extend(teacher, who.id, ref, due, reason=posting.reason(request), at=now())
        date = date_format(localtime(line.due), "DATETIME_FORMAT")
        words = _("{learner} has until {date} for “{title}”.").format(learner=who.username, date=date, title=line.title)
        return words if due > now() else f"{words} " + _("That is in the past, so it gives no time.")

    return posting.done(request, _back("dates", teacher, ref), act)


@require_safe
@in_course()
def exams(request: HttpRequest, teacher: Teacher) -> HttpResponse:
    """Attempts and minutes granted in the exam ``ref``, of ``learner`` or of all past ``after``."""
    found = dates.exams(teacher)
    ref = request.GET.get("ref", "") or (found[0].ref if found else "")
    context: dict[str, Any] = {"exams": found, "ref": ref, **_whom(request, teacher), "typed": posting.typed(request)}
    lines: tuple[ExamLine, ...] = ()
    more = False
    if ref and not context["wrong"]:
        after = whole(request.GET.get("after", "")) or 0
        lines, more = dates.exam_lines(teacher, ref, user_id=context["user_id"], after=after)
    context |= {"lines": lines, "next": lines[-1].user_id if more else 0, "at": now()}
    return render(request, "instructor/dates/exams.html", frame(teacher, "exams", **context))


@require_POST
@in_course(Capability.EXTEND)
def change_exam(request: HttpRequest, teacher: Teacher) -> HttpResponse:
    """Grants time to ``learner`` (``act`` allow), resumes or deletes the attempt of ``user``, in the exam ``ref``."""
    ref, what = request.POST.get("ref", ""), request.POST.get("act", "")

    def act() -> str:
        if what == "allow":
            return _allowed(request, teacher, ref)
        user_id, why = posting.chosen(request, "user"), posting.reason(request)
        if what == "resume":
            ends = dates.resume(teacher, user_id, ref, reason=why, at=now())
            return _("The attempt runs on until {date}.").format(date=date_format(localtime(ends), "DATETIME_FORMAT"))
        if what == "delete":
            had = dates.delete_attempt(teacher, user_id, ref, reason=why, at=now())
            return _("The attempt and its answers are deleted.") if had else _("There was no attempt.")
        raise TeachingError(_("There is no such action."))

    return posting.done(request, _back("exams", teacher, ref), act)


def _allowed(request: HttpRequest, teacher: Teacher, ref: str) -> str:
    who = gradebook.learner_named(teacher, request.POST.get("learner", ""))
    amount, by = number(request.POST.get("amount", "")), request.POST.get("unit", "minutes")
    if amount is None or (by == "minutes" and amount != int(amount)):
        raise FieldError(_("Give whole minutes, or how many times the exam's own time."), "amount")
    minutes, times = (int(amount), None) if by == "minutes" else (None, amount)
    made = dates.allow_time(teacher, who.id, ref, minutes=minutes, multiplier=times, at=now())
    words = ngettext("%(count)s more minute for %(who)s.", "%(count)s more minutes for %(who)s.", made.minutes)
    told = words % {"count": made.minutes, "who": who.username}
    return f"{told} " + _("The attempt has begun already, so it has no effect on it.") if made.begun else told


def _whom(request: HttpRequest, teacher: Teacher) -> dict[str, Any]:
    """The learner that the page is narrowed to, if it is."""
    name = request.GET.get("learner", "").strip()
    try:
        user_id = gradebook.learner_named(teacher, name).id if name else None
    except TeachingError as error:
        return {"learner": name, "user_id": None, "wrong": str(error)}
    return {"learner": name, "user_id": user_id, "wrong": ""}


def _back(name: str, teacher: Teacher, ref: str) -> str:
    return f"{reverse(f'instructor:{name}', args=[teacher.run.key])}?{urlencode({'ref': ref})}"
