"""No handler, view or address gives out what the pages would not: random courses, random rules, random learners.

``test_out_of_reach.py`` tries each rule by itself; here they meet. A failure names the seed that made the course.
"""

from __future__ import annotations

import random
import re
from datetime import timedelta

import pytest

from lykeion.catalog import api as catalog
from lykeion.content.types import OutlineBlock
from lykeion.core.keys import parse_usage, ref_of
from lykeion.courseware import api as courseware
from lykeion.courseware.access import TRACK_PARTITION
from lykeion.courseware.types import AccessDenied, Visitor
from tests.courseware.acting import enter
from tests.courseware.test_out_of_reach import calls, gives
from tests.factories import (
    FUTURE,
    NOW,
    PAST,
    RUN,
    Spec,
    block,
    chapter,
    course,
    learner,
    question,
    sequential,
    store_course,
    text,
    vertical,
    video,
)

SEEDS = range(24)
SHOWN = re.compile(r'data-usage-id="(block-v1:[^"]+)"')
PARTITIONS = [
    {"id": 7, "scheme": "cohort", "active": True, "groups": [{"id": 1, "name": "A"}, {"id": 2, "name": "B"}]},
    {"id": 8, "scheme": "random", "active": True, "groups": [{"id": 1, "name": "X"}, {"id": 2, "name": "Y"}]},
]
RULES = (
    {"visible_to_staff_only": True},
    {"start": FUTURE},
    {"start": NOW + timedelta(days=2)},
    {"group_access": {"7": [1]}},
    {"group_access": {"7": [1, 2], str(TRACK_PARTITION): [2]}},
    {"group_access": {str(TRACK_PARTITION): [1]}},
    {"group_access": {"99": [1]}},
    {"hide_after_due": True, "due": PAST},
    {"hide_after_due": True, "due": FUTURE},
    {"hide_from_toc": True},
)
OF_SUBSECTIONS = (
    {"required_prereq": "s0", "min_score": 50, "min_completion": 0},
    {"is_time_limited": True, "default_time_limit_minutes": 30},
    {"relative_weeks_due": 1, "hide_after_due": True},
)
CHOOSERS = ("library_content", "itembank", "conditional", "randomize", "split_test")


class Maker:
    """Makes one random course."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.made = 0

    def name(self, letter: str) -> str:
        """A fresh id."""
        self.made += 1
        return f"{letter}{self.made}"

    def rules(self, *more: dict) -> dict:
        """The fields of nought to two rules."""
        pool = [*RULES, *more]
        return {
            key: value
            for rule in self.chance.sample(pool, self.chance.choice((0, 0, 0, 1, 2)))
            for key, value in rule.items()
        }

    def leaf(self) -> Spec:
        """A text, a problem or a video."""
        make = self.chance.choice((text, question, video))
        return make(self.name("b"), **self.rules())

    def part(self, depth: int = 0) -> Spec:
        """A leaf, or something that chooses among or holds parts."""
        if depth > 1 or self.chance.random() < 0.6:
            return self.leaf()
        kind = self.chance.choice((*CHOOSERS, "wrapper"))
        children = [self.part(depth + 1) for _ in range(self.chance.randint(1, 3))]
        return block(kind, self.name("x"), *children, **{**_choice(kind, children), **self.rules()})

    def course(self) -> Spec:
        """The whole: the first section is open to all, so that there is something to come back to."""
        first = chapter("open", sequential("s0", vertical("u0", text("t0"), question("p0"))))
        rules = {"user_partitions": PARTITIONS, "days_early_for_beta": 5, "enable_subsection_gating": True}
        return course(first, *(self.section() for _ in range(3)), **rules)

    def section(self) -> Spec:
        """A section of two subsections of two units."""
        subsections = [
            sequential(
                self.name("s"),
                *(vertical(self.name("u"), self.part(), self.part(), **self.rules()) for _ in range(2)),
                **self.rules(*OF_SUBSECTIONS),
            )
            for _ in range(2)
        ]
        return chapter(self.name("c"), *subsections, **self.rules())


def _choice(kind: str, children: list[Spec]) -> dict:
    if kind in {"library_content", "itembank"}:
        return {"max_count": 1}
    if kind == "conditional":
        return {"sources_list": ["problem@p0"], "conditional_attr": "correct", "conditional_value": "True"}
    if kind == "split_test":
        groups = {str(number): f"{child.type}@{child.id}" for number, child in enumerate(children[:2], 1)}
        return {"user_partition_id": 8, "group_id_to_child": groups}
    return {}


@pytest.mark.django_db
@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_gives_more_than_the_pages(seed: int) -> None:
    made = Maker(seed)
    store_course(made.course())
    for mode in ("audit", "verified"):
        catalog.set_mode(RUN, mode)
    user = learner(mode=made.chance.choice(("audit", "verified")))
    alice = enter(user)
    below = [one for one in alice.outline.blocks if one.depth > 3]
    shown = on_pages(alice)

    given = {(one.ref, name) for one in below for name, call in calls(enter(user), one.ref).items() if gives(call)}

    assert {ref for ref, _ in given} - shown == set()
    assert shown - {one.ref for one in below} <= {one.ref for one in alice.outline.blocks}


def on_pages(visitor: Visitor) -> set[str]:
    """The refs of all blocks that some page of the course shows to ``visitor``."""
    found: set[str] = set()
    for unit in filter(is_unit, visitor.outline.blocks):
        try:
            page = courseware.unit(visitor, unit.ref)
        except AccessDenied:
            continue
        html = " ".join(one.html for one in page.blocks)
        found |= {ref_of(parse_usage(usage)) for usage in SHOWN.findall(html)}
    return found


def is_unit(block: OutlineBlock) -> bool:
    """Whether a block is a unit of its course."""
    return block.depth == 3
