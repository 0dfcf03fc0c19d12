from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from lykeion.blocks.types import Viewer
from lykeion.catalog.types import Enrolment, Run
from lykeion.courseware.access import (
    Audience,
    Pace,
    in_groups,
    may_read,
    read_partitions,
    refusal,
    third_party_wall,
    walls,
)
from tests.factories import FUTURE, NOW, PAST, RUN, Spec, block, chapter, course, html, outline, sequential, vertical

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


@pytest.mark.parametrize(
    ("kind", "subsection", "wall"),
    [
        ("poll", {}, ""),
        ("poll", {"is_time_limited": True}, "group"),
        ("poll", {"required_prereq": "s0"}, "group"),
        ("poll", {"group_access": {"7": [1]}}, "group"),
        ("lti_consumer", {"is_time_limited": True}, ""),
        ("lti_consumer", {"start": FUTURE}, "not_released"),
    ],
)
def test_nobody_in_particular_has_opened_nothing(kind: str, subsection: dict, wall: str) -> None:
    tree = outline(course(chapter("c", sequential("s", vertical("u", block(kind, "b")), **subsection))))

    assert third_party_wall(tree, tree.get(f"{kind}@b"), Pace(), NOW) == wall
