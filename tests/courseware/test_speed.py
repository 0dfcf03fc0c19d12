"""What a page costs must not grow with the course. Counted in calls of functions, which no other process disturbs."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType

import pytest
from django.contrib.auth.models import AnonymousUser
from webob import Request

from lykeion.courseware import api as courseware
from tests.courseware.acting import answer, enter, usage
from tests.factories import NOW, RUN, Spec, chapter, course, learner, question, sequential, store_course, text, vertical

pytestmark = pytest.mark.django_db

POLICY = {"GRADER": [{"type": "Homework", "min_count": 1, "drop_count": 0, "weight": 1.0}], "GRADE_CUTOFFS": {"P": 0.5}}


def trees(subsections: int) -> Spec:
    """Five sections; the first subsection is the same whatever the size."""
    first = vertical("u0", *[text(f"t{n}") for n in range(7)], *[question(f"p{n}") for n in range(3)])
    return course(
        *[
            chapter(
                f"c{section}",
                *([sequential("s0", first, graded=True, format="Homework")] if section == 0 else []),
                *[
                    sequential(
                        f"s{section}_{n}",
                        *[
                            vertical(f"u{section}_{n}_{u}", *[text(f"t{section}_{n}_{u}_{b}") for b in range(9)])
                            for u in range(5)
                        ],
                        graded=True,
                        format="Homework",
                    )
                    for n in range(subsections)
                ],
            )
            for section in range(5)
        ],
        grading_policy=POLICY,
    )


def calls(act: Callable[[], object]) -> int:
    """How many Python functions ``act`` calls."""
    count = 0

    def see(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(see)
    try:
        act()
    finally:
        sys.setprofile(None)
    return count


def outside(ref: str) -> None:
    """Another site calls a handler of ``ref``."""
    somebody = courseware.enter(AnonymousUser(), RUN, NOW, noauth=True)
    courseware.handle(somebody, usage(ref), "callback", "", Request.blank("/"), noauth=True)


def costs(subsections: int) -> dict[str, int]:
    """The calls of each page for Alice, who answered something, once everything is warm."""
    store_course(trees(subsections))
    user = learner(f"alice{subsections}")
    answer(enter(user), "p0")
    answer(enter(user), "p1")
    found: dict[str, int] = {}
    for _warm in range(2):
        choice = f"choice_{_warm}"
        found = {
            "unit": calls(lambda: courseware.unit(enter(user), "vertical@u0")),
            "home": calls(lambda: courseware.home(enter(user), open_section="none")),
            "another site's call": calls(lambda: outside("problem@p0")),
            "submission": calls(lambda choice=choice: answer(enter(user), "p2", choice)),
        }
    return found


def test_pages_of_a_course_of_5000_blocks_cost_what_those_of_a_small_one_cost() -> None:
    small, big = costs(1), costs(22)

    assert {name: round(big[name] / small[name], 1) for name in small if big[name] > 1.1 * small[name]} == {}
