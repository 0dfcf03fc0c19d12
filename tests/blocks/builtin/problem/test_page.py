"""A problem as it is shown."""

from __future__ import annotations

import pytest
from lxml.html import fromstring

from lykeion.blocks import api as blocks
from lykeion.content.types import BlockFacts, Node
from tests.blocks.builtin.problem.asking import (
    ANSWER,
    CHOICE,
    check,
    heard,
    problem,
    shown,
)
from tests.blocks.visits import BOB, NOBODY, as_seen_by


@pytest.mark.parametrize(
    "typed", ["/static/a.png", '<img src="/static/a.png">', "<a href='/jump_to_id/x'>", "/course/1"]
)
def test_what_a_learner_typed_comes_back_as_typed(typed: str) -> None:
    seen = problem('<problem><stringresponse answer="x"><textline/></stringresponse></problem>')

    check(seen, typed)

    assert fromstring(shown(seen)).xpath(f'//input[@name="{ANSWER}"]/@value') == [typed]


def test_a_problem_is_a_form_that_works_without_scripts() -> None:
    html = shown(problem(max_attempts=2), csrf_token="c5rf")

    assert '<h2 class="problem-title" id="q-title">Quiz</h2>' in html
    assert 'action="/courses/course-v1:Lyceum+ETH1+2026/xblock/' in html
    assert "handler/xmodule_handler/problem_check" in html
    assert '<input type="hidden" name="csrfmiddlewaretoken" value="c5rf">' in html
    assert "1 point possible (ungraded)" in html
    assert "You have used 0 of 2 attempts" in html
    assert "The reason." not in html
    assert "Well done." not in html


def test_looking_at_a_problem_writes_nothing() -> None:
    seen = problem()

    shown(seen)

    assert seen.state.documents == {}  # type: ignore[attr-defined]


def test_visitors_are_asked_to_sign_in() -> None:
    html = shown(as_seen_by(problem(), NOBODY), "public_view")

    assert "Sign in" in html
    assert "right" not in html


def test_the_course_knows_the_points_without_a_learner() -> None:
    facts = blocks.facts(Node("problem", {"data": CHOICE}))

    assert facts == BlockFacts(has_score=True, max_score=1.0, completion="completable", icon="problem")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("<problem><script>x = 1</script></problem>", "needs a program of its author"),
        ("<problem><oops</problem>", "has a mistake in it"),
    ],
)
def test_a_problem_that_cannot_be_used_says_so_and_takes_no_attempt(data: str, words: str) -> None:
    seen = problem(data)

    assert words in shown(seen)
    reply = check(seen, "x")

    assert "Nothing was lost." in reply["error"]
    assert heard(seen, "grade") == []
    assert reply["attempts_used"] == 0


def test_the_course_team_reads_what_is_wrong_and_learners_do_not() -> None:
    seen = problem("<problem>\n<oops</problem>")

    assert "line 2" in shown(as_seen_by(seen, BOB))
    assert "line 2" not in shown(seen)


def test_a_survey_link_carries_the_learners_own_anonymous_id() -> None:
    seen = problem('<problem><a href="https://survey.example/?id=$anonymous_student_id">Survey</a></problem>')

    assert "?id=a11ce" in shown(seen)
    assert "?id=b0b" in shown(as_seen_by(seen, BOB))
