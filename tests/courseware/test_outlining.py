"""Course home and its dates."""

import pytest

from lykeion.courseware import api as courseware
from lykeion.courseware.types import Resume
from tests.courseware.acting import ENTER, enter
from tests.courseware.conftest import PARTS
from tests.factories import (
    FUTURE,
    PAST,
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


def test_home_opens_the_section_to_go_on_in(trees: Spec) -> None:
    store_course(trees, parts=PARTS)
    alice = enter(learner("alice"))
    courseware.complete(alice, {"html@t3": 1.0})

    page = courseware.home(alice)

    assert page.resume == Resume("vertical@u3", "u3", started=True)
    assert [(line.ref, line.open, line.complete, len(line.subsections)) for line in page.sections] == [
        ("chapter@c1", False, False, 0),
        ("chapter@c2", True, True, 1),
        ("chapter@c3", False, False, 0),
    ]
    assert (page.done, page.total) == (1, 6)
    assert [date for date, _html in page.updates] == ["May 8, 2026", "May 1, 2026"]
    assert "asset-v1:Lyk+T101+2026+type@asset+block/a.pdf" in page.updates[0][1]
    assert "Key to trees" in page.handouts


def test_home_of_a_new_learner_starts_at_the_beginning(trees: Spec) -> None:
    store_course(trees)
    alice = enter(learner("alice"))

    page = courseware.home(alice, open_section="chapter@c3")

    assert page.resume == Resume("vertical@u1", "u1", started=False)
    assert [line.open for line in page.sections] == [False, False, True]
    assert page.sections[2].subsections[0].locked == "Opens on Jan. 1, 2030"


def test_home_goes_on_where_somebody_was_who_completed_nothing(trees: Spec) -> None:
    store_course(trees)
    alice = enter(learner("alice"))
    courseware.unit(alice, "vertical@u2")

    assert courseware.home(alice).resume == Resume("vertical@u2", "u2", started=True)


@pytest.mark.parametrize("sections", [2, 40])
def test_home_costs_the_same_in_any_course(sections: int, django_assert_num_queries) -> None:
    parts = [chapter(f"c{n}", sequential(f"s{n}", vertical(f"u{n}", text(f"t{n}")))) for n in range(sections)]
    store_course(course(*parts))
    user = learner("alice")
    courseware.complete(enter(user), {"html@t0": 1.0})
    courseware.home(enter(user))

    with django_assert_num_queries(ENTER + 1):
        courseware.home(enter(user))


def test_dates_are_in_order_with_today_between(trees: Spec) -> None:
    due = sequential("s9", vertical("u9", text("t9")), due=FUTURE)
    store_course(course(chapter("c9", due), start=PAST, end=FUTURE))
    alice = enter(learner("alice"))

    assert [(date.kind, date.ref) for date in courseware.dates(alice)] == [
        ("course-start", None),
        ("today", None),
        ("course-end", None),
        ("due", "sequential@s9"),
    ]
    assert [date.kind for date in courseware.home(alice).dates] == ["course-end", "due"]
