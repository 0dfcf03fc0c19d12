"""Blocks outside of any page, and third parties who speak of a learner."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.contrib.auth.models import AnonymousUser

from lykeion.blocks.types import NoSuchBlock
from lykeion.core.keys import usage_of
from lykeion.courseware import api as courseware
from lykeion.courseware.models import LearnerState
from lykeion.courseware.rebinding import NotToBeRebound
from lykeion.courseware.types import AccessDenied
from lykeion.grades.models import BlockScore
from tests.factories import (
    FUTURE,
    NOW,
    RUN,
    chapter,
    course,
    learner,
    person,
    question,
    sequential,
    store_course,
    teacher,
    vertical,
)

USAGE = usage_of(RUN, "problem@p1")
LATER = usage_of(RUN, "problem@p2")


@pytest.fixture
def stored(db: None) -> None:
    """A course with a question, and one that opens later."""
    store_course(
        course(
            chapter(
                "c",
                sequential("s", vertical("v", question("p1")), graded=True),
                sequential("later", vertical("v2", question("p2")), start=FUTURE),
            )
        )
    )


def test_what_a_borrowed_block_publishes_for_a_learner_is_kept_at_once(stored: None) -> None:
    alice = learner()
    block = courseware.borrow(USAGE, NOW)
    courseware.bind(block, AnonymousUser())

    block.runtime.publish(block, "grade", {"value": 1, "max_value": 1, "user_id": alice.pk})

    score = BlockScore.objects.get(user_id=alice.pk, ref="problem@p1")
    assert (score.raw_earned, score.raw_possible) == (1.0, 1.0)
    assert LearnerState.objects.get(user_id=alice.pk, ref="problem@p1").completion == 1.0


def test_what_a_rebound_block_holds_is_kept_when_the_request_ends(stored: None) -> None:
    alice = learner()
    with courseware.keep_lent():
        block = courseware.borrow(USAGE, NOW)
        courseware.bind(block, AnonymousUser())
        rebinding = block.runtime.visit.services["rebind_user"]
        rebinding.rebind_noauth_module_to_user(block, alice)
        block.attempts = 2

    assert LearnerState.objects.get(user_id=alice.pk, ref="problem@p1").state == '{"attempts":2}'


def test_a_request_that_fails_keeps_nothing(stored: None) -> None:
    alice = learner()
    with courseware.keep_lent() as lent:
        block = courseware.borrow(USAGE, NOW)
        courseware.bind(block, AnonymousUser())
        block.runtime.visit.services["rebind_user"].rebind_noauth_module_to_user(block, alice)
        block.attempts = 2
        lent.clear()

    assert not LearnerState.objects.filter(user_id=alice.pk).exists()


def test_nobody_is_turned_into_somebody_else(stored: None) -> None:
    alice, bob = learner(), learner("bob")
    mine = courseware.borrow(USAGE, NOW)
    courseware.bind(mine, alice)
    with pytest.raises(NotToBeRebound):
        mine.runtime.visit.services["rebind_user"].rebind_noauth_module_to_user(mine, bob)
    nobodys = courseware.borrow(USAGE, NOW)
    nobodys.runtime.visit.services["rebind_user"].rebind_noauth_module_to_user(nobodys, alice)

    with pytest.raises(NotToBeRebound):
        nobodys.runtime.visit.services["rebind_user"].rebind_noauth_module_to_user(nobodys, bob)


def test_who_never_took_the_course_gets_no_grade_in_it(stored: None) -> None:
    dan = person("dan")
    block = courseware.borrow(USAGE, NOW)

    with pytest.raises(NotToBeRebound, match="never took"):
        block.runtime.visit.services["rebind_user"].rebind_noauth_module_to_user(block, dan)


def test_what_is_not_released_is_bound_to_no_third_party(stored: None) -> None:
    block = courseware.borrow(LATER, NOW)

    with pytest.raises(AccessDenied):
        courseware.bind(block, AnonymousUser())


@dataclass(frozen=True)
class Case:
    """Who asks for which block."""

    who: str
    usage: object
    may: bool


@pytest.mark.parametrize(
    "case",
    [
        Case("learner", USAGE, True),
        Case("learner", LATER, False),
        Case("teacher", LATER, True),
        Case("stranger", USAGE, False),
        Case("nobody", USAGE, False),
        Case("learner", usage_of(RUN, "problem@none"), False),
    ],
)
def test_a_block_is_for_those_who_find_it_on_a_page(stored: None, case: Case) -> None:
    people = {"learner": learner, "teacher": teacher, "stranger": lambda: person("dan"), "nobody": AnonymousUser}

    assert courseware.may_load(people[case.who](), case.usage, NOW) is case.may  # type: ignore[arg-type,operator]


def test_a_block_that_is_not_there_is_not_lent(stored: None) -> None:
    with pytest.raises(NoSuchBlock):
        courseware.borrow(usage_of(RUN, "problem@none"), NOW)
