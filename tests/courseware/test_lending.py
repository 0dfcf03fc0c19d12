from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from lykeion.accounts.models import User
from lykeion.catalog import api as catalog
from lykeion.core.keys import run_of, usage_of
from lykeion.courseware import api as courseware
from lykeion.courseware.bookmarking import marked
from lykeion.courseware.commit import commit
from lykeion.courseware.lending import EnrolmentFacts
from lykeion.courseware.parting import Group, NoSuchGroup
from lykeion.courseware.types import Visitor
from lykeion.courseware.visit import Work, begin, keeping
from tests.courseware.acting import enter
from tests.factories import NOW, PAST, RUN, Spec, learner, store_course

pytestmark = pytest.mark.django_db
UNIT = usage_of(RUN, "vertical@u1")


def asked(visitor: Visitor, name: str) -> Any:
    return begin(visitor).visit.services[name]


def test_a_block_marks_a_unit_when_the_visit_is_kept(trees: Spec) -> None:
    store_course(trees)
    alice = enter(learner())
    work = begin(alice)
    bookmarks = work.visit.services["bookmarks"]

    assert bookmarks.set_bookmarked(UNIT) is True
    assert bookmarks.is_bookmarked(UNIT) is False

    commit(alice, work.state, work.sink)

    assert bookmarks.is_bookmarked(UNIT) is True
    assert bookmarks.bookmarks(RUN) == [{"usage_id": str(UNIT)}]
    assert bookmarks.bookmarks(run_of("a", "b", "c")) == []

    keeping(alice, lambda again: again.visit.services["bookmarks"].unset_bookmarked(UNIT))

    assert marked(alice) == frozenset()


def test_a_block_marks_nothing_in_another_run(trees: Spec) -> None:
    store_course(trees)
    work = begin(enter(learner()))

    assert work.visit.services["bookmarks"].set_bookmarked(usage_of(run_of("a", "b", "c"), "vertical@u1")) is False
    assert work.sink.also == []


def test_tags_are_kept_by_learner_and_run(trees: Spec) -> None:
    store_course(trees)
    alice, dan = enter(learner()), enter(learner("dan"))

    def tag(work: Work) -> None:
        work.visit.services["user_tags"].set_tag("course", "group", "7")

    keeping(alice, tag)

    assert asked(alice, "user_tags").get_tag("course", "group") == "7"
    assert asked(alice, "user_tags").get_tag("course", "other") is None
    assert asked(dan, "user_tags").get_tag("course", "group") is None
    with pytest.raises(ValueError, match="scope 'course' only"):
        asked(alice, "user_tags").get_tag("site", "group")


def test_what_the_visitor_of_no_account_is_tagged_with_is_forgotten(trees: Spec) -> None:
    store_course(replace(trees, fields={**trees.fields, "course_visibility": "public"}))
    tags = asked(courseware.enter(AnonymousUser(), RUN, NOW), "user_tags")

    tags.set_tag("course", "group", "7")

    assert tags.get_tag("course", "group") is None


def test_blocks_learn_how_the_viewer_takes_the_run_and_of_nobody_else(trees: Spec) -> None:
    store_course(trees)
    alice = enter(learner())
    learner("dan")

    enrolments = asked(alice, "enrollments")

    assert enrolments.get_active_enrollments_by_course(RUN) == [
        EnrolmentFacts(RUN, alice.viewer.user_id or 0, "audit", True)
    ]
    assert enrolments.get_active_enrollments_by_course(run_of("a", "b", "c")) == []
    assert enrolments.get_active_enrollments_by_course_and_user(RUN, alice.viewer.user_id).mode == "audit"
    assert enrolments.get_active_enrollments_by_course_and_user(RUN, 1 + (alice.viewer.user_id or 0)) is None
    assert enrolments.get_enrollments_can_take_proctored_exams(RUN) == []


def test_grades_are_final_a_month_after_the_end(trees: Spec) -> None:
    store_course(replace(trees, fields={**trees.fields, "end": PAST}))
    alice = enter(learner())

    assert asked(alice, "grade_utils").are_grades_frozen() is True
    assert asked(replace(alice, at=PAST), "grade_utils").are_grades_frozen() is False


