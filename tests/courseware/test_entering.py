"""Who comes into a run, and when."""

import pytest

from lykeion.accounts import api as accounts
from lykeion.accounts.types import Role
from lykeion.catalog import api as catalog
from lykeion.core.keys import run_of
from lykeion.courseware import api as courseware
from lykeion.courseware.types import AccessDenied
from tests.courseware.acting import answer, enter
from tests.courseware.conftest import PARTS
from tests.factories import (
    FUTURE,
    NOW,
    PAST,
    RUN,
    Spec,
    chapter,
    course,
    learner,
    sequential,
    store_course,
    text,
    vertical,
)

pytestmark = pytest.mark.django_db


def test_an_author_s_page(trees: Spec) -> None:
    store_course(trees, parts=PARTS)
    alice = enter(learner("alice"))

    assert "Bole: a trunk." in courseware.page(alice, "glossary").html
    with pytest.raises(AccessDenied):
        courseware.page(alice, "nothing")


def test_beta_testers_come_early() -> None:
    store_course(
        course(chapter("c", sequential("s", vertical("u", text("t")))), start=FUTURE, days_early_for_beta=2000)
    )
    alice = learner("alice")

    with pytest.raises(AccessDenied) as denied:
        enter(alice)
    assert denied.value.code == "course_not_started"
    accounts.grant_role(alice.pk, Role.BETA_TESTER, run=RUN)
    assert courseware.unit(enter(alice), "vertical@u").title == "u"


def test_a_course_may_ask_to_pass_another_first(trees: Spec) -> None:
    other = run_of("Lyk", "T102", "2026")
    store_course(trees)
    follow = course(chapter("c"), pre_requisite_courses=[str(RUN), "course-v1:Not+Here+1"])
    store_course(follow, other)
    alice = learner("alice")
    catalog.enrol(alice.pk, other, at=PAST, by=alice.pk)

    with pytest.raises(AccessDenied) as denied:
        courseware.enter(alice, other, NOW)
    answer(enter(alice), "p1")

    assert (denied.value.code, str(denied.value)) == (
        "unfulfilled_milestones",
        "Pass Trees first: this course builds on it.",
    )
    assert courseware.enter(alice, other, NOW).run.key == other
