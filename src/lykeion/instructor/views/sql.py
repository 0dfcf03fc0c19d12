"""Questions in SQL: of a course by those who may have its reports, of all courses by the staff of the site."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from django.db import transaction
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

from lykeion.analytics import api as analytics
from lykeion.analytics.types import BadQuestion, Question
from lykeion.core.clock import now
from lykeion.core.keys import plain_name
from lykeion.core.whole import whole
from lykeion.instructor.frame import frame
from lykeion.instructor.guards import in_course
from lykeion.instructor.views.analytics import tabs
from lykeion.teaching.api import deeds
from lykeion.teaching.types import Capability, Teacher
from lykeion.ui.sitestaff import for_site_staff

MEDIA: Final = {"csv": "text/csv; charset=utf-8", "parquet": "application/vnd.apache.parquet"}
_LABELS: Final = (("csv", "CSV"), ("parquet", "Parquet"))
EXAMPLES: Final = (
    (
        gettext_lazy("Learners by track, with their average grade"),
        "SELECT mode, count(*) AS learners, round(avg(percent), 3) AS average\nFROM learners\nGROUP BY mode",
    ),
    (
        gettext_lazy("Problems that took the most submissions"),
        "SELECT title, count(*) AS submissions, count(DISTINCT user_id) AS learners,\n"
        "       round(avg((success = 'correct')::INT), 2) AS correct\n"
        "FROM submissions JOIN blocks ON block_id = problem_id\n"
        "GROUP BY title\nORDER BY submissions DESC\nLIMIT 20",
    ),
    (
        gettext_lazy("At which hours learners are here"),
        "SELECT hour(time) AS hour, count(DISTINCT user_id) AS learners\n"
        "FROM video_events\nGROUP BY hour\nORDER BY hour",
    ),
)
_WHOLE: Final = re.compile(r"decimal\d+\(\d+, 0\)")  # sums of whole numbers
_TYPES: Final[Mapping[str, Any]] = {
    "string": gettext_lazy("text"),
    "large_string": gettext_lazy("text"),
    "bool": gettext_lazy("yes or no"),
    "date": gettext_lazy("date"),
    "timestamp": gettext_lazy("timestamp"),
    "time": gettext_lazy("time"),
    "list": gettext_lazy("list"),
    "large_list": gettext_lazy("list"),
    "struct": gettext_lazy("record"),
    "map": gettext_lazy("map"),
    "month_day_nano_interval": gettext_lazy("span of time"),
}
_ERRORS: Final[dict[str, Any]] = {
    "one-select": gettext_lazy("Write one question, which begins with SELECT, WITH, FROM, DESCRIBE or SUMMARIZE."),
    "memory": gettext_lazy("This takes more memory than a question may: group, filter or limit more."),
    "time": gettext_lazy("This took longer than a minute and was ended: ask for less."),
    "too-much": gettext_lazy("The answer is larger than 64 MB: group, filter or limit more."),
    "too-wide": gettext_lazy("The answer has more than 1,000 columns: name those that you need."),
    "too-large": gettext_lazy("These tables are too large to be asked here: ask fewer, or ask the lake itself."),
    "gone": gettext_lazy("The answer is gone: somebody whom it may have named deleted their account. Ask again."),
    "ended": gettext_lazy("The question was ended before it was answered: ask for less, or try again."),
}


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, of which course ('' for all), and where the pages of their questions are."""

    by: int
    course: str
    teacher: Teacher | None

    def address(self, name: str, *more: Any) -> str:
        """Of a page: ``sql``, ``sql_answer``, ``sql_file``."""
        if self.teacher is None:
            return reverse(f"instructor:site_{name}", args=more)
        return reverse(f"instructor:analytics_{name}", args=[self.teacher.run.key, *more])

    @property
    def key(self) -> str:
        """What the question is about."""
        return self.course or analytics.EVERYWHERE


@require_http_methods(["GET", "HEAD", "POST"])
@in_course(Capability.REPORTS)
def sql(request: HttpRequest, teacher: Teacher) -> HttpResponse:
    """A question about the course. Posted: asks ``sql``."""
    return _ask(request, _of(teacher))


@require_safe
@in_course(Capability.REPORTS)
def sql_answer(request: HttpRequest, teacher: Teacher, number: int) -> HttpResponse:
    """The answer to a question of one's own, or that it is not there yet."""
    return _answer(request, _of(teacher), number)


@require_safe
@in_course(Capability.REPORTS)
def sql_file(request: HttpRequest, teacher: Teacher, number: int, form: str) -> HttpResponseBase:
    """The whole answer as a file."""
    return _file(_of(teacher), number, form)


@require_http_methods(["GET", "HEAD", "POST"])
@for_site_staff
def site_sql(request: HttpRequest) -> HttpResponse:
    """A question about all courses. Posted: asks ``sql``."""
    return _ask(request, _staff(request))


@require_safe
@for_site_staff
def site_sql_answer(request: HttpRequest, number: int) -> HttpResponse:
    """The answer to a question of one's own about all courses."""
    return _answer(request, _staff(request), number)


@require_safe
@for_site_staff
def site_sql_file(request: HttpRequest, number: int, form: str) -> HttpResponseBase:
    """The whole answer as a file."""
    return _file(_staff(request), number, form)