def test_who_has_left_takes_the_run_no_more(trees: Spec) -> None:
    store_course(trees)
    alice = enter(learner())
    assert alice.enrolment is not None
    left = replace(alice, enrolment=replace(alice.enrolment, is_active=False))

    assert asked(left, "enrollments").get_active_enrollments_by_course(RUN) == []


PARTITIONS = [
    {"id": 7, "name": "Pace", "scheme": "cohort", "groups": [{"id": 1, "name": "Quick"}, {"id": 2, "name": "Slow"}]},
    {"id": 8, "name": "Old", "active": False, "groups": [{"id": 1, "name": "X"}]},
    {"id": 9, "name": "Trial", "scheme": "random", "groups": [{"id": one, "name": str(one)} for one in range(1, 9)]},
]


def divided(trees: Spec) -> Visitor:
    """Alice, a free learner in the quick cohort of a course that divides its learners."""
    only = {"group_access": {"7": [1]}}
    parts = (*trees.children, replace(trees.children[1], id="c9", children=(), fields=only))
    fields = {**trees.fields, "user_partitions": PARTITIONS, "cohort_config": {"cohorted": True}}
    store_course(replace(trees, children=parts, fields=fields))
    catalog.make_cohort(RUN, "Q", at=PAST)
    catalog.link_cohort(RUN, "Q", (7, 1), at=PAST)
    alice = learner()
    catalog.add_to_cohort(RUN, "Q", ["alice"], at=PAST)
    return enter(alice)


def test_blocks_learn_how_a_course_divides_its_learners(trees: Spec) -> None:
    partitions = asked(divided(trees), "partitions")

    assert [(one.id, one.scheme.name, one.active) for one in partitions.course_partitions] == [
        (7, "cohort", True),
        (8, "random", False),
        (9, "random", True),
        (50, "enrollment_track", True),
    ]
    assert partitions.get_user_partition(7).get_group(2) == Group(2, "Slow")
    assert partitions.get_user_partition("8").groups == (Group(1, "X"),)
    assert partitions.get_user_partition(10) is None
    with pytest.raises(NoSuchGroup, match="has no group 3"):
        partitions.get_user_partition(7).get_group(3)


def test_blocks_learn_the_viewers_groups_and_nobody_elses(trees: Spec) -> None:
    alice = divided(trees)
    dan = learner("dan")
    partitions = asked(alice, "partitions")
    mine = [partitions.get_user_group_id_for_partition(alice.viewer.user_id, number) for number in (7, 50)]

    assert mine == [1, 1]
    assert partitions.get_group(dan, partitions.get_user_partition(50)) is None
    with pytest.raises(ValueError, match="has no partition 10"):
        partitions.get_user_group_id_for_partition(alice.viewer.user_id, 10)


def test_an_experiment_that_only_a_block_knows_draws_a_group_once(trees: Spec) -> None:
    alice = divided(trees)
    experiment = asked(alice, "partitions").get_user_partition(9)
    before = asked(alice, "partitions").get_group(alice.viewer.user_id, experiment, assign=False)

    drawn = {asked(enter_again, "partitions").get_user_group_id_for_partition(alice.viewer.user_id, 9)
             for enter_again in (alice, alice, again(alice), again(alice))}  # fmt: skip

    assert before is None
    assert len(drawn) == 1
    assert drawn <= {1, 2, 3, 4, 5, 6, 7, 8}


def again(visitor: Visitor) -> Visitor:
    """The same person, at their next request."""
    return enter(User.objects.get(pk=visitor.viewer.user_id))


def test_blocks_learn_how_far_the_viewer_is(trees: Spec) -> None:
    store_course(trees)
    alice, dan = enter(learner()), enter(learner("dan"))
    courseware.complete(alice, {"html@t1": 1.0})

    assert asked(alice, "completions")(["html@t1", "html@t2"]) == {"html@t1": 1.0}
    assert asked(dan, "completions")(["html@t1"]) == {}
    assert asked(alice, "completions")([]) == {}
