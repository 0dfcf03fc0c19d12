"""The audit log of a course, and of what is done to all courses at once."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lykeion.accounts import api as accounts
from lykeion.core.whole import whole
from lykeion.instructor.frame import frame
from lykeion.instructor.guards import in_course
from lykeion.instructor.particulars import Names, particulars
from lykeion.instructor.words import deed_words
from lykeion.teaching.api import deeds
from lykeion.teaching.types import Teacher
from lykeion.ui.sitestaff import for_site_staff


@require_safe
@in_course()
def log(request: HttpRequest, teacher: Teacher) -> HttpResponse:
    """Who did what, newest first; ``about`` is a learner's user name or address, ``before`` the entry to go on from."""
    name = request.GET.get("about", "").strip()
    person = accounts.find_person(name) if name else None
    about = person.id if person else -1 if name else 0  # nobody has a negative id
    found, more = deeds.log(teacher, about=about, before=whole(request.GET.get("before", "")))
    names = Names(teacher)
    lines = [(deed, deed_words(deed.what), particulars(deed, names)) for deed in found]
    context = frame(teacher, "log", lines=lines, about=name, next=found[-1].id if more else 0)
    return render(request, "instructor/log.html", context)


@require_safe
@for_site_staff
def site_log(request: HttpRequest) -> HttpResponse:
    """Who of the staff of the site asked what of all courses, newest first; ``before``: the entry to go on from."""
    found, more = deeds.site_log(before=whole(request.GET.get("before", "")))
    context = {"lines": [(deed, deed_words(deed.what)) for deed in found], "next": found[-1].id if more else 0}
    return render(request, "instructor/whole_site/log.html", context)
