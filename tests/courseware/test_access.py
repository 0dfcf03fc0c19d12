from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lykeion.blocks.types import Viewer
from lykeion.catalog.types import Enrolment, Run
from lykeion.courseware.access import Audience, Pace, in_groups, may_read, read_partitions, refusal, walls
from lykeion.courseware.plan import plan_key, plan_of
from tests.factories import FUTURE, NOW, PAST, RUN, Spec, chapter, course, html, outline, problem, sequential, vertical

TREES = Run(
    id=1, key=RUN, title="Trees", org="Lyk", number="T101", short_description="", image="", language="en", start=PAST,
    end=None, advertised_start="", enrollment_start=None, enrollment_end=None, self_paced=False,
    catalog_visibility="both", course_visibility="private", invitation_only=False, max_enrolments=None,
    days_early_for_beta=None, mobile_available=False, effort="",
)  # fmt: skip
ALICE = Viewer(user_id=1, username="alice")
BETA = replace(ALICE, is_beta_tester=True)
BOB = replace(ALICE, username="bob", is_staff=True)
NOBODY = Viewer(user_id=None)
ENROLLED = Enrolment(1, 1, "audit", True, PAST)
LEFT = replace(ENROLLED, is_active=False)
EVERYBODY, INSTRUCTOR_PACED = Audience(), Pace()
SOON = NOW + timedelta(days=3)


@pytest.mark.parametrize(
    ("viewer", "enrolment", "run", "start", "code"),
    [
        (ALICE, ENROLLED, {}, PAST, None),
        (ALICE, None, {}, PAST, "enrollment_required"),
        (ALICE, LEFT, {}, PAST, "enrollment_required"),
        (NOBODY, None, {}, PAST, "authentication_required"),
        (NOBODY, None, {"course_visibility": "public_outline"}, PAST, None),
        (NOBODY, None, {"course_visibility": "public"}, PAST, None),
        (NOBODY, None, {"course_visibility": "public"}, FUTURE, "course_not_started"),
        (ALICE, ENROLLED, {}, SOON, "course_not_started"),
        (ALICE, None, {}, SOON, "course_not_started"),
        (BETA, ENROLLED, {}, SOON, None),
        (BETA, None, {}, SOON, "enrollment_required"),
        (BETA, ENROLLED, {}, FUTURE, "course_not_started"),
        (BOB, None, {}, FUTURE, None),
    ],
)
def test_the_door_of_a_course(viewer: Viewer, enrolment: Any, run: dict, start: datetime, code: str | None) -> None:
    tree = outline(course(chapter("c"), start=start, days_early_for_beta=5))

    denied = refusal(replace(TREES, **run), viewer, enrolment, tree, NOW)

    assert (denied and denied.code) == code


def test_a_course_that_starts_later_says_when() -> None:
    denied = refusal(TREES, ALICE, ENROLLED, outline(course(start=SOON)), NOW)

    assert (denied.until, str(denied)) == (SOON, "This course starts on June 4, 2026.")


def test_a_course_for_staff_only_is_shut() -> None:
    denied = refusal(TREES, ALICE, ENROLLED, outline(course(visible_to_staff_only=True)), NOW)

    assert denied.code == "not_visible_to_user"


def test_an_outline_may_be_for_more_people_than_the_texts() -> None:
    open_outline = replace(TREES, course_visibility="public_outline")

    assert not may_read(open_outline, NOBODY, None)
    assert may_read(open_outline, ALICE, ENROLLED)
    assert may_read(replace(TREES, course_visibility="public"), NOBODY, None)


PARTITIONS = [
    {"id": 7, "scheme": "cohort", "active": True, "groups": [{"id": 1, "name": "A"}, {"id": 2, "name": "B"}]},
    {"id": 8, "scheme": "cohort", "active": True, "groups": [{"id": 1, "name": "X"}]},
    {"id": 9, "scheme": "random", "active": False, "groups": [{"id": 1, "name": "Y"}]},
]


