"""Every address of the instructor's side, for everybody: who gets in is said in one table, and an address without a
line fails."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from http import HTTPStatus

from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse

from lykeion.core.keys import CourseLocator
from lykeion.instructor import urls

SITE = frozenset({"root"})
ADMINS = frozenset({"root", "orgadmin", "admin"})
STAFF = ADMINS | {"staff", "limited"}
DATA = ADMINS | {"data"}
VIEW = STAFF | DATA
PEOPLE = sorted(VIEW | {"carol", "editor", "reader", "beta", "alice", "dan"})

# Name of the address -> who may, the method, and further parts of the address. Whoever may gets anything but 401, 403
# and the sign-in page (what they send here is often incomplete).
RULES: dict[str, tuple[frozenset[str], str, dict[str, str]]] = {
    "info": (VIEW, "get", {}),
    "learners": (VIEW, "get", {}),
    "learner_track": (STAFF, "post", {}),
    "learner_unenrol": (STAFF, "post", {}),
    "enrol": (STAFF, "get", {}),
    "register": (SITE, "get", {}),  # admins where the site lets them: tests/teaching/test_lists.py
    "invitations": (STAFF, "get", {}),
    "withdraw": (STAFF, "post", {}),
    "list": (STAFF, "get", {"number": "1"}),
    "list_go": (STAFF, "post", {"number": "1"}),
    "list_go_on": (STAFF, "post", {"number": "1"}),
    "list_undo": (STAFF, "post", {"number": "1"}),
    "list_discard": (STAFF, "post", {"number": "1"}),
    "list_file": (STAFF, "get", {"number": "1"}),
    "team": (VIEW, "get", {}),
    "team_give": (ADMINS, "post", {}),
    "team_take": (ADMINS, "post", {}),
    "testers": (STAFF, "get", {}),
    "cohorts": (STAFF, "get", {}),
    "cohorts_switch": (STAFF, "post", {}),
    "cohort_make": (STAFF, "post", {}),
    "cohort_file": (STAFF, "get", {}),
    "cohort": (STAFF, "get", {"number": "1"}),
    "cohort_change": (STAFF, "post", {"number": "1"}),
    "cohort_delete": (STAFF, "post", {"number": "1"}),
    "cohort_add": (STAFF, "post", {"number": "1"}),
    "cohort_remove": (STAFF, "post", {"number": "1"}),
    "certificates": (ADMINS, "get", {}),
    "certificates_progress": (ADMINS, "get", {}),
    "certificates_generate": (ADMINS, "post", {}),
    "certificates_preview": (ADMINS, "get", {}),
    "certificates_invalidate": (ADMINS, "post", {}),
    "certificates_validate": (ADMINS, "post", {}),
    "certificates_exceptions": (ADMINS, "get", {}),
    "certificates_add": (ADMINS, "post", {}),
    "certificates_remove": (ADMINS, "post", {}),
    "certificates_file": (ADMINS, "post", {}),
    "log": (VIEW, "get", {}),
    # Grades, work, dates
    "gradebook": (VIEW, "get", {}),
    "regrading": (VIEW, "get", {}),
    "grade_columns": (STAFF, "post", {}),
    "grade_files": (STAFF, "get", {}),
    "grade_template": (STAFF, "post", {}),
    "grade_check": (STAFF, "post", {}),
    "grade_apply": (STAFF, "post", {}),
    "grade_job": (STAFF, "get", {"job": "1"}),
    "grade_job_file": (STAFF, "get", {"job": "1"}),
    "grade_marks": (VIEW, "get", {"learner": "1"}),
    "grade_mark": (STAFF, "post", {"learner": "1"}),
    "grade_cell": (VIEW, "get", {"learner": "1", "ref": "sequential@sub"}),
    "grade_override": (STAFF, "post", {"learner": "1", "ref": "sequential@sub"}),
    "work": (VIEW, "get", {}),
    "work_tasks": (VIEW, "get", {}),
    "work_all": (VIEW, "get", {"ref": "problem@sum"}),
    "work_all_do": (ADMINS, "post", {"ref": "problem@sum"}),
    "work_learner": (VIEW, "get", {"learner": "1"}),
    "work_entrance": (STAFF, "post", {"learner": "1"}),
    "work_problem": (VIEW, "get", {"learner": "1", "ref": "problem@sum"}),
    "work_do": (STAFF, "post", {"learner": "1", "ref": "problem@sum"}),
    "dates": (VIEW, "get", {}),
    "dates_change": (STAFF, "post", {}),
    "exams": (VIEW, "get", {}),
    "exams_change": (STAFF, "post", {}),
    "mail": (STAFF, "get", {}),
    "mail_write": (STAFF, "get", {}),
    "mail_message": (STAFF, "get", {"message_id": "1"}),
    "mail_stop": (STAFF, "post", {"message_id": "1"}),
    "reports": (DATA, "get", {}),
    "report_list": (DATA, "get", {}),
    "report_answers": (DATA, "get", {}),
    "report_cancel": (DATA, "post", {"number": "1"}),
    "report_file": (DATA, "get", {"number": "1"}),
    "analytics": (VIEW, "get", {}),
    "analytics_activity": (VIEW, "get", {}),
    "analytics_progress": (VIEW, "get", {}),
    "analytics_problems": (VIEW, "get", {}),
    "analytics_problem": (VIEW, "get", {"ref": "problem@sum"}),
    "analytics_videos": (VIEW, "get", {}),
    "analytics_video": (VIEW, "get", {"video": "rivers"}),
    "analytics_learners": (VIEW, "get", {}),
    "analytics_learners_file": (DATA, "get", {"form": "csv"}),
    "analytics_file": (VIEW, "get", {"metric": "enrolment", "form": "csv"}),
    "analytics_engagement": (DATA, "post", {}),
    "analytics_engagement_file": (DATA, "get", {"number": "1", "form": "csv"}),
    "analytics_sql": (DATA, "post", {}),
    "analytics_sql_answer": (DATA, "get", {"number": "1"}),
    "analytics_sql_file": (DATA, "get", {"number": "1", "form": "csv"}),
}

# The same for pages of no course.
SITE_RULES: dict[str, tuple[frozenset[str], str, dict[str, str]]] = {
    "announcements": (SITE, "get", {}),
    "announcement_new": (SITE, "post", {}),
    "announcement": (SITE, "post", {"number": "1"}),
    "announcement_remove": (SITE, "post", {"number": "1"}),
    "site_courses": (SITE, "get", {}),
    "site_courses_file": (SITE, "get", {"form": "csv"}),
    "site_refresh": (SITE, "post", {}),
    "site_refresh_job": (SITE, "get", {"number": "1"}),
    "site_log": (SITE, "get", {}),
    "site_sql": (SITE, "post", {}),
    "site_sql_answer": (SITE, "get", {"number": "1"}),
    "site_sql_file": (SITE, "get", {"number": "1", "form": "csv"}),
    "surveys": (SITE, "get", {}),
    "survey_new": (SITE, "post", {}),
    "survey": (SITE, "post", {"name": "start"}),
}


def test_every_address_has_a_rule() -> None:
    assert {pattern.name for pattern in _patterns(urls.urlpatterns)} == {*RULES, *SITE_RULES}


def test_who_gets_in(as_person: Callable[[str], Client], run: CourseLocator) -> None:
    clients = {name: as_person(name) for name in (*PEOPLE, "")}
    rules = [(name, *rule, {"run": run}) for name, rule in RULES.items()]
    rules += [(name, *rule, {}) for name, rule in SITE_RULES.items()]
    wrong = [
        f"{name}: {who or 'a visitor'} {'may not' if who in allowed else 'may'}"
        for name, allowed, method, more, course in rules
        for who, client in clients.items()
        if _gets_in(client, method, reverse(f"instructor:{name}", kwargs={**course, **more})) != (who in allowed)
    ]

    assert wrong == []


def test_no_form_is_taken_without_its_token(as_person: Callable[[str], Client], run: CourseLocator) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = as_person("root").cookies
    forms = [(name, {"run": run, **more}) for name, (_who, method, more) in RULES.items() if method == "post"]
    forms += [(name, dict(more)) for name, (_who, method, more) in SITE_RULES.items() if method == "post"]

    answers = {name: strict.post(reverse(f"instructor:{name}", kwargs=parts)).status_code for name, parts in forms}

    assert strict.get(reverse("instructor:info", args=[run])).status_code == HTTPStatus.OK
    assert {name for name, status in answers.items() if status != HTTPStatus.FORBIDDEN} == set()


def _gets_in(client: Client, method: str, address: str) -> bool:
    with transaction.atomic():
        response: HttpResponse = getattr(client, method)(address)
        transaction.set_rollback(True)
    if response.status_code == HTTPStatus.FOUND and "/account/login/" in response["Location"]:
        return False
    return response.status_code not in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)


def _patterns(found: Iterable[URLPattern | URLResolver]) -> Iterable[URLPattern]:
    for one in found:
        if isinstance(one, URLPattern):
            yield one
        else:
            yield from _patterns(one.url_patterns)
