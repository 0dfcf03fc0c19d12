from datetime import timedelta
from random import Random

import pytest

from lykeion.content.types import Outline
from lykeion.courseware.access import Audience, Pace, walls
from lykeion.courseware.plan import make_plan, plan_key, plan_of
from lykeion.courseware.types import LearnerFacts
from tests.factories import (
    FUTURE,
    NOW,
    PAST,
    Spec,
    block,
    chapter,
    course,
    html,
    outline,
    problem,
    sequential,
    vertical,
)

SOON = NOW + timedelta(days=3)
PARTITIONS = [{"id": 7, "scheme": "cohort", "active": True, "groups": [{"id": 1, "name": "A"}, {"id": 2, "name": "B"}]}]


def one(*, subsection: dict | None = None, unit: dict | None = None) -> Spec:
    inside = sequential("s", vertical("u", html("h"), **unit or {}), **subsection or {})
    return course(chapter("c", inside), user_partitions=PARTITIONS)


def test_a_plan_lists_what_is_locked_and_leaves_out_what_is_hidden() -> None:
    tree = outline(
        course(
            chapter("c1", sequential("s1", vertical("u1", html("h1"), problem("p1")), vertical("u2"))),
            chapter("c2", sequential("s2", vertical("u3", html("h2")), start=SOON)),
            chapter("c3", sequential("s3", vertical("u4", html("h3"))), visible_to_staff_only=True),
            chapter("c4", sequential("s4", vertical("u5", html("h4"))), hide_from_toc=True),
            chapter("c5"),
        )
    )

    plan = plan_of(tree, Audience(), Pace(), NOW)

    assert [section.ref for section in plan.sections] == ["chapter@c1", "chapter@c2", "chapter@c4", "chapter@c5"]
    assert [section.in_menu for section in plan.sections] == [True, True, False, True]
    assert plan.way == ("vertical@u1", "vertical@u2")
    assert plan.home["vertical@u5"] == "sequential@s4"
    assert (plan.total, plan.shut) == (3, 1)
    assert plan.subsections["sequential@s1"].leaves == ("html@h1", "problem@p1")
    assert [unit.icon for unit in plan.subsections["sequential@s1"].units] == ["problem", "other"]
    assert plan.subsections["sequential@s2"].wall == "not_released"


def test_plans_are_made_once_for_a_kind_of_viewer_and_a_stretch_of_time() -> None:
    tree = outline(one(subsection={"start": SOON}, unit={"group_access": {7: [1]}}))
    key = plan_key(tree, Audience(groups=((7, 1),)), Pace(), NOW)

    assert plan_key(tree, Audience(groups=((7, 1), (50, 1))), Pace(), NOW + timedelta(hours=1)) == key
    assert plan_key(tree, Audience(groups=((7, 2),)), Pace(), NOW) != key
    assert plan_key(tree, Audience(groups=((7, 1),)), Pace(), SOON) != key
    assert plan_of(tree, Audience(), Pace(), NOW) is plan_of(tree, Audience(), Pace(), NOW)


@pytest.mark.parametrize("seconds", [-1, 0, 1])
def test_a_plan_is_right_at_the_very_turning_point(seconds: int) -> None:
    tree = outline(one(subsection={"start": SOON, "due": SOON, "hide_after_due": True}))
    times = [SOON + timedelta(seconds=step) for step in (-1, 0, 1)]
    for moment in times:  # fill the memory first
        plan_of(tree, Audience(), Pace(), moment)
    at = SOON + timedelta(seconds=seconds)

    assert plan_of(tree, Audience(), Pace(), at).walls == walls(tree, Audience(), Pace(), at)
    assert (
        plan_of(tree, Audience(), Pace(), at).subsections["sequential@s"].wall
        == {
            -1: "not_released",
            0: "",
            1: "closed_after_due",
        }[seconds]
    )


def test_stamps_follow_the_leaves_only() -> None:
    before = plan_of(outline(one()), Audience(), Pace(), NOW).subsections["sequential@s"]
    renamed = plan_of(outline(one(unit={"display_name": "New"})), Audience(), Pace(), NOW).subsections["sequential@s"]
    hidden = plan_of(outline(one(unit={"start": FUTURE})), Audience(), Pace(), NOW).subsections["sequential@s"]

    assert renamed.stamp == before.stamp
    assert hidden.stamp != before.stamp


def test_facts_about_a_learner_change_their_plan_only_where_they_say_something() -> None:
    tree = outline(course(chapter("a", sequential("a1", vertical("u", html("h")))), chapter("b", sequential("b1"))))
    shared = plan_of(tree, Audience(), Pace(), NOW)

    own = plan_of(tree, Audience(), Pace(), NOW, LearnerFacts(own=(("sequential@a1", "prerequisite"),)))

    assert [tree.blocks[place].ref for place, wall in enumerate(own.walls) if wall == "prerequisite"] == [
        "sequential@a1", "vertical@u", "html@h",
    ]  # fmt: skip
    assert own.sections[1] is shared.sections[1]
    assert (own.subsections["sequential@a1"].shut, own.total, shared.total) == (1, 0, 1)


def test_facts_open_what_closed_after_its_due_date_and_nothing_else() -> None:
    late, hidden = sequential("late", due=PAST, hide_after_due=True), sequential("hidden", visible_to_staff_only=True)
    facts = LearnerFacts(own=(("sequential@late", ""), ("sequential@hidden", "")))

    own = plan_of(outline(course(chapter("a", late, hidden))), Audience(), Pace(), NOW, facts)

    assert own.walls == ("", "", "", "staff_only")


def _courses_with_choosers(chance: Random) -> tuple[Outline, LearnerFacts]:
    """A course with banks at any depth, and facts about somebody: some draws, and walls of their own."""

    def bank(name: str, *children: Spec) -> Spec:
        return (
            block("itembank", f"bank{name}", *children) if chance.random() < 0.5 else block("wrapper", name, *children)
        )

    def unit(name: str) -> Spec:
        return bank(f"u{name}", *[vertical(f"u{name}{n}", problem(f"p{name}{n}"), html(f"h{name}{n}")) for n in "ab"])

    sections = [chapter(f"c{s}", *[sequential(f"s{s}{n}", unit(f"{s}{n}")) for n in range(3)]) for s in range(3)]
    tree = outline(course(*sections, bank("top", chapter("ct", sequential("st", unit("t"))))))
    choosers = [one for one in tree.blocks if one.type == "itembank"]
    chosen = tuple(
        (one.ref, tuple(tree.blocks[place].ref for place in one.children if chance.random() < 0.5)) for one in choosers
    )
    gated = [one.ref for one in tree.blocks if one.depth in {1, 2} and chance.random() < 0.2]
    return tree, LearnerFacts(chosen, tuple((ref, "prerequisite") for ref in gated))


@pytest.mark.parametrize("seed", range(25))
@pytest.mark.parametrize("audience", [Audience(), Audience(staff=True)])
def test_a_plan_with_facts_is_the_one_that_would_be_made_from_nothing(seed: int, audience: Audience) -> None:
    tree, facts = _courses_with_choosers(Random(seed))

    own = plan_of(tree, audience, Pace(), NOW, facts)

    assert own == make_plan(tree, walls(tree, audience, Pace(), NOW, facts), audience)
