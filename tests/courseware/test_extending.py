"""Due dates that the team gives to one learner."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from lykeion.catalog import api as catalog
from lykeion.courseware import api as courseware
from lykeion.courseware.types import AccessDenied, DueLine, DueRefused, HandlerReply
from tests.courseware.acting import ENTER, answer, enter
from tests.courseware.conftest import POLICY
from tests.factories import (
    NOW,
    RUN,
    Spec,
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
DAY = timedelta(days=1)
YESTERDAY, TOMORROW = NOW - DAY, NOW + DAY
S = "sequential@s"


def late_course(**fields: object) -> Spec:
    """A graded subsection that was due yesterday, and one without a date."""
    late = sequential(
        "s", vertical("u", question("p"), text("t")), graded=True, format="Homework", due=YESTERDAY, **fields
    )
    free = sequential("free", vertical("u2", text("t2")))
    return course(chapter("c", late, free), grading_policy=POLICY)


def give(user, due: datetime = TOMORROW) -> DueLine:
    """Bob gives ``user`` more time."""
    return courseware.set_due(RUN, user.pk, S, due, by=None, at=NOW)


def is_taken(reply: HandlerReply) -> bool:
    """Whether an answer was graded."""
    return reply.grade is not None


def test_an_answer_before_the_learners_own_date_counts_and_nobody_elses_does() -> None:
    store_course(late_course())
    alice, dan = learner("alice"), learner("dan")
    give(alice)

    assert is_taken(answer(enter(alice), "p"))
    assert courseware.progress(enter(alice)).grade.percent == 1.0
    assert not is_taken(answer(enter(dan), "p"))
    assert courseware.progress(enter(dan)).grade.percent == 0.0


def test_after_a_reset_the_date_of_all_holds_again_and_points_stay() -> None:
    store_course(late_course())
    alice = learner("alice")
    give(alice)
    answer(enter(alice), "p")

    assert courseware.reset_due(RUN, alice.pk, S)

    assert not is_taken(answer(enter(alice), "p"))
    assert courseware.progress(enter(alice)).grade.percent == 1.0
    assert courseware.due_of(enter(alice), "problem@p") == YESTERDAY
    assert not catalog.run_and_enrolment(RUN, alice.pk)[1].own_dates
    assert not courseware.reset_due(RUN, alice.pk, S)


def test_the_grace_period_comes_on_top_of_the_learners_own_date() -> None:
    store_course(late_course(graceperiod="2 days"))
    alice = learner("alice")
    give(alice)

    assert is_taken(answer(enter(alice, TOMORROW + DAY), "p"))
    assert not is_taken(answer(enter(alice, TOMORROW + 3 * DAY), "p"))


def test_every_page_tells_the_learners_own_date() -> None:
    store_course(late_course())
    alice, dan = learner("alice"), learner("dan")
    give(alice)

    def told(user) -> list[datetime | None]:
        visitor = enter(user)
        home = courseware.home(visitor, all_open=True)
        due = [date.at for date in courseware.dates(visitor) if date.kind == "due"]
        lines = courseware.progress(visitor).sections[0].subsections
        return [home.sections[0].subsections[0].due, *due, courseware.unit(visitor, "vertical@u").due, lines[0].due]

    assert told(alice) == [TOMORROW] * 4
    assert told(dan) == [YESTERDAY] * 4
    assert [date.at for date in courseware.home(enter(alice)).dates if date.kind == "due"] == [TOMORROW]


def test_scores_hidden_until_due_stay_hidden_until_the_learners_own_date() -> None:
    store_course(late_course(show_correctness="past_due"))
    alice, dan = learner("alice"), learner("dan")
    give(alice)

    def hidden(user, at: datetime) -> bool:
        return bool(courseware.progress(enter(user, at)).sections[0].subsections[0].hidden)

    assert (hidden(alice, NOW), hidden(dan, NOW), hidden(alice, TOMORROW + DAY)) == (True, False, False)


def test_what_closes_after_its_date_closes_after_the_learners_own() -> None:
    store_course(late_course(hide_after_due=True))
    alice, dan = learner("alice"), learner("dan")
    give(alice)

    assert courseware.unit(enter(alice), "vertical@u").title == "u"
    for user, at in ((dan, NOW), (alice, TOMORROW + DAY)):
        with pytest.raises(AccessDenied) as denied:
            courseware.unit(enter(user, at), "vertical@u")
        assert denied.value.code == "closed_after_due"


def test_what_a_block_remembered_for_others_is_not_shown_to_the_learner() -> None:
    store_course(late_course())
    alice, dan = learner("alice"), learner("dan")
    give(alice)

    shown = [courseware.unit(enter(user), "vertical@u").blocks[0].html for user in (dan, alice, dan, alice)]

    assert ["The due date is over" in html for html in shown] == [True, False, True, False]


@pytest.mark.parametrize(
    ("ref", "due", "words"),
    [
        (S, YESTERDAY, "is due on"),
        (S, YESTERDAY - DAY, "is due on"),
        ("sequential@free", TOMORROW, "has no due date"),
        ("vertical@u", TOMORROW, "is no subsection"),
        ("sequential@none", TOMORROW, "is no subsection"),
    ],
)
def test_a_date_that_makes_no_sense_is_refused_in_words(ref: str, due: datetime, words: str) -> None:
    store_course(late_course())
    alice = learner("alice")

    with pytest.raises(DueRefused, match=words):
        courseware.set_due(RUN, alice.pk, ref, due, by=None, at=NOW)
    assert courseware.own_dues(RUN) == ()


def test_strangers_get_no_dates() -> None:
    store_course(late_course())

    with pytest.raises(DueRefused, match="does not take"):
        give(person("dan"))


def test_dates_are_listed_by_learner_and_by_subsection() -> None:
    store_course(late_course())
    alice, dan = learner("alice"), learner("dan")
    give(dan, TOMORROW)
    give(alice, TOMORROW)
    later = give(alice, TOMORROW + DAY)

    own = DueLine(dan.pk, "dan", S, "s", TOMORROW)
    assert courseware.own_dues(RUN) == (later, own)
    assert courseware.own_dues(RUN, user_id=dan.pk) == (own,)
    assert courseware.own_dues(RUN, ref="sequential@free") == ()


def test_only_learners_with_dates_of_their_own_cost_a_query(django_assert_num_queries) -> None:
    store_course(late_course())
    alice, dan = learner("alice"), learner("dan")
    give(alice)

    with django_assert_num_queries(ENTER):
        enter(dan)
    with django_assert_num_queries(ENTER + 1):
        enter(alice)


def test_the_team_sees_the_dates_of_all() -> None:
    store_course(late_course())
    give(learner("alice"))

    assert courseware.due_of(enter(teacher("bob")), S) == YESTERDAY
