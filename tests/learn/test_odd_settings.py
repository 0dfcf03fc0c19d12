"""Whatever an author's course says of its settings, learners get their pages."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from lykeion.accounts import api as accounts
from lykeion.accounts.types import Role
from lykeion.content.settings import INHERITED, OWN, read_settings
from lykeion.content.types import Node
from tests.factories import RUN, Spec, chapter, course, learner, question, sequential, store_course, text, vertical

NAMES = sorted(INHERITED | OWN)
PLACES = ("course", "section", "subsection", "unit", "problem")
POLICY = {
    "GRADER": [{"type": "Homework", "min_count": 1, "drop_count": 0, "weight": 1.0}],
    "GRADE_CUTOFFS": {"Pass": 0.5},
}
WORDS = st.sampled_from(["id", "groups", "50", "x"])
ODD = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats(allow_nan=False)
    | st.sampled_from([
        "", "abc", "1e12", "-1e12", "1e400", "nan", "0001-01-01", "9999-12-31T23:59:59Z", "99999999 days", "-3 days",
        "1 day", "true", "{}", "[]",
        '{"50":[{"a":1}]}', '{"50":7}', '[{"id":5,"groups":7}]', '[{"id":{},"groups":[7]}]',
    ]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


def tree(odd: dict[str, dict[str, Any]]) -> Spec:
    """A course in which ``odd`` says what is set at which place."""
    unit = vertical("u1", text("t1"), question("p1", **odd.get("problem", {})), **odd.get("unit", {}))
    graded = {"format": "Homework", "graded": True}
    part = sequential("s1", unit, **{**graded, **odd.get("subsection", {})})
    return course(chapter("c1", part, **odd.get("section", {})), **{"grading_policy": POLICY, **odd.get("course", {})})


def visit(client: Client) -> None:
    """Every page of a learner; an error anywhere fails the test."""
    here = f"/courses/{RUN}"
    answer = f"{here}/xblock/block-v1:Lyk+T101+2026+type@problem+block@p1/handler/xmodule_handler/problem_check"
    for page in ("course/", "courseware/c1/s1/1/", "progress", "dates", "bookmarks/", "about"):
        assert client.get(f"{here}/{page}").status_code < 500
    assert client.post(answer, {"input_p1_2_1": "choice_1"}).status_code < 500
    assert client.get("/dashboard").status_code < 500


class OddSettings(TestCase):
    """A learner and a beta tester in courses of odd settings."""

    @classmethod
    def setUpTestData(cls) -> None:
        store_course(tree({}))
        alice, beta = learner("alice"), learner("beta")
        accounts.grant_role(beta.pk, Role.BETA_TESTER, run=RUN)
        cls.people = [alice, beta]

    @settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        st.dictionaries(st.sampled_from(PLACES), st.dictionaries(st.sampled_from(NAMES), ODD, max_size=4), max_size=3)
    )
    @example({"course": {"days_early_for_beta": "1e12"}})
    @example({"course": {"start": "0001-01-01", "days_early_for_beta": 3}})
    @example({"course": {"start": "9999-12-31", "days_early_for_beta": -3}})
    @example({"course": {"user_partitions": [{"id": 5, "groups": 7}]}})
    @example({"course": {"user_partitions": [{"id": 5, "groups": ["a", {"id": []}]}]}})
    @example({"unit": {"group_access": {"50": [{"a": 1}]}}})
    @example({"unit": {"group_access": {"x": [2]}}, "section": {"group_access": {"x": [[1]], "50": "abc"}}})
    @example({"problem": {"due": "9999-12-31", "graceperiod": "99 days"}})
    @example({"problem": {"due": "2020-01-01", "graceperiod": "99999999999 days"}})
    @example({"problem": {"graceperiod": "abc", "max_attempts": "many", "weight": "abc"}})
    @example({"problem": {"weight": 1e308, "max_attempts": 10**18}})
    def test_no_setting_breaks_a_learners_page(self, odd: dict[str, dict[str, Any]]) -> None:
        cache.clear()
        store_course(tree(json.loads(json.dumps(odd))))
        for who in self.people:
            client = Client()
            client.force_login(who)
            visit(client)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("days_early_for_beta", "1e12", "days_early_for_beta is '1e12', out of all proportion; ignored"),
        ("weight", 1e308, "weight is '1e+308', out of all proportion; ignored"),
        (
            "graceperiod",
            "9999999 days",
            "graceperiod is '9999999 days', which is no time like '2 days 3 hours'; ignored",
        ),
        ("graceperiod", 7, "graceperiod is '7', which is no time like '2 days 3 hours'; ignored"),
        (
            "group_access",
            '{"50":[{"a":1}]}',
            "group_access of partition 50 is [{'a': 1}], not a list of numbers; no other is let in",
        ),
        (
            "user_partitions",
            [{"id": 5, "groups": 7}],
            "user_partitions holds one without a number and a list of groups with numbers; ignored",
        ),
    ],
)
def test_an_author_is_told_of_a_value_that_is_ignored(name: str, value: Any, told: str) -> None:
    said: list[str] = []

    read_settings(Node("problem", {name: value}), said.append)

    assert said == [told]


def test_what_fits_is_kept_as_it_was() -> None:
    fields = {
        "graceperiod": "2 days 3 hours",
        "group_access": {"50": [1, 2]},
        "user_partitions": [{"id": "5", "groups": [{"id": 1}]}],
        "days_early_for_beta": 2.5,
    }

    inherited, _own = read_settings(Node("problem", fields))

    assert inherited == {**fields, "group_access": {50: [1, 2]}}
