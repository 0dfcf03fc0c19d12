"""What each learner did, by day, by week and in all, and what they answered: reports that are ordered, and their
files."""

from __future__ import annotations

from typing import Any, Final

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from lykeion.accounts import api as accounts
from lykeion.analytics import api as analytics
from lykeion.analytics.types import BadQuestion
from lykeion.core.clock import now
from lykeion.core.keys import plain_name
from lykeion.instructor.frame import frame
from lykeion.instructor.guards import in_course
from lykeion.instructor.views.analytics import tabs
from lykeion.instructor.views.sql import MEDIA
from lykeion.teaching.api import deeds
from lykeion.teaching.types import Capability, Teacher

SPANS: Final = {
    "day": gettext_lazy("By day"),
    "week": gettext_lazy("By week"),
    "ever": gettext_lazy("All days together"),
    analytics.PROBLEM: gettext_lazy("Answers by problem"),
}
"""What a row of a report is of, in words."""


@require_http_methods(["GET", "HEAD", "POST"])
@in_course(Capability.REPORTS)
def engagement(request: HttpRequest, teacher: Teacher) -> HttpResponse:
    """The reports that were ordered. Posted: orders one by ``span``."""
    if request.method == "POST":
        return _ordered(request, teacher)
    context = frame(teacher, "analytics", **_shown(teacher))
    if "HX-Request" in request.headers:
        return render(request, "instructor/analytics/engagement_list.html", context)
    context |= {
        "tabs": tabs(teacher, "analytics_learners"),
        "title": _("What each learner did"),
        "fresh": analytics.fresh(),
    }
    return render(request, "instructor/analytics/engagement.html", context)


@require_safe
@in_course(Capability.REPORTS)
def file(request: HttpRequest, teacher: Teacher, number: int, form: str) -> HttpResponseBase:
    """A report as a file."""
    if form not in MEDIA:
        raise Http404(_("There is no such file."))
    try:
        parts = analytics.report_parts(number, form, course=str(teacher.run.key))
    except BadQuestion as error:
        raise Http404(str(error)) from error
    deeds.record(teacher, "fetch_engagement", details={"report": number, "form": form}, at=now())
    response = StreamingHttpResponse(parts, content_type=MEDIA[form])
    name = f"{plain_name(teacher.run.key)}-engagement-{number}.{form}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _ordered(request: HttpRequest, teacher: Teacher) -> HttpResponse:
    span = request.POST.get("span", "")
    try:
        analytics.order_report(span, course=str(teacher.run.key), by=teacher.person.id)
    except BadQuestion as error:
        raise Http404(str(error)) from error
    deeds.record(teacher, "order_engagement", details={"span": span}, at=now())
    return HttpResponseRedirect(reverse("instructor:analytics_engagement", args=[teacher.run.key]) + "#files")


def _shown(teacher: Teacher) -> dict[str, Any]:
    found = analytics.reports(str(teacher.run.key))
    people = accounts.people(one.by for one in found if one.by)
    return {
        "spans": list(SPANS.items()),
        # a newer release that served may have made others:
        "reports": [(one, SPANS.get(one.span, one.span), people.get(one.by or 0)) for one in found],
        "busy": any(not one.is_over for one in found),
        "forms": (("csv", "CSV"), ("parquet", "Parquet")),
    }