@pytest.mark.parametrize(
    ("access", "groups", "allowed"),
    [
        ({}, {}, True),
        ({7: [1]}, {7: 1}, True),
        ({7: [1, 2]}, {7: 2}, True),  # or within a partition
        ({7: [1]}, {7: 2}, False),
        ({7: [1]}, {}, False),
        ({7: [1], 8: [1]}, {7: 1}, False),  # and across partitions
        ({7: [1], 8: [1]}, {7: 1, 8: 1}, True),
        ({7: False}, {7: 1}, False),  # an empty intersection
        ({7: []}, {}, True),
        ({7: None}, {}, True),
        ({99: [1]}, {99: 1}, False),  # unknown partition
        ({7: [1, 77]}, {7: 1}, False),  # unknown group
        ({9: [1]}, {}, True),  # inactive partition
        ({"7": [1]}, {7: 1}, True),
        ({"x": [1]}, {7: 1}, False),
        ({50: [2]}, {50: 2}, True),  # enrolment track
        ({50: [2]}, {50: 1}, False),
    ],
)
def test_groups(access: dict, groups: dict, allowed: bool) -> None:
    partitions = read_partitions(outline(course(user_partitions=PARTITIONS)))

    assert in_groups(access, partitions, groups) is allowed


def walls_of(
    spec: Spec, audience: Audience = EVERYBODY, pace: Pace = INSTRUCTOR_PACED, at: datetime = NOW
) -> dict[str, str]:
    tree = outline(spec)
    found = walls(tree, audience, pace, at)
    return {block.id: wall for block, wall in zip(tree.blocks, found, strict=True) if wall}


def one(*, section: dict | None = None, subsection: dict | None = None, unit: dict | None = None) -> Spec:
    return course(
        chapter("c", sequential("s", vertical("u", html("h"), **unit or {}), **subsection or {}), **section or {}),
        user_partitions=PARTITIONS,
        days_early_for_beta=5,
    )


ALL = ("c", "s", "u", "h")


@pytest.mark.parametrize(
    ("spec", "audience", "pace", "expected"),
    [
        (one(), Audience(), Pace(), {}),
        (one(section={"start": SOON}), Audience(), Pace(), dict.fromkeys(ALL, "not_released")),
        (
            one(section={"start": SOON}, subsection={"start": PAST}),
            Audience(),
            Pace(),
            dict.fromkeys(ALL, "not_released"),
        ),
        (one(subsection={"start": SOON}), Audience(), Pace(), dict.fromkeys("suh", "not_released")),
        (one(subsection={"start": SOON}), Audience(beta=True), Pace(), {}),
        (one(subsection={"start": FUTURE}), Audience(beta=True), Pace(), dict.fromkeys("suh", "not_released")),
        (one(subsection={"start": SOON}), Audience(), Pace(self_paced=True), {}),
        (one(subsection={"start": SOON}), Audience(staff=True), Pace(), {}),
        (one(unit={"visible_to_staff_only": True}), Audience(), Pace(), dict.fromkeys("uh", "staff_only")),
        (one(unit={"visible_to_staff_only": True}), Audience(staff=True), Pace(), {}),
        (one(section={"hide_from_toc": True}), Audience(), Pace(), {}),
        (one(unit={"group_access": {7: [1]}}), Audience(), Pace(), dict.fromkeys("uh", "group")),
        (one(unit={"group_access": {7: [1]}}), Audience(groups=((7, 1),)), Pace(), {}),
        (
            one(subsection={"group_access": {7: [1]}}, unit={"group_access": {7: [2]}}),
            Audience(groups=((7, 2),)),
            Pace(),
            dict.fromkeys("suh", "group"),
        ),
        (
            one(subsection={"group_access": {7: [1]}}, unit={"group_access": {7: [2]}}),
            Audience(groups=((7, 1),)),
            Pace(),
            dict.fromkeys("uh", "group"),
        ),
        (one(subsection={"due": PAST}), Audience(), Pace(), {}),
        (
            one(subsection={"due": PAST, "hide_after_due": True}),
            Audience(),
            Pace(),
            dict.fromkeys("suh", "closed_after_due"),
        ),
        (one(subsection={"due": SOON, "hide_after_due": True}), Audience(), Pace(), {}),
        (one(subsection={"hide_after_due": True}), Audience(), Pace(), {}),
        (one(subsection={"due": PAST, "hide_after_due": True}), Audience(), Pace(self_paced=True, end=SOON), {}),
        (
            one(subsection={"hide_after_due": True}),
            Audience(),
            Pace(self_paced=True, end=PAST),
            dict.fromkeys("suh", "closed_after_due"),
        ),
    ],
)
def test_walls(spec: Spec, audience: Audience, pace: Pace, expected: dict[str, str]) -> None:
    assert walls_of(spec, audience, pace) == expected


def test_a_block_without_a_start_waits_for_2030() -> None:
    spec = course(chapter("c", start=None))

    assert walls_of(spec) == {"c": "not_released"}


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
    assert datetime(2030, 1, 1, tzinfo=UTC) == FUTURE
