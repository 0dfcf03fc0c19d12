"""Conditionals: shut to every way in until a learner did what they ask for, open in the same moment that they did."""

from __future__ import annotations

from typing import Any

import pytest

from lykeion.courseware import api as courseware
from lykeion.courseware.completion import read_done
from lykeion.courseware.entering import plan, sheet
from lykeion.courseware.types import AccessDenied
from lykeion.grades.models import SubsectionGrade
from tests.courseware.acting import ENTER, answer, enter
from tests.courseware.conftest import POLICY
from tests.factories import (
    Spec,
    block,
    chapter,
    course,
    learner,
    question,
    sequential,
    store_course,
    teacher,
    text,
    vertical,
)

pytestmark = pytest.mark.django_db

P1 = "i4x://Lyk/T101/problem/p1"


def conditional(*children: Spec, name: str = "k", **fields: Any) -> Spec:
    """One that opens once ``p1`` was tried."""
    return block("conditional", name, *children, **{"sources_list": [P1], "conditional_attr": "attempted", **fields})


def with_homeworks(first: tuple[Spec, ...], second: tuple[Spec, ...] = ()) -> Spec:
    """A course of two homeworks of one unit each."""
    parts = [sequential("s1", vertical("u1", *first), graded=True, format="Homework")]
    parts += [sequential("s2", vertical("u2", *second), graded=True, format="Homework")] if second else []
    return course(chapter("c1", *parts), grading_policy=POLICY)


def html_of(user: Any, place: int = 1, unit: str = "vertical@u1") -> str:
    """One block of a unit as ``user`` sees it."""
    return courseware.unit(enter(user), unit).blocks[place].html


def test_until_it_is_met_it_says_what_to_do_and_nothing_of_what_is_inside() -> None:
    store_course(
        with_homeworks((question("p1", display_name="Which <tree>?"), conditional(question("p2"), text("t2"))))
    )
    user = learner()

    html = html_of(user)

    assert "You must complete <a href=" in html
    assert 'jump_to_id/p1">Which &lt;tree&gt;?</a> before you can access this unit.' in html
    assert "All about t2." not in html
    assert 'data-controller="conditional"' in html
    assert plan(enter(user)).subsections["sequential@s1"].leaves == ("problem@p1",)
    assert plan(enter(user)).subsections["sequential@s1"].problems == 1
    for ref in ("problem@p2", "html@t2"):
        with pytest.raises(AccessDenied):
            courseware.view(enter(user), ref)
    with pytest.raises(AccessDenied):
        answer(enter(user), "p2")


def test_an_author_s_message_is_text_with_a_link() -> None:
    words = "First <b>{link}</b> {0} {"
    store_course(with_homeworks((question("p1"), conditional(text("t2"), conditional_message=words))))

    assert "<p>First &lt;b&gt;<a href=" in html_of(learner())


def test_the_answer_that_opens_it_is_graded_with_what_it_opened() -> None:
    store_course(with_homeworks((question("p1"), conditional(question("p2")))))
    user = learner()

    reply = answer(enter(user), "p1")

    assert reply.grade is not None
    assert reply.grade.percent == 0.5
    alice = enter(user)
    assert [one.ref for one in sheet(alice).lines[0].scorables] == ["problem@p1", "problem@p2"]
    assert read_done(alice, plan(alice)).by_subsection == {"sequential@s1": 1}
    assert "evergreen" in html_of(user)
    assert answer(enter(user), "p2").grade.percent == 1.0


def test_what_it_opens_in_another_subsection_counts_at_once() -> None:
    there = (question("q1"), conditional(question("q2")))
    store_course(with_homeworks((question("p1"),), there))
    user = learner()
    assert answer(enter(user), "q1").grade.percent == 0.5  # of two homeworks one is perfect

    reply = answer(enter(user), "p1")

    assert reply.grade.percent == 0.75
    totals = SubsectionGrade.objects.values_list("earned_graded", "possible_graded").get(ref="sequential@s2")
    assert totals == (1.0, 2.0)


@pytest.mark.parametrize(("choice", "percent", "leaves"), [("choice_1", 0.5, 2), ("choice_0", 0.0, 1)])
def test_the_right_answer_may_be_asked_for(choice: str, percent: float, leaves: int) -> None:
    inside = conditional(question("p2"), conditional_attr="correct")
    store_course(with_homeworks((question("p1"), inside)))
    user = learner()

    reply = answer(enter(user), "p1", choice)

    assert reply.grade.percent == percent
    assert len(plan(enter(user)).subsections["sequential@s1"].leaves) == leaves


