"""The front page, the catalog, the about page of a run, and the way in."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lykeion.accounts import api as accounts
from lykeion.accounts.types import Person
from lykeion.catalog import api as catalog
from lykeion.catalog.types import Enrolment, EnrolmentRefused, Run, RunPage, RunQuery
from lykeion.content import api as content
from lykeion.content.types import ObjectId, RunMissing
from lykeion.core.clock import now
from lykeion.core.keys import CourseLocator
from lykeion.learn.abouthtml import about_html
from lykeion.learn.offers import Card, card, day, language_name, state_of
from lykeion.learn.undo import may_return, way_back_token
from lykeion.teaching.api import courses as teaching
from lykeion.ui.types import Link

ON_FRONT_PAGE = 6
PAGE_SIZE = 20


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What the site is and a few of its courses; people who are signed in go on to their own."""
    person = accounts.person(request.user)
    if person is not None:
        return redirect("dashboard")
    found = catalog.runs(None)
    context = {"cards": _cards(None, found)[:ON_FRONT_PAGE], "total": found.total}
    return render(request, "learn/catalog/front.html", context)


@require_safe
def catalog_list(request: HttpRequest) -> HttpResponse:
    """The catalog: search, filters, 20 runs a page. Filters are links and a form: no script is needed."""
    person = accounts.person(request.user)
    query = _query(request)
    found = catalog.runs(person, query)
    context = {
        "query": query,
        "found": found,
        "cards": _cards(person, found),
        "page": Paginator(range(found.total), PAGE_SIZE).page(found.page),
        "languages": [(code, language_name(code)) for code in found.languages],
        "filtered": any([query.text, query.org, query.language, query.mode]),
    }
    return render(request, "learn/catalog/list.html", context)


@require_safe
def about(request: HttpRequest, run: CourseLocator) -> HttpResponse:
    """What a run is about, and how to take it. Served before it starts, too."""
    person = accounts.person(request.user)
    offered, enrolment = _offered(run, person)
    root = content.head(run, "published")
    context = {
        "run": offered,
        "card": card(offered, now()),
        "overview": about_html(run, root, "overview"),
        "video": about_html(run, root, "video"),
        **presented(root),
        "facts": _facts(offered),
        "prerequisites": catalog.prerequisites(offered),
        "way_in": _way_in(request, person, offered, enrolment),
        "teaches": person is not None and teaching.teaches(person, offered),
        "breadcrumbs": [Link(_("Courses"), reverse("catalog")), Link(offered.title)],
    }
    return render(request, "learn/catalog/about.html", context)


@require_POST
def enrol(request: HttpRequest, run: CourseLocator) -> HttpResponse:
    """Enrols whoever asks; a refusal is shown on the about page in words."""
    person = accounts.person(request.user)
    about_url = reverse("about", args=[run])
    if person is None:
        return redirect(f"{reverse('account_login')}?{urlencode({'next': about_url})}")
    offered, _before = _offered(run, person)
    returning = may_return(request.POST.get("undo", ""), person.id, offered.id)
    try:
        catalog.enrol(person.id, run, at=now(), by=person.id if returning else None)
    except EnrolmentRefused as refused:
        messages.error(request, str(refused))
        return redirect(about_url)
    messages.success(request, _("You are enrolled in “%(title)s”.") % {"title": offered.title})
    if returning or state_of(offered, now()) == "later":
        return redirect("dashboard")
    return redirect("course_home", run)


@require_POST
def unenrol(request: HttpRequest, run: CourseLocator) -> HttpResponse:
    """Ends an enrolment at once; the dashboard offers to undo it. What the learner did is kept."""
    person = accounts.person(request.user)
    if person is None:
        return redirect("account_login")
    offered, enrolment = _offered(run, person, even_hidden=True)
    if enrolment is None or not enrolment.is_active:
        messages.info(request, _("You are not enrolled in “%(title)s”.") % {"title": offered.title})
        return redirect("dashboard")
    catalog.unenrol(person.id, run, at=now())
    request.session["left"] = {
        "title": offered.title,
        "url": reverse("enrol", args=[run]),
        "undo": way_back_token(person.id, offered.id),
    }
    return redirect("dashboard")


def presented(root: ObjectId) -> dict[str, Any]:
    """What else the authors say on the about page: subtitle, what one will learn, who teaches. Texts, not HTML."""
    course = content.part(root, "course")
    fields = course.fields if course else {}
    subtitle, listed = content.part(root, "about/subtitle"), fields.get("learning_info")
    people = fields.get("instructor_info")
    people = people.get("instructors") if isinstance(people, dict) else None
    return {
        "subtitle": str(subtitle.fields.get("data") or "") if subtitle else "",
        "learning": [one for one in listed if isinstance(one, str) and one] if isinstance(listed, list) else [],
        "instructors": [one for one in people if isinstance(one, dict)] if isinstance(people, list) else [],
    }


def _query(request: HttpRequest) -> RunQuery:
    texts = {name: request.GET.get(name, "")[:100].strip() for name in ("org", "language", "mode")}
    page = request.GET.get("page", "1")
    number = int(page) if page.isascii() and page.isdecimal() and len(page) < 7 else 1
    return RunQuery(text=request.GET.get("q", "")[:200].strip(), page=number, **texts)


def _cards(person: Person | None, found: RunPage) -> list[Card]:
    at = now()
    taken = catalog.taken(person.id, [run.id for run in found.runs]) if person is not None else frozenset()
    return [card(run, at, enrolled=run.id in taken) for run in found.runs]


def _offered(run: CourseLocator, person: Person | None, *, even_hidden: bool = False) -> tuple[Run, Enrolment | None]:
    """The run and the person's enrolment; 404 for what does not exist or is hidden from strangers."""
    try:
        offered, enrolment = catalog.run_and_enrolment(run, None if person is None else person.id)
    except RunMissing as error:
        raise Http404(str(error)) from error
    known = even_hidden or (enrolment is not None and enrolment.is_active)
    if not known and not catalog.is_shown(person, offered):
        raise Http404(_("There is no course at this address."))
    return offered, enrolment


def _facts(offered: Run) -> list[tuple[str, str]]:
    found = [
        (_("Starts"), offered.advertised_start or day(offered.start)),
        (_("Ends"), day(offered.end)),
        (_("Enrolment opens"), day(offered.enrollment_start)),
        (_("Enrolment closes"), day(offered.enrollment_end)),
        (_("Pace"), _("At your own pace") if offered.self_paced else _("Set by the course team")),
        (_("Effort"), offered.effort),
        (_("Language"), language_name(offered.language)),
        (_("Course number"), offered.number),
    ]
    return [(name, value) for name, value in found if value]


def _way_in(request: HttpRequest, person: Person | None, offered: Run, enrolment: Enrolment | None) -> dict[str, Any]:
    """What the box beside the text offers: ``kind`` enrolled, open, visitor or closed, and ``why`` in words."""
    if enrolment is not None and enrolment.is_active:
        return {"kind": "enrolled", "started": state_of(offered, now()) != "later"}
    closed = catalog.closed(offered, at=now())
    if person is None:
        back = urlencode({"next": request.get_full_path()})
        return {"kind": "closed" if closed else "visitor", "why": str(closed or ""), "back": back}
    try:
        catalog.can_enrol(person, offered, at=now())
    except EnrolmentRefused as refused:
        return {"kind": "closed", "why": str(refused), "code": refused.code}
    return {"kind": "open", "again": enrolment is not None, "invited": closed is not None}
