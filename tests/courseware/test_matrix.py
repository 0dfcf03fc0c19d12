"""Rules x kinds of viewer x ways in: one table that says who gets what, whatever way they try.

A row is a rule (settings of a course, its section, subsection, unit and problem, and of the run) and, for every kind
of viewer, the name of what they meet, which ``MEETS`` spells out for each way in. To add a rule add a row; to add a
kind of viewer add to ``CAST``; to add a way in add a function to ``WAYS``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from webob import Request

from lykeion.accounts import api as accounts
from lykeion.accounts.models import User
from lykeion.accounts.types import Role
from lykeion.catalog import api as catalog
from lykeion.courseware import api as courseware
from lykeion.courseware.types import AccessDenied, Visitor
from tests.courseware.acting import usage
from tests.courseware.conftest import POLICY
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
    person,
    question,
    sequential,
    store_course,
    teacher,
    text,
    vertical,
)

pytestmark = pytest.mark.django_db

PARTITIONS = [
    {"id": 7, "scheme": "cohort", "groups": [{"id": 1, "name": "A"}, {"id": 2, "name": "B"}]},
    {"id": 8, "scheme": "cohort", "groups": [{"id": 1, "name": "X"}], "active": False},
]
CAST = ("visitor", "stranger", "audit", "verified", "cohort_a", "cohort_b", "beta", "staff", "global_staff")
"""Kinds of viewer. The learners in cohorts take the run for free, and so do beta testers; ``audit`` and ``verified``
are in a cohort without a content group."""

LEARNERS = ("audit", "verified", "cohort_a", "cohort_b", "beta")
TEAM = ("staff", "global_staff")


@dataclass(frozen=True)
class Row:
    """A rule, and what each of the cast meets; those not named in ``meets`` meet ``others``. Fields go to the block of
    that kind, ``around`` to a conditional that holds the problem; ``run`` to :func:`catalog.set_limits`."""

    name: str
    others: str
    meets: Mapping[str, str] = field(default_factory=dict)
    course: Mapping[str, Any] = field(default_factory=dict)
    section: Mapping[str, Any] = field(default_factory=dict)
    subsection: Mapping[str, Any] = field(default_factory=dict)
    unit: Mapping[str, Any] = field(default_factory=dict)
    problem: Mapping[str, Any] = field(default_factory=dict)
    run: Mapping[str, Any] = field(default_factory=dict)
    around: Mapping[str, Any] = field(default_factory=dict)

    def met_by(self, who: str) -> str:
        """What ``who`` meets."""
        return self.meets.get(who, self.others)


def all_of(*names: str | tuple[str, ...], meet: str) -> dict[str, str]:
    """The same for several of the cast."""
    flat = [one for name in names for one in (name if isinstance(name, tuple) else (name,))]
    return dict.fromkeys(flat, meet)


OUTSIDE = all_of("visitor", "stranger", meet="shut")
SOON = NOW + timedelta(days=3)
GATE = {"gates_graded": True}
PUBLIC = {"course_visibility": "public"}

ROWS = (
    Row("nothing", "open", OUTSIDE),
    # release and staff
    Row("a unit for staff", "hidden", {**OUTSIDE, **all_of(TEAM, meet="open")}, unit={"visible_to_staff_only": True}),
    Row("a course for staff", "shut", all_of(TEAM, meet="open"), course={"visible_to_staff_only": True}),
    Row("a later subsection", "locked", {**OUTSIDE, **all_of(TEAM, meet="open")}, subsection={"start": FUTURE}),
    Row(
        "a subsection beta testers are early in",
        "locked",
        {**OUTSIDE, **all_of(TEAM, "beta", meet="open")},
        course={"days_early_for_beta": 5},
        subsection={"start": SOON},
    ),
    Row(
        "a later section of a self-paced course",
        "open",
        OUTSIDE,
        course={"self_paced": True},
        section={"start": FUTURE},
    ),
    Row("a course that starts later", "shut", all_of(TEAM, meet="open"), course={"start": FUTURE}),
    Row(
        "a course beta testers are early in",
        "shut",
        all_of(TEAM, "beta", meet="open"),
        course={"start": SOON, "days_early_for_beta": 5},
    ),
    Row(
        "closed after its due date",
        "locked",
        {**OUTSIDE, **all_of(TEAM, meet="open")},
        subsection={"due": PAST, "hide_after_due": True},
    ),
    Row("not in the menu", "unlisted", {**OUTSIDE, **all_of(TEAM, meet="open")}, subsection={"hide_from_toc": True}),
    # groups
    Row(
        "content group A",
        "hidden",
        {**OUTSIDE, **all_of(TEAM, "cohort_a", meet="open")},
        unit={"group_access": {"7": [1]}},
    ),
    Row(
        "content group A or B",
        "hidden",
        {**OUTSIDE, **all_of(TEAM, "cohort_a", "cohort_b", meet="open")},
        unit={"group_access": {"7": [1, 2]}},
    ),
    Row(
        "A above and B below: nobody",
        "gone",
        {**OUTSIDE, **all_of(TEAM, meet="open"), "cohort_a": "hidden"},
        subsection={"group_access": {"7": [1]}},
        unit={"group_access": {"7": [2]}},
    ),
    Row(
        "verified track",
        "hidden",
        {**OUTSIDE, **all_of(TEAM, "verified", meet="open")},
        unit={"group_access": {"50": [2]}},
    ),
    Row(
        "group A and free track",
        "hidden",
        {**OUTSIDE, **all_of(TEAM, "cohort_a", meet="open")},
        unit={"group_access": {"7": [1], "50": [1]}},
    ),
    Row(
        "group A and verified track: nobody is both",
        "hidden",
        {**OUTSIDE, **all_of(TEAM, meet="open")},
        unit={"group_access": {"7": [1], "50": [2]}},
    ),
    Row(
        "an unknown group",
        "hidden",
        {**OUTSIDE, **all_of(TEAM, meet="open")},
        unit={"group_access": {"7": [1, 2, 9]}},
    ),
    Row(
        "an unknown partition",
        "hidden",
        {**OUTSIDE, **all_of(TEAM, meet="open")},
        unit={"group_access": {"9": [1]}},
    ),
    Row("an inactive partition", "open", OUTSIDE, unit={"group_access": {"8": [1]}}),
    Row(
        "a group of one problem",
        "missing",
        {**OUTSIDE, **all_of(TEAM, "cohort_b", meet="open")},
        problem={"group_access": {"7": [2]}},
    ),
    # tracks
    Row(
        "graded content for those who pay",
        "word",
        {**OUTSIDE, **all_of(TEAM, "verified", "beta", meet="open")},
        subsection={"graded": True, "format": "Homework"},
        run=GATE,
    ),
    Row("ungraded content is for all", "open", OUTSIDE, run=GATE),
    Row(
        "what weighs nothing is for all",
        "open",
        OUTSIDE,
        subsection={"graded": True, "format": "Homework"},
        problem={"weight": 0},
        run=GATE,
    ),
    Row(
        "an author's gate",
        "word",
        {**OUTSIDE, **all_of(TEAM, "verified", "beta", meet="open")},
        problem={"group_access": {"51": [2]}},
        run=GATE,
    ),
    Row("an author's gate in a course without one", "open", OUTSIDE, problem={"group_access": {"51": [2]}}),
    Row(
        "an author's gate around a subsection",
        "locked",
        {**OUTSIDE, **all_of(TEAM, "verified", "beta", meet="open")},
        subsection={"group_access": {"51": [2]}},
        run=GATE,
    ),
    Row(
        "the end of free access",
        "shut",
        all_of(TEAM, "verified", "beta", meet="open"),
        run={"audit_ends": True, "weeks_to_complete": 6},
    ),
    # own work
    Row(
        "a prerequisite that nobody has met",
        "locked",
        {**OUTSIDE, **all_of(TEAM, meet="open")},
        course={"enable_subsection_gating": True},
        subsection={"required_prereq": "s0", "min_score": 50, "min_completion": 0},
    ),
    Row("a prerequisite where none is asked for", "open", OUTSIDE, subsection={"required_prereq": "s0"}),
    Row(
        "before the entrance exam",
        "locked",
        {**OUTSIDE, **all_of(TEAM, meet="open")},
        course={"entrance_exam_enabled": True, "entrance_exam_id": "c0", "entrance_exam_minimum_score_pct": 65},
    ),
    Row(
        "a timed exam that nobody has begun",
        "waits",
        {**OUTSIDE, **all_of(TEAM, meet="open")},
        subsection={"is_time_limited": True, "default_time_limit_minutes": 30},
    ),
    Row(
        "a condition that nobody has met",
        "missing",
        OUTSIDE,
        around={"sources_list": ["html@t0"], "conditional_attr": "completed", "conditional_value": "True"},
    ),
    # public courses
    Row("a public course", "open", all_of("visitor", "stranger", meet="read"), course=PUBLIC),
    Row(
        "a public outline",
        "open",
        all_of("visitor", "stranger", meet="locked"),
        course={"course_visibility": "public_outline"},
    ),
    Row(
        "graded content of a public course",
        "word",
        all_of(TEAM, "verified", "beta", meet="open"),
        course=PUBLIC,
        subsection={"graded": True, "format": "Homework"},
        run=GATE,
    ),
    Row(
        "a group in a public course",
        "hidden",
        all_of(TEAM, "cohort_a", meet="open"),
        course=PUBLIC,
        unit={"group_access": {"7": [1]}},
    ),
)


def trees(row: Row) -> Spec:
    """A course of one problem beside a text, under the rule of ``row``."""
    problem = question("p", **row.problem)
    asked = block("conditional", "x", problem, **row.around) if row.around else problem
    unit = vertical("u", text("t"), asked, **row.unit)
    other = sequential("s0", vertical("u0", text("t0"), question("p0")))
    return course(
        chapter("c", sequential("s", unit, **row.subsection), **row.section),
        chapter("c0", other),
        **{"user_partitions": PARTITIONS, "cohort_config": {"cohorted": True}, "grading_policy": POLICY, **row.course},
    )


def cast() -> dict[str, User | AnonymousUser]:
    """Everybody of ``CAST``; the course must be stored."""
    for mode in ("audit", "verified"):
        catalog.set_mode(RUN, mode)
    people = {name: learner(name, mode="verified" if name == "verified" else "audit") for name in LEARNERS}
    for name, group in (("A", (7, 1)), ("B", (7, 2)), ("None", None)):
        catalog.make_cohort(RUN, name, at=PAST)
        catalog.link_cohort(RUN, name, group, at=PAST)
    for name, who in (("A", ["cohort_a"]), ("B", ["cohort_b"]), ("None", ["audit", "verified", "beta"])):
        catalog.add_to_cohort(RUN, name, who, at=PAST)
    accounts.grant_role(people["beta"].pk, Role.BETA_TESTER, run=RUN)
    team = {"staff": teacher("staff"), "global_staff": person("root", is_staff=True)}
    return {"visitor": AnonymousUser(), "stranger": person("stranger"), **people, **team}


# Ways in: each answers whether the problem can be reached that way


def in_outline(visitor: Visitor) -> str:
    """The line of the subsection on course home: there, locked, or not."""
    home = courseware.home(visitor, all_open=True)
    line = next((one for section in home.sections for one in section.subsections if one.ref == "sequential@s"), None)
    return "no" if line is None else "locked" if line.locked else "yes"


def in_unit(visitor: Visitor) -> str:
    """The unit page: the problem, a word in its place, neither, or no page."""
    try:
        page = courseware.unit(visitor, "vertical@u")
    except AccessDenied:
        return "no"
    found = next((one for one in page.blocks if one.ref == "problem@p"), None)
    return "missing" if found is None else "word" if found.instead else "yes"


def by_itself(visitor: Visitor) -> str:
    """The view of the problem alone."""
    return _tried(lambda: courseware.view(visitor, "problem@p"))


def as_data(visitor: Visitor) -> str:
    """What apps get of the problem, and whether it is among what they get of the whole course."""
    alone = _tried(lambda: courseware.block_data(visitor, "problem@p"))
    if _tried(lambda: courseware.block_data(visitor, "course@course")) == "yes":
        told = courseware.block_data(visitor, "course@course", depth=9)
        assert (alone == "yes") == any(one.ref == "problem@p" for one in told)
        assert {ref for one in told for ref in one.children} == {one.ref for one in told} - {"course@course"}
    return alone


def by_handler(visitor: Visitor) -> str:
    """A handler of the problem."""
    form = Request.blank("/", method="POST", POST={"input_p_2_1": "choice_1"})
    return _tried(lambda: courseware.handle(visitor, usage("problem@p"), "xmodule_handler", "problem_check", form))


def by_link(visitor: Visitor) -> str:
    """The address that leads to wherever the problem is."""
    return _tried(lambda: courseware.check_open(visitor, "problem@p"))


def _tried(act: Callable[[], object]) -> str:
    try:
        act()
    except AccessDenied:
        return "no"
    return "yes"


WAYS: Mapping[str, Callable[[Visitor], str]] = {
    "outline": in_outline,
    "unit": in_unit,
    "view": by_itself,
    "data": as_data,
    "handler": by_handler,
    "link": by_link,
}

# "read": without taking part; "word": a word in the problem's place; "missing": the unit without the problem;
# "hidden": the subsection without the unit; "gone": not even the subsection; "shut": not even the outline
MEETS = {
    "open": {"outline": "yes", "unit": "yes", "view": "yes", "data": "yes", "handler": "yes", "link": "yes"},
    "read": {"outline": "yes", "unit": "yes", "view": "yes", "data": "yes", "handler": "no", "link": "yes"},
    "unlisted": {"outline": "no", "unit": "yes", "view": "yes", "data": "yes", "handler": "yes", "link": "yes"},
    "waits": {"outline": "yes", "unit": "no", "view": "no", "data": "no", "handler": "no", "link": "no"},
    "word": {"outline": "yes", "unit": "word", "view": "no", "data": "no", "handler": "no", "link": "no"},
    "missing": {"outline": "yes", "unit": "missing", "view": "no", "data": "no", "handler": "no", "link": "no"},
    "locked": {"outline": "locked", "unit": "no", "view": "no", "data": "no", "handler": "no", "link": "no"},
    "hidden": {"outline": "yes", "unit": "no", "view": "no", "data": "no", "handler": "no", "link": "no"},
    "gone": dict.fromkeys(WAYS, "no"),
    "shut": dict.fromkeys(WAYS, "shut"),
}


def tried(user: User | AnonymousUser) -> dict[str, str]:
    """What ``user`` gets each way."""
    try:
        visitor = courseware.enter(user, RUN, NOW)
    except AccessDenied:
        return dict.fromkeys(WAYS, "shut")
    return {name: way(visitor) for name, way in WAYS.items()}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_who_gets_what(row: Row) -> None:
    store_course(trees(row))
    people = cast()
    catalog.set_limits(RUN, at=PAST, **row.run)

    found = {name: tried(people[name]) for name in CAST}

    assert found == {name: MEETS[row.met_by(name)] for name in CAST}
