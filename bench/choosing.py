"""What personal plans cost: ``python -m bench.choosing``.

A course of 5,000 blocks with 20 banks in as many subsections, 200 learners with draws of their own: the time of the
first plan and sheet of each, and of later ones, beside those of the course without banks.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from random import Random
from statistics import median
from time import perf_counter
from types import SimpleNamespace
from typing import Any

import django

LEARNERS, SECTIONS, SUBSECTIONS, UNITS, BLOCKS, BANKS = 200, 10, 10, 4, 11, 20


def main() -> None:
    """Measures and prints microseconds."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    from tests.factories import NOW

    from lykeion.courseware import entering
    from lykeion.courseware.access import Audience, Pace
    from lykeion.courseware.choosers import choosers_of
    from lykeion.courseware.choosing import Left, decide, selected_of
    from lykeion.courseware.plan import plan_of
    from lykeion.courseware.types import LearnerFacts
    from lykeion.grades import api as grades

    outline = _course()
    choosers, chance = choosers_of(outline).all, Random(1)
    policy = grades.read_policy({"GRADER": []})
    entering.policy_of = lambda _outline: policy  # type: ignore[assignment]  # no store of contents here
    drawn = [decide(choosers, Left(), {}, chance, staff=False).draws for _learner in range(LEARNERS)]
    learners = [Left({ref: {"selected": selected_of(one.selected)} for ref, one in each.items()}) for each in drawn]

    def facts(left: Left) -> LearnerFacts:
        return LearnerFacts(chosen=decide(choosers, left, {}, chance, staff=False).chosen)

    audience, pace = Audience(), Pace()
    _line(f"{len(outline.blocks)} blocks, {len(choosers)} banks", ())
    _line("plan for all of an audience", [_time(lambda: plan_of(outline, audience, pace, NOW))])
    made = [facts(one) for one in learners]
    _line("what a learner's state chooses", [_time(lambda one=one: facts(one)) for one in learners])
    first = [_time(lambda one=one: plan_of(outline, audience, pace, NOW, one)) for one in made]
    _line("first plan of a learner", first)
    _line("plan of a learner who just looked", [_time(lambda: plan_of(outline, audience, pace, NOW, made[-1]))] * 2)
    people = [_visitor(outline, one) for one in made]
    shared = replace(people[0], facts=LearnerFacts())
    _line("sheet for all of an audience", [_time(lambda: entering.sheet(shared))])
    _line("first sheet (and plan) of a learner", [_time(lambda one=one: entering.sheet(one)) for one in people])


def _visitor(outline: Any, facts: Any) -> Any:
    from tests.factories import NOW

    from lykeion.blocks.types import Viewer
    from lykeion.courseware.types import Visitor

    run: Any = SimpleNamespace(self_paced=False, end=None, id=1, key=outline.run)
    return Visitor(run, outline, Viewer(user_id=1), None, NOW, facts)


def _time(act: Callable[[], object]) -> float:
    started = perf_counter()
    act()
    return perf_counter() - started


def _line(name: str, seconds: Any) -> None:
    print(f"{name:36}", f"{median(seconds) * 1e6:9.0f} µs" if seconds else "")


def _course() -> Any:
    from tests.factories import block, chapter, course, html, outline, problem, sequential, vertical

    def unit(name: str, bank: bool) -> Any:
        kinds = (html, html, problem)
        blocks = [kinds[n % 3](f"t{name}_{n}") for n in range(BLOCKS - (7 if bank else 0))]
        pool = [problem(f"p{name}_{n}") for n in range(6)]
        return vertical(f"u{name}", *blocks, *([block("itembank", f"b{name}", *pool, max_count=2)] if bank else []))

    def part(number: int) -> Any:
        units = [unit(f"{number}_{n}", bank=n == 0 and number % 5 == 0) for n in range(UNITS)]
        return sequential(f"s{number}", *units, graded=True, format="Homework")

    sections = [
        chapter(f"c{number}", *[part(number * SUBSECTIONS + n) for n in range(SUBSECTIONS)])
        for number in range(SECTIONS)
    ]
    return outline(course(*sections))


if __name__ == "__main__":
    main()
