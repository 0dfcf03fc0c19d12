"""Course home: the outline, where to go on, and what the teachers say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2s
from typing import Literal
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from lykeion.accounts import api as accounts
from lykeion.content.types import Outline
from lykeion.core.keys import CourseLocator
from lykeion.courseware import api as courseware
from lykeion.courseware.types import HomePage, SectionLine, SubsectionLine, Visitor
from lykeion.learn.addresses import home_url, unit_url
from lykeion.learn.frame import frame
from lykeion.learn.guards import in_course
from lykeion.learn.owncertificate import own_certificate
from lykeion.learn.views.shift import shift_context
from lykeion.notices import api as notices
from lykeion.notices.types import Shown
from lykeion.surveys import api as surveys
from lykeion.ui.filled import filled
from lykeion.ui.types import OutlineGroup, OutlineItem

ALL = "all"
UPDATES_SHOWN = 20
A_YEAR = 365 * 24 * 3600
State = Literal["complete", "started", "todo"]


@dataclass(frozen=True, slots=True)
class OutlineSection:
    """A section of the outline on the page: ``ref`` names it in ``?open=``, ``closed`` is its HTML if it is."""

    ref: str
    group: OutlineGroup
    closed: SafeString


@in_course
def course_home(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """The home of a run. ``?open=<section ref>`` opens a section, ``?open=all`` every one."""
    wanted = request.GET.get("open", "")
    page = courseware.home(visitor, open_section=wanted or None, all_open=wanted == ALL)
    seen = request.COOKIES.get(_cookie(visitor))
    context = {
        **frame(visitor, "home"),
        **home_context(page, visitor.outline, seen=seen),
        "all_open": wanted == ALL,
        "told": _told(request, visitor),
        **shift_context(request, visitor, missed=page.missed, location="course-home"),
        "own": own_certificate(visitor),
        "may_answer": _may_answer(visitor),
    }
    return render(request, "learn/home.html", context)


def _told(request: HttpRequest, visitor: Visitor) -> list[tuple[datetime, Shown]]:
    """The mails of the team that are shown here as well, to those they were for."""
    person = accounts.person(request.user)
    takes = visitor.enrolment is not None and visitor.enrolment.is_active
    if person is None or not (takes or visitor.is_staff):
        return []
    found = notices.on_home(visitor.run, at=visitor.at)
    return [(sent, notices.shown(draft, visitor.run, person)) for sent, draft in found]


def _may_answer(visitor: Visitor) -> bool:
    """Whether the course has a survey that this learner has not answered; a read only where it names one."""
    name, takes = surveys.asked(visitor.outline.course.own).name, visitor.enrolment
    user_id = visitor.viewer.user_id
    return bool(name and user_id and takes and takes.is_active) and surveys.owes(user_id or 0, name)


@require_POST
@in_course
def dismiss_update(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Puts the latest update away in this browser, until there is a newer one."""
    response = HttpResponseRedirect(home_url(visitor.run.key))
    mark = request.POST.get("update", "")[:32]
    response.set_cookie(_cookie(visitor), mark, max_age=A_YEAR, httponly=True, samesite="Lax")
    return response


def home_context(page: HomePage, outline: Outline, *, seen: str | None = None) -> dict[str, object]:
    """What the template shows of ``page``; ``seen`` is the mark of the update this person has put away."""
    current = _subsection_of(outline, page.resume.ref) if page.resume else ""
    latest = page.updates[0] if page.updates else None
    mark = update_mark(latest) if latest else ""
    return {
        "page": page,
        "sections": [_section(line, outline, current) for line in page.sections],
        "resume_url": unit_url(outline, page.resume.ref) if page.resume else "",
        "latest": latest if mark != seen else None,
        "mark": mark,
        "older": page.updates[1 if mark != seen else 0 : UPDATES_SHOWN],
        "handouts": page.handouts if shows_something(page.handouts) else "",
        "share": page.done / page.total if page.total else 0.0,
        "entrance_url": unit_url(outline, page.entrance.ref) if page.entrance else "",
    }


def shows_something(html: str) -> bool:
    """Whether there is anything to see in ``html``; authoring tools leave empty lists behind."""
    return bool(strip_tags(html).strip()) or any(tag in html for tag in ("<img", "<iframe", "<video", "<audio"))


def update_mark(update: tuple[str, str]) -> str:
    """A short name of an update's date and text: a changed update shows again."""
    return blake2s("\n".join(update).encode(), digest_size=8).hexdigest()


def _section(line: SectionLine, outline: Outline, current: str) -> OutlineSection:
    items = [_item(subsection, outline, current) for subsection in line.subsections]
    started = any(item.state != "todo" for item in items)
    state: State = "complete" if line.complete else "started" if started else "todo"
    closed = mark_safe("") if line.open else _closed(line, state)
    return OutlineSection(line.ref, OutlineGroup(line.title, items, open=line.open, state=state), closed)


def _closed(line: SectionLine, state: State) -> SafeString:
    """Nearly all sections of a large course are shut, so these are not rendered one by one."""
    holes = {"ref": line.ref, "quoted": quote(line.ref), "title": line.title}
    return filled("learn/parts/closed_section.html", holes, state=state)


def _item(line: SubsectionLine, outline: Outline, current: str) -> OutlineItem:
    state: State = "complete" if line.complete else "started" if line.done else "todo"
    return OutlineItem(
        label=line.title,
        url=unit_url(outline, line.ref),
        state=state,
        current=line.ref == current,
        kind=line.format,
        due=line.due,
        note=" · ".join(note for note in (_note(line), line.note) if note),
        locked=line.locked,
        unlock=unit_url(outline, line.unlock) if line.unlock else "",
    )


def _note(line: SubsectionLine) -> str:
    """How many problems there are, and how many of them are for those who pay."""
    if not line.problems:
        return ""
    problems = ngettext("%(count)d problem", "%(count)d problems", line.problems) % {"count": line.problems}
    if not line.gated or line.locked:
        return problems
    words = ngettext(
        "%(problems)s (%(count)d for verified learners)", "%(problems)s (%(count)d for verified learners)", line.gated
    )
    return words % {"problems": problems, "count": line.gated}


def _subsection_of(outline: Outline, ref: str) -> str:
    block = outline.get(ref)
    way = outline.ancestors(block) if block else []
    return way[2].ref if len(way) > 2 else ""


def _cookie(visitor: Visitor) -> str:
    return f"update-{visitor.run.id}"


def course_root(request: HttpRequest, run: CourseLocator) -> HttpResponse:
    """``/courses/<run>/`` and ``/info``, as old bookmarks have them."""
    return HttpResponseRedirect(home_url(run))