def test_it_may_close_again() -> None:
    inside = conditional(question("p2"), conditional_attr="attempted", conditional_value="False")
    store_course(with_homeworks((question("p1"), inside)))
    user = learner()
    assert len(plan(enter(user)).subsections["sequential@s1"].leaves) == 2

    assert answer(enter(user), "p1").grade.percent == 1.0
    assert len(plan(enter(user)).subsections["sequential@s1"].leaves) == 1


def test_seeing_something_may_open_it() -> None:
    source = "block-v1:Lyk+T101+2026+type@html+block@t1"
    inside = conditional(text("t2"), conditional_attr="completed", sources_list=[source])
    store_course(with_homeworks((text("t1"), inside)))
    user = learner()

    courseware.complete(enter(user), {"html@t1": 1.0})

    alice = enter(user)
    assert plan(alice).subsections["sequential@s1"].leaves == ("html@t1", "html@t2")
    assert read_done(alice, plan(alice)).by_subsection == {"sequential@s1": 1}


def test_conditions_may_stand_inside_each_other() -> None:
    inner = conditional(question("p3"), name="k2", sources_list=["i4x://Lyk/T101/problem/p2"])
    store_course(with_homeworks((question("p1"), conditional(question("p2"), inner))))
    user = learner()

    percents = [answer(enter(user), name).grade.percent for name in ("p1", "p2", "p3")]

    assert [round(one, 2) for one in percents] == [0.5, 0.67, 1.0]


def test_blocks_from_elsewhere_are_shown_once_it_is_met() -> None:
    show = ["i4x://Lyk/T101/html/t9", "i4x://Lyk/T101/html/gone", "i4x://Lyk/T101/vertical/u1", "odd"]
    inside = conditional(show_tag_list=show)
    store_course(with_homeworks((question("p1"), inside), (text("t9"),)))
    user = learner()
    before = html_of(user)

    answer(enter(user), "p1")

    assert ["All about t9." in html for html in (before, html_of(user))] == [False, True]


def test_blocks_from_elsewhere_that_are_shut_there_stay_shut() -> None:
    hidden = conditional(text("t9"), name="k2", sources_list=["i4x://Lyk/T101/problem/none"])
    inside = conditional(text("t2"), show_tag_list=["i4x://Lyk/T101/html/t9"])
    store_course(with_homeworks((question("p1"), inside), (hidden,)))
    user = learner()
    answer(enter(user), "p1")

    assert "All about t2." in html_of(user)
    assert "All about t9." not in html_of(user)


def test_two_that_show_each_other_come_to_an_end() -> None:
    one = conditional(text("t1"), name="k1", show_tag_list=["i4x://Lyk/T101/conditional/k2"])
    other = conditional(text("t2"), name="k2", show_tag_list=["i4x://Lyk/T101/conditional/k1"])
    store_course(with_homeworks((question("p1"), one, other)))
    user = learner()
    answer(enter(user), "p1")

    html = html_of(user)

    assert [html.count(f"All about {name}.") for name in ("t1", "t2")] == [1, 1]


def test_one_without_sources_tells_the_team_why_it_stays_shut() -> None:
    store_course(with_homeworks((text("t1"), conditional(text("t2"), sources_list=[]))))

    assert ["named no block" in html_of(user) for user in (learner(), teacher())] == [False, True]


def test_a_source_that_the_learner_cannot_reach_is_not_linked() -> None:
    secret = question("p1", visible_to_staff_only=True, display_name="Secret")
    store_course(with_homeworks((text("t1"), secret, conditional(text("t2")))))

    html = html_of(learner(), place=1)

    assert "Secret" not in html
    assert "another part of the course" in html


def test_an_answer_in_a_course_with_conditions_costs_the_same_unless_it_opens_something(
    django_assert_num_queries,
) -> None:
    store_course(with_homeworks((question("p1"), question("p0"), conditional(question("p2")))))
    user = learner()
    answer(enter(user), "p0")

    with django_assert_num_queries(ENTER + 1):  # one for the sources
        enter(user)