def _of(teacher: Teacher) -> Asker:
    return Asker(teacher.person.id, str(teacher.run.key), teacher)


def _staff(request: HttpRequest) -> Asker:
    return Asker(int(request.user.pk or 0), "", None)


def _ask(request: HttpRequest, asker: Asker) -> HttpResponse:
    if request.method != "POST":
        example = dict(enumerate(words for _title, words in EXAMPLES)).get(
            whole(request.GET.get("example", "0")) or 0, ""
        )
        return _page(request, asker, example)
    text = request.POST.get("sql", "").replace("\r\n", "\n")
    try:
        with transaction.atomic():  # nothing is asked that is not in the audit log
            number = analytics.ask(text, course=asker.key, by=asker.by)
            _note(asker, text)
    except BadQuestion as error:
        return _page(request, asker, text, problem=str(error), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return HttpResponseRedirect(asker.address("sql_answer", number) + "#answer")


def _note(asker: Asker, text: str) -> None:
    """Into the audit log, all of it: what is cut could hide behind a long comment."""
    if asker.teacher is None:
        deeds.record_for_site(asker.by, "ask_sql", details={"sql": text}, at=now())
    else:
        deeds.record(asker.teacher, "ask_sql", details={"sql": text}, at=now())


def _answer(request: HttpRequest, asker: Asker, number: int) -> HttpResponse:
    question = _mine(asker, number)
    if "HX-Request" in request.headers:
        return render(request, "instructor/analytics/sql_answer.html", _shown(asker, question))
    return _page(request, asker, question.sql, **_shown(asker, question))


def _file(asker: Asker, number: int, form: str) -> HttpResponseBase:
    if form not in MEDIA:
        raise Http404(_("There is no such answer any more. Ask again."))
    try:
        parts = analytics.answer_parts(_mine(asker, number), form)
    except BadQuestion as error:
        raise Http404(str(error)) from error
    response = StreamingHttpResponse(parts, content_type=MEDIA[form])
    name = plain_name(asker.teacher.run.key) if asker.teacher else "all"
    response["Content-Disposition"] = f'attachment; filename="{name}-{number}.{form}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _mine(asker: Asker, number: int) -> Question:
    try:
        return analytics.question(number, course=asker.key, by=asker.by)
    except BadQuestion as error:
        raise Http404(str(error)) from error


def _page(request: HttpRequest, asker: Asker, text: str, *, status: int = HTTPStatus.OK, **more: Any) -> HttpResponse:
    asked = analytics.questions(course=asker.key, by=asker.by)
    examples = [(f"{asker.address('sql')}?example={place}", title) for place, (title, _sql) in enumerate(EXAMPLES)]
    context = {
        "sql": text,
        "tables": analytics.TABLES,
        "examples": examples,
        "earlier": [(asker.address("sql_answer", one.id), one.sql) for one in asked],
        "longest": analytics.LONGEST_SQL,
        "ask_address": asker.address("sql"),
        **more,
    }
    if asker.teacher is None:
        return render(request, "instructor/whole_site/sql.html", context, status=status)
    context |= {"tabs": tabs(asker.teacher, "analytics_sql"), "tab_title": _("SQL"), "fresh": analytics.fresh()}
    return render(request, "instructor/analytics/sql.html", frame(asker.teacher, "analytics", **context), status=status)


def _shown(asker: Asker, question: Question) -> dict[str, Any]:
    """The question with what was found, in words."""
    found = question.found
    shown = {
        "question": question,
        "found": found,
        "files": [(label, asker.address("sql_file", question.id, form)) for form, label in _LABELS],
        "answer_address": asker.address("sql_answer", question.id),
    }
    if question.cancelled:
        return shown | {"wrong": _("Another question was asked before this one was answered.")}
    if "error" not in found:
        return shown | _table(found)
    words = found.get("message") or str(_ERRORS.get(found["error"], _ERRORS["ended"]))
    return shown | {"wrong": words, "place": _place(question)}


def _table(found: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of an answer (name, type in words, whether it is a number), and its first rows."""
    kinds = [_kind(column["type"]) for column in found.get("columns", [])]
    columns = [
        (column["name"], words, is_number)
        for column, (words, is_number) in zip(found.get("columns", []), kinds, strict=True)
    ]
    lines = [
        [(cell, is_number) for cell, (_words, is_number) in zip(row, kinds, strict=True)]
        for row in found.get("shown", [])
    ]
    return {"columns": columns, "lines": lines}


def _kind(arrow: str) -> tuple[str, bool]:
    """A type of Arrow in the words of the tables above, and whether it is a number; others as Arrow calls them."""
    if arrow.startswith(("int", "uint")) or _WHOLE.fullmatch(arrow):
        return _("whole number"), True
    if arrow.startswith(("double", "float", "halffloat", "decimal")):
        return _("number"), True
    words = next((words for start, words in _TYPES.items() if arrow.startswith(start)), arrow)
    return str(words), False


def _place(question: Question) -> str:
    """The line in which the mistake is, with a mark below the place."""
    line, column = question.found.get("line"), question.found.get("column")
    lines = question.sql.split("\n")
    if not line or not column or line > len(lines):
        return ""
    start = max(0, column - 60)
    return f"{lines[line - 1][start : start + 120]}\n{' ' * (column - 1 - start)}^"
