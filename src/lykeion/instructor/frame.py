"""What frames every page of the instructor's side: the course's name, the way around, who may see what."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy

from lykeion.core.keys import run_of
from lykeion.teaching.types import Capability, Teacher
from lykeion.ui.types import Link


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the dashboard: the name of its address, and what it takes to see it."""

    name: str
    label: Any  # translated when shown
    icon: str
    needs: Capability = Capability.VIEW


PAGES: tuple[Page, ...] = (
    Page("instructor:info", gettext_lazy("Course"), "home"),
    Page("instructor:reports", gettext_lazy("Reports"), "download", Capability.REPORTS),
    Page("instructor:analytics", gettext_lazy("Analytics"), "chart"),
    Page("instructor:learners", gettext_lazy("Learners"), "people"),
    Page("instructor:cohorts", gettext_lazy("Cohorts"), "filter", Capability.COHORTS),
    Page("instructor:team", gettext_lazy("Team"), "person"),
    Page("instructor:gradebook", gettext_lazy("Gradebook"), "book"),
    Page("instructor:work", gettext_lazy("Learners' work"), "problem"),
    Page("instructor:dates", gettext_lazy("Due dates"), "calendar"),
    Page("instructor:exams", gettext_lazy("Timed exams"), "clock"),
    Page("instructor:mail", gettext_lazy("Mail"), "mail", Capability.MAIL),
    Page("instructor:certificates", gettext_lazy("Certificates"), "certificate", Capability.CERTIFY),
    Page("instructor:log", gettext_lazy("What was done"), "clock"),
)


def frame(teacher: Teacher, current: str, **more: Any) -> dict[str, Any]:
    """The context that ``instructor/base.html`` needs; ``current`` is the name of a page (``info``)."""
    start = reverse("instructor:info", args=[teacher.run.key])
    links = tuple(_link(page, current, start + _place(page.name)) for page in PAGES if teacher.can(page.needs))
    return {
        "teacher": teacher,
        "run": teacher.run,
        "nav_links": links,
        "page_title": next((link.label for link in links if link.current), ""),
        "can": {capability.value: True for capability in teacher.may},
        **more,
    }


def _link(page: Page, current: str, address: str) -> Link:
    return Link(str(page.label), address, current=page.name == f"instructor:{current}", icon=page.icon)


@cache
def _place(name: str) -> str:
    """Where a page is below the first one of the dashboard, the same in every course: a dozen addresses a page are
    not worth a dozen searches."""
    any_run = run_of("o", "c", "r")
    return reverse(name, args=[any_run]).removeprefix(reverse("instructor:info", args=[any_run]))
