"""Unit pages: what is shown, what leads to it, who may not."""

import pytest

from lykeion.courseware import api as courseware
from lykeion.courseware.models import LearnerState
from lykeion.courseware.types import AccessDenied, UnitTab
from tests.courseware.acting import ENTER, answer, enter
from tests.courseware.conftest import PARTS
from tests.factories import (
    FUTURE,
    Spec,
    chapter,
    course,
    learner,
    person,
    question,
    sequential,
    store_course,
    teacher,
    text,
    vertical,
)

pytestmark = pytest.mark.django_db


def test_a_unit_shows_its_blocks_and_the_way_on(trees: Spec) -> None:
    store_course(trees)
    alice = enter(learner("alice"))
    answer(alice, "p1")
    courseware.bookmark(alice, "vertical@u2", True)

    page = courseware.unit(alice, "vertical@u1")

    assert [(one.ref, one.complete, one.view_completes) for one in page.blocks] == [
        ("html@t1", False, True),
        ("problem@p1", True, False),
        ("problem@p2", False, False),
    ]
    assert "All about t1." in page.blocks[0].html
    assert page.tabs == (
        UnitTab("vertical@u1", "u1", "problem", complete=False, bookmarked=False, current=True),
        UnitTab("vertical@u2", "u2", "video", complete=False, bookmarked=True, current=False),
    )
    assert (page.section, page.subsection, page.title) == ("c1", "s1", "u1")
    assert (page.previous, page.next, page.position, page.count) == (None, "vertical@u2", 1, 2)
    assert (page.graded, page.format, page.bookmarked) == (True, "Homework", False)


def test_previous_and_next_cross_sections_and_skip_what_is_shut(trees: Spec) -> None:
    store_course(trees)
    alice = enter(learner("alice"))

    page = courseware.unit(alice, "vertical@u3")

    assert (page.previous, page.next) == ("vertical@u2", None)


def test_any_ref_leads_to_a_unit(trees: Spec) -> None:
    store_course(trees)
    alice = enter(learner("alice"))

    assert courseware.unit(alice, "sequential@s1").ref == "vertical@u1"  # nowhere yet: the first
    assert courseware.unit(alice, "html@t2").ref == "vertical@u2"
    assert courseware.unit(alice, "chapter@c1").ref == "vertical@u2"  # where she was
    assert courseware.unit(alice, "vertical@u3").ref == "vertical@u3"
    assert courseware.unit(alice, "sequential@s1").ref == "vertical@u2"  # where she was in there
    assert courseware.unit(alice, "course@course").ref == "vertical@u2"


def test_going_to_a_position_is_remembered(trees: Spec) -> None:
    store_course(trees)
    alice = enter(learner("alice"))

    courseware.goto_position(alice, "sequential@s1", 2)

    assert courseware.unit(alice, "sequential@s1").ref == "vertical@u2"
    assert courseware.standings(alice.viewer.user_id, [alice.run.id])[alice.run.id].ref == "vertical@u2"


@pytest.mark.parametrize(
    ("ref", "code", "until"),
    [
        ("vertical@u4", "not_released", FUTURE),
        ("sequential@s3", "not_released", FUTURE),
        ("chapter@c3", "not_released", FUTURE),
        ("vertical@gone", "not_found", None),
    ],
)
def test_shut_units_say_why(trees: Spec, ref: str, code: str, until) -> None:
    store_course(trees)
    alice = enter(learner("alice"))

    with pytest.raises(AccessDenied) as denied:
        courseware.unit(alice, ref)

    assert (denied.value.code, denied.value.until) == (code, until)


def test_what_is_for_staff_looks_as_if_it_did_not_exist() -> None:
    secret = vertical("u2", text("t2"), visible_to_staff_only=True)
    store_course(course(chapter("c1", sequential("s1", vertical("u1", text("t1")), secret))))
    alice, bob = enter(learner("alice")), enter(teacher("bob"))

    with pytest.raises(AccessDenied) as denied:
        courseware.unit(alice, "vertical@u2")

    assert denied.value.code == "not_found"
    assert courseware.unit(bob, "vertical@u2").blocks[0].ref == "html@t2"
    assert courseware.unit(alice, "vertical@u1").next is None


def test_a_unit_hidden_from_the_menu_is_reached_by_its_address() -> None:
    store_course(
        course(
            chapter("c1", sequential("s1", vertical("u1", text("t1")))),
            chapter("c2", sequential("s2", vertical("u2", text("t2")), vertical("u3", text("t3"))), hide_from_toc=True),
            chapter("c4", sequential("s4", vertical("u4", text("t4")))),
        )
    )
    alice = enter(learner("alice"))

    hidden = courseware.unit(alice, "vertical@u2")

    assert (hidden.previous, hidden.next) == (None, "vertical@u3")
    assert courseware.unit(alice, "vertical@u1").next == "vertical@u4"
    assert [line.ref for line in courseware.home(alice).sections] == ["chapter@c1", "chapter@c4"]


@pytest.mark.parametrize("count", [1, 3])
def test_a_unit_costs_the_same_with_one_block_and_with_three(count: int, django_assert_num_queries) -> None:
    blocks = [question(f"p{number}") for number in range(count)]
    store_course(course(chapter("c1", sequential("s1", vertical("u1", *blocks, text("t1"))))))
    user = learner("alice")
    for number in range(count):
        answer(enter(user), f"p{number}")
    courseware.unit(enter(user), "vertical@u1")

    with django_assert_num_queries(ENTER + 3):  # rows, last place, bookmarks
        courseware.unit(enter(user), "vertical@u1")


def test_a_problem_straight_in_a_subsection_is_a_unit() -> None:
    store_course(course(chapter("c1", sequential("s1", question("p1"), text("t1")))))
    alice = enter(learner("alice"))

    page = courseware.unit(alice, "problem@p1")

    assert ([block.ref for block in page.blocks], page.next) == (["problem@p1"], "html@t1")


def test_visitors_of_a_public_course_read_and_leave_nothing(trees: Spec) -> None:
    store_course(course(*trees.children, **{**trees.fields, "course_visibility": "public"}))
    dan = enter(person("dan"))

    page = courseware.unit(dan, "vertical@u1")

    assert "All about t1." in page.blocks[0].html
    assert not page.blocks[0].view_completes
    assert not LearnerState.objects.exists()
    with pytest.raises(AccessDenied) as denied:
        answer(dan, "p1")
    assert denied.value.code == "enrollment_required"


def test_a_public_outline_shows_no_texts(trees: Spec) -> None:
    store_course(course(*trees.children, **{**trees.fields, "course_visibility": "public_outline"}), parts=PARTS)
    dan = enter(person("dan"))

    page = courseware.home(dan, all_open=True)

    assert page.sections[0].subsections[0].locked == "Enrol to open it"
    assert (page.resume, page.updates, page.handouts) == (None, (), "")
    for read in (lambda: courseware.unit(dan, "vertical@u1"), lambda: courseware.page(dan, "glossary")):
        with pytest.raises(AccessDenied) as denied:
            read()
        assert denied.value.code == "enrollment_required"


def test_one_view_of_one_block(trees: Spec) -> None:
    store_course(trees)
    alice = enter(learner("alice"))

    assert "All about t1." in courseware.view(alice, "html@t1").html
    for ref, name in (("html@t1", "studio_view"), ("html@t4", "student_view"), ("html@no", "student_view")):
        with pytest.raises(AccessDenied):
            courseware.view(alice, ref, name)
