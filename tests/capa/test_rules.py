"""When a problem may be answered, saved, reset and explained."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lykeion.capa import rules
from lykeion.capa.rules import ProblemSettings, ProblemState, Score

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DUE = NOW - timedelta(hours=1)
FULL, HALF = Score(2, 2), Score(1, 2)


def test_grace_keeps_a_problem_open_after_it_is_due() -> None:
    late = ProblemSettings(due=DUE)
    graced = ProblemSettings(due=DUE, graceperiod=timedelta(hours=2))

    assert rules.is_closed(late, ProblemState(), NOW)
    assert not rules.is_closed(graced, ProblemState(), NOW)


def test_a_problem_closes_with_its_last_attempt() -> None:
    settings = ProblemSettings(max_attempts=2)

    assert rules.can_submit(settings, ProblemState(attempts=1), NOW)
    assert not rules.can_submit(settings, ProblemState(attempts=2), NOW)


def test_a_problem_that_changes_every_time_waits_for_reset() -> None:
    settings = ProblemSettings(rerandomize="true")

    assert not rules.can_submit(settings, ProblemState(done=True), NOW)
    assert rules.shows_reset(settings, ProblemState(done=True), NOW, verdict_seen=True)


@pytest.mark.parametrize(
    ("settings", "state", "shown"),
    [
        ({"show_reset_button": True}, {"score": HALF}, True),
        ({"show_reset_button": True}, {"score": FULL}, False),
        ({"rerandomize": "onreset"}, {"done": True, "score": FULL}, True),
        ({"rerandomize": "onreset"}, {"done": False, "score": HALF}, False),
        ({"show_reset_button": True, "due": DUE}, {"score": HALF}, False),
        ({"show_reset_button": True, "max_attempts": 0}, {"score": HALF}, True),
    ],
)
def test_the_reset_button_is_there_when_it_does_something(
    settings: dict[str, Any], state: dict[str, Any], shown: bool
) -> None:
    assert rules.shows_reset(ProblemSettings(**settings), ProblemState(**state), NOW, verdict_seen=True) is shown


@pytest.mark.parametrize("score", [HALF, FULL])
def test_the_reset_button_does_not_tell_a_hidden_verdict(score: rules.Score) -> None:
    state = ProblemState(done=True, score=score)

    assert rules.shows_reset(ProblemSettings(show_reset_button=True), state, NOW, verdict_seen=False)


@pytest.mark.parametrize(
    ("settings", "state", "shown"),
    [
        ({}, {}, False),
        ({"max_attempts": 3}, {}, True),
        ({"max_attempts": 3}, {"attempts": 3}, False),
        ({"max_attempts": 0}, {}, True),
        ({"rerandomize": "always"}, {}, True),
        ({"rerandomize": "always"}, {"done": True}, False),
        ({"force_save_button": True}, {}, True),
        ({"force_save_button": True, "due": DUE}, {}, False),
    ],
)
def test_the_save_button_is_there_when_an_attempt_is_worth_saving(
    settings: dict[str, Any], state: dict[str, Any], shown: bool
) -> None:
    assert rules.shows_save(ProblemSettings(**settings), ProblemState(**state), NOW) is shown


@pytest.mark.parametrize(
    ("value", "staff", "seen"),
    [
        ("always", False, True),
        ("never", False, False),
        ("never", True, False),
        ("never_but_include_grade", True, False),
        ("past_due", True, True),
    ],
)
def test_results_are_withheld_as_the_team_decided(value: str, staff: bool, seen: bool) -> None:
    assert rules.correctness_available(ProblemSettings(show_correctness=value), NOW, staff=staff) is seen


def test_results_past_due_come_with_the_close_date() -> None:
    def seen(due: datetime | None) -> bool:
        return rules.correctness_available(ProblemSettings(show_correctness="past_due", due=due), NOW, staff=False)

    assert [seen(None), seen(DUE), seen(NOW + timedelta(hours=1))] == [True, True, False]


OPEN = ProblemState(attempts=1, done=True, score=HALF)
USED_UP = ProblemState(attempts=3, done=True, score=HALF)
SOLVED = ProblemState(attempts=1, done=True, score=FULL)
FRESH = ProblemState(score=Score(0, 2))


@pytest.mark.parametrize(
    ("showanswer", "when"),
    [
        ("always", [FRESH, OPEN, USED_UP, SOLVED]),
        ("attempted", [OPEN, USED_UP, SOLVED]),
        ("attempted_no_past_due", [OPEN, USED_UP, SOLVED]),
        ("answered", [SOLVED]),
        ("closed", [USED_UP]),
        ("finished", [USED_UP, SOLVED]),
        ("correct_or_past_due", [SOLVED]),
        ("past_due", []),
        ("after_attempts", [USED_UP]),
        ("after_all_attempts", [USED_UP]),
        ("after_all_attempts_or_correct", [USED_UP, SOLVED]),
        ("never", []),
        ("", []),
    ],
)
def test_answers_are_shown_when_the_team_said(showanswer: str, when: list[ProblemState]) -> None:
    settings = ProblemSettings(showanswer=showanswer, max_attempts=3, attempts_before_showanswer_button=2)

    shown = [
        state for state in (FRESH, OPEN, USED_UP, SOLVED) if rules.answer_available(settings, state, NOW, staff=False)
    ]

    assert shown == when


def test_staff_see_answers_unless_nobody_may() -> None:
    def seen(**settings: str) -> bool:
        return rules.answer_available(ProblemSettings(**settings), FRESH, NOW, staff=True)  # type: ignore[arg-type]

    assert seen(showanswer="past_due")
    assert not seen(showanswer="never")
    assert not seen(showanswer="always", show_correctness="never")


def test_the_wait_between_submissions_is_told_in_whole_seconds() -> None:
    settings = ProblemSettings(submission_wait_seconds=60)

    assert rules.seconds_to_wait(settings, ProblemState(), NOW) == 0
    assert rules.seconds_to_wait(settings, ProblemState(last_submission=NOW - timedelta(seconds=12.5)), NOW) == 48
    assert rules.seconds_to_wait(settings, ProblemState(last_submission=NOW - timedelta(seconds=61)), NOW) == 0


@pytest.mark.parametrize(
    ("method", "score"),
    [
        ("last_score", Score(1, 3)),
        ("first_score", Score(0, 3)),
        ("highest_score", Score(2, 3)),
        ("average_score", Score(1.0, 3)),
    ],
)
def test_attempts_add_up_by_the_grading_method(method: str, score: Score) -> None:
    assert rules.score_by_method([Score(0, 3), Score(2, 3), Score(1, 3)], method, 3) == score


def test_the_weight_scales_points_and_leaves_nothing_of_nothing() -> None:
    assert rules.weighted(Score(1, 4), 10) == Score(2.5, 10)
    assert rules.weighted(Score(1, 4), None) == Score(1, 4)
    assert rules.weighted(Score(0, 0), 10) == Score(0, 0)


def test_a_learners_variant_is_one_of_twenty_and_stays() -> None:
    seeds = {rules.fixed_seed("per_student", user_id=user, usage_key="block-v1:x") for user in range(200)}

    assert seeds <= set(range(20))
    assert len(seeds) > 10
    assert rules.fixed_seed("never", user_id=1, usage_key="x") == 1
    assert rules.fixed_seed("always", user_id=1, usage_key="x") is None
