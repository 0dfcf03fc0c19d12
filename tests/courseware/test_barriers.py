"""What the team is told, under a mask, of what the one they look as does not see; learners are told nothing of it."""

from __future__ import annotations

import pytest

from lykeion.accounts.models import User
from lykeion.courseware import api as courseware
from lykeion.courseware.types import AccessDenied, Mask
from tests.factories import (
    NOW,
    RUN,
    block,
    chapter,
    course,
    learner,
    sequential,
    store_course,
    teacher,
    text,
    vertical,
)

pytestmark = pytest.mark.django_db

DAYS = {"id": 7, "name": "Time", "scheme": "cohort", "groups": [{"id": 1, "name": "Day"}, {"id": 2, "name": "Night"}]}
NEUTRAL = "This part of the course is not there any more."
OWLS = Mask("group", partition=7, group=2)


def store() -> None:
    bank = block("library_content", "bank", text("t6"), text("t7"), max_count=1, display_name="Bank")
    units = sequential(
        "s1",
        vertical("open", text("t1"), bank),
        vertical("team", text("t2"), visible_to_staff_only=True, display_name="Notes"),
        vertical("day", text("t3"), group_access={"7": [1]}, display_name="Larks"),
        vertical("paid", text("t4"), group_access={"50": [2]}, display_name="Extras"),
        vertical("nobody", text("t5"), group_access={"7": [9]}, display_name="Lost"),
    )
    store_course(course(chapter("c1", units, sequential("empty")), user_partitions=[DAYS]))


def refused(user: User, ref: str, mask: Mask | None = None) -> tuple[str, str]:
    """What and how ``user`` is refused."""
    with pytest.raises(AccessDenied) as denied:
        courseware.check_open(courseware.enter(user, RUN, NOW, mask=mask), ref)
    return str(denied.value), denied.value.code


@pytest.mark.parametrize(
    ("ref", "words"),
    [
        ("vertical@team", "“Notes” is not visible to a learner: it is for the course team only."),
        ("html@t2", "“Notes” is not visible to a learner: it is for the course team only."),
        ("vertical@day", "“Larks” is not visible to a learner: it is for Day (Time)."),
        ("vertical@paid", "“Extras” is not visible to a learner: it is for Track: verified."),
        ("vertical@nobody", "“Lost” is not visible to a learner, nor to any learner: no group opens it."),
        ("vertical@gone", NEUTRAL),
    ],
)
def test_the_team_is_told_why_and_learners_are_not(ref: str, words: str) -> None:
    store()

    assert refused(teacher("bob"), ref, Mask("learner")) == (words, "not_found")
    assert refused(learner(), ref) == (NEUTRAL, "not_found")


def test_groups_and_people_are_called_by_name() -> None:
    store()
    bob, alice = teacher("bob"), learner()

    as_owl = refused(bob, "html@t3", OWLS)
    as_alice = refused(bob, "html@t3", Mask("person", user_id=alice.pk))

    assert as_owl[0] == "“Larks” is not visible to Night (Time): it is for Day (Time)."
    assert as_alice[0] == "“Larks” is not visible to alice: it is for Day (Time)."


def test_what_was_not_drawn_is_said_to_be_so() -> None:
    store()
    bob = teacher("bob")
    visitor = courseware.enter(bob, RUN, NOW, mask=Mask("learner"))
    drawn = dict(visitor.facts.chosen)["library_content@bank"]
    [other] = {"html@t6", "html@t7"} - set(drawn)

    words, _code = refused(bob, other, Mask("learner"))

    assert words == f"“{other[5:]}” is not visible to a learner: something else was chosen for them."


def test_an_empty_subsection_is_not_said_to_be_hidden() -> None:
    store()

    with pytest.raises(AccessDenied) as denied:
        courseware.unit(courseware.enter(teacher("bob"), RUN, NOW, mask=Mask("learner")), "sequential@empty")

    assert str(denied.value) == NEUTRAL
