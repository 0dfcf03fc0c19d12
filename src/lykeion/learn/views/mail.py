"""Whether a person wants the mail of a course: by the link in it, without signing in, and from their dashboard."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from lykeion.catalog import api as catalog
from lykeion.catalog.types import Run
from lykeion.content.types import RunMissing
from lykeion.core.clock import now
from lykeion.core.keys import CourseLocator
from lykeion.learn.guards import refusal_page
from lykeion.notices import api as notices


@csrf_exempt  # mail programs post here by themselves (RFC 8058); the address is signed and says all
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link at the foot of a mail. Looking changes nothing: mail scanners follow links."""
    found = notices.read_link(token)
    key = catalog.keys([found[1]]).get(found[1]) if found else None
    if found is None or key is None:
        words = _("This link is not whole. Open it from the mail again, or change it on your dashboard.")
        return refusal_page(request, words, status=404)
    user_id, run = found[0], catalog.run(key)
    if request.method == "POST":
        notices.set_wants_mail(user_id, run.id, request.POST.get("wants") == "yes", at=now())
        if request.POST.get("List-Unsubscribe") == "One-Click":
            return HttpResponse(_("You get no more mail of this course."), content_type="text/plain; charset=utf-8")
    return _page(request, run, user_id, "learn/mail/unsubscribe.html")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def course_mail(request: HttpRequest, run: CourseLocator) -> HttpResponse:
    """The same for somebody who is signed in."""
    user_id = int(request.user.pk or 0)
    try:
        offered, enrolment = catalog.run_and_enrolment(run, user_id)
    except RunMissing as error:
        raise Http404(str(error)) from error
    if enrolment is None:
        raise Http404(_("You do not take this course."))
    if request.method == "POST":
        notices.set_wants_mail(user_id, offered.id, request.POST.get("wants") == "yes", at=now())
        return HttpResponseRedirect(request.path)
    return _page(request, offered, user_id, "learn/mail/course.html")


def _page(request: HttpRequest, run: Run, user_id: int, template: str) -> HttpResponse:
    context = {
        "offered": run,
        "wants": notices.wants_mail(user_id, run.id),
        "came_back": notices.came_back(user_id),
    }
    return render(request, template, context)
