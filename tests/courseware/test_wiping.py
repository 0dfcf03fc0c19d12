"""What a learner did in a part of a run is taken away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from lykeion.courseware import api as courseware
from lykeion.courseware.models import LearnerState
from lykeion.courseware.signals import work_wiped
from lykeion.grades.models import BlockScore
from tests.courseware.acting import answer, enter
from tests.factories import NOW, RUN, chapter, course, learner, question, sequential, store_course, vertical

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard() -> Iterator[list[dict[str, Any]]]:
    """What is told of work that is taken away."""
    told: list[dict[str, Any]] = []

    def hear(sender: object, signal: object, **payload: Any) -> None:
        told.append(payload)

    work_wiped.connect(hear)
    yield told
    work_wiped.disconnect(hear)


def store() -> None:
    unit = vertical("u1", question("p1"), question("p2"))
    store_course(course(chapter("c1", sequential("s1", unit))))


def test_one_answer_is_taken_away_and_the_others_stay(heard: list[dict[str, Any]]) -> None:
    store()
    user, dan = learner(), learner("dan")
    for one in (user, dan):
        for name in ("p1", "p2"):
            answer(enter(one), name)

    found = courseware.wipe_work(RUN, user.pk, "problem@p1", by=dan.pk, at=NOW)

    home = courseware.home(enter(user))
    assert found
    assert [row.ref for row in BlockScore.objects.filter(user_id=user.pk).exclude(raw_earned=None)] == ["problem@p2"]
    assert not LearnerState.objects.filter(user_id=user.pk, ref="problem@p1").exists()
    assert (home.sections[0].subsections[0].done, home.sections[0].subsections[0].total) == (1, 2)
    assert BlockScore.objects.filter(user_id=dan.pk, raw_earned=1).count() == 2
    assert heard == [{"run": RUN, "user_id": user.pk, "refs": ("problem@p1",), "by": dan.pk, "at": NOW}]


def test_all_below_a_block_is_taken_away_and_all_of_it_is_told(heard: list[dict[str, Any]]) -> None:
    store()
    user = learner()
    answer(enter(user), "p1")

    found = courseware.wipe_work(RUN, user.pk, "vertical@u1", by=None, at=NOW)

    assert found
    assert courseware.home(enter(user)).sections[0].subsections[0].done == 0
    assert [told["refs"] for told in heard] == [("vertical@u1", "problem@p1", "problem@p2")]


def test_where_nothing_was_left_nothing_is_found() -> None:
    store()
    user = learner()

    found = [courseware.wipe_work(RUN, user.pk, ref, by=None, at=NOW) for ref in ("problem@p1", "problem@gone")]

    assert found == [False, False]
