"""Single learners whose figures can be told by hand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from lykeion.analytics.metrics import activity, engagement, enrolment, learners, problems, videos
from tests.analytics.lines import NOON, RUN, answer, browser, enrolled, line
from tests.analytics.metrics.conftest import Measured


def watching(*steps: tuple[str, dict[str, Any]], user: int = 7, duration: float | None = 60) -> list[bytes]:
    """What a player told, a minute apart."""
    return [
        browser(
            f"{name}_video", {"id": "v", "duration": duration, **told}, user=user, at=NOON + timedelta(minutes=minute)
        )
        for minute, (name, told) in enumerate(steps)
    ]


def segments(measured: Measured, lines: list[bytes]) -> list[tuple[int, int, int]]:
    """Segment, learners, views."""
    found = measured(videos.timeline, lines)
    return sorted((row["segment"], row["users"], row["views"]) for row in found)


def test_what_is_watched_again_is_one_learner_and_two_views_and_a_gap_stays_a_gap(measured: Measured) -> None:
    lines = watching(
        ("play", {"currentTime": 0}),
        ("pause", {"currentTime": 9}),
        ("play", {"currentTime": 5}),
        ("pause", {"currentTime": 9}),
        ("play", {"currentTime": 20}),
        ("stop", {"currentTime": 24}),
    )

    assert segments(measured, lines) == [(0, 1, 1), (1, 1, 2), (4, 1, 1)]


def test_after_a_seek_the_player_begins_where_it_went(measured: Measured) -> None:
    lines = watching(
        ("play", {"currentTime": 0}),
        ("seek", {"old_time": 4, "new_time": 30}),
        ("play", {"currentTime": 4}),
        ("pause", {"currentTime": 34}),
    )

    assert segments(measured, lines) == [(0, 1, 1), (6, 1, 1)]


def test_a_seek_while_it_plays_is_told_at_the_moment_at_which_it_plays_on(measured: Measured) -> None:
    """A page tells both at once, in either order: what was watched before and after counts."""
    told = {"id": "v", "duration": 300}
    jump = [
        browser("seek_video", {**told, "old_time": 60, "new_time": 120}, at=NOON + timedelta(seconds=60)),
        browser("play_video", {**told, "currentTime": 120}, at=NOON + timedelta(seconds=60)),
    ]
    begins = browser("play_video", {**told, "currentTime": 0}, at=NOON)
    ends = browser("pause_video", {**told, "currentTime": 180}, at=NOON + timedelta(seconds=120))

    for both in (jump, jump[::-1]):
        found = segments(measured, [begins, *both, ends])
        assert found == [(segment, 1, 1) for segment in (*range(13), *range(24, 37))]


def test_after_a_pause_it_begins_where_it_says(measured: Measured) -> None:
    lines = watching(
        ("play", {"currentTime": 0}),
        ("pause", {"currentTime": 4}),
        ("seek", {"old_time": 4, "new_time": 30}),
        ("play", {"currentTime": 10}),
        ("pause", {"currentTime": 14}),
    )

    assert segments(measured, lines) == [(0, 1, 1), (2, 1, 1)]


def test_a_video_without_a_length_ends_where_nearly_all_leave(measured: Measured) -> None:
    lines = [
        line
        for user in range(1, 41)
        for line in watching(
            ("play", {"currentTime": 0}), ("pause", {"currentTime": 14 if user < 40 else 22}), user=user, duration=None
        )
    ]

    [video] = measured(videos.videos, lines)

    assert segments(measured, lines) == [(0, 40, 40), (1, 40, 40), (2, 40, 40)]
    figures = {"duration": 14.0, "viewers": 40, "users_at_start": 40, "users_at_end": 40, "users_of_all": 40}
    assert video == {"course_id": RUN, "video_id": "v", **figures}


def test_a_question_that_only_those_who_know_the_rest_get_right_tells_them_apart(measured: Measured) -> None:
    knows = {1: True, 2: True, 3: False, 4: False}
    lines = [
        answer(
            part, "yes" if well else "no", well, user=user, problem=part, at=NOON + timedelta(minutes=user * 9 + place)
        )
        for user, well in knows.items()
        for place, part in enumerate(("a", "b"))
    ]
    lines += [
        answer("c", "no", user == 3, user=user, problem="c", at=NOON + timedelta(hours=2 + user)) for user in knows
    ]

    found = {row["part_id"]: row["discrimination"] for row in measured(problems.items, lines)}

    assert {part: round(value, 3) for part, value in found.items()} == {"a": 0.577, "b": 0.577, "c": -0.577}


def test_what_a_teacher_does_to_a_grade_is_no_activity_of_the_learner(measured: Measured) -> None:
    lines = [
        enrolled(7, at=NOON),
        line("page_close", {}, user=7, at=NOON, source="server"),
        line(
            "edx.grades.subsection.grade_calculated",
            {"course_id": RUN, "user_id": 7, "block_id": "b"},
            user=99,
            at=NOON + timedelta(days=13),
        ),
        line(
            "edx.completion.block_completion.changed",
            {"course_id": RUN, "user_id": 7, "block_id": "b", "completion": 1.0},
            user=99,
            at=NOON + timedelta(days=13),
        ),
    ]

    [learner] = measured(learners.learners, lines)
    [week] = measured(activity.weekly_activity, lines)

    assert (learner["last"], learner["at_risk"]) == (NOON, True)
    assert (week["week"], week["any"]) == (NOON.date(), 1)


def test_a_part_is_reached_by_those_who_are_enrolled_now(measured: Measured) -> None:
    team, left = 99, 8
    lines = [
        enrolled(7),
        enrolled(left),
        *(answer("a", "yes", True, user=user, problem="p") for user in (7, left, team)),
    ]
    lines += [enrolled(left, what="deactivated", at=NOON + timedelta(days=1))]
    places = [{"course_id": RUN, "part_id": "s", "kind": "problem", "entity": "p"}]

    found = measured(engagement.reach, lines, places=places)

    assert found == [{"course_id": RUN, "part_id": "s", "kind": "problem", "there": 1, "some": 1, "every": 1}]


def test_pages_of_textbooks_are_counted_here_as_in_open_edx(measured: Measured) -> None:
    names = ("textbook.pdf.chapter.navigated", "textbook.pdf.page.navigated", "book")
    lines = [browser(name, {"page": 3}, at=NOON + timedelta(minutes=place)) for place, name in enumerate(names)]

    [learner] = measured(engagement.ever, lines)

    assert learner["textbook_pages"] == 2


def test_where_nearly_all_leave_is_the_end_though_somebody_looked_at_what_is_far_behind_it(measured: Measured) -> None:
    lines = [
        line
        for user in range(1, 41)
        for line in watching(("play", {"currentTime": 0}), ("pause", {"currentTime": 14}), user=user, duration=None)
    ]
    lines += watching(("play", {"currentTime": 50}), ("pause", {"currentTime": 54}), user=41, duration=None)

    assert segments(measured, lines) == [(0, 40, 40), (1, 40, 40), (2, 40, 40)]


def test_a_pause_that_tells_no_time_is_at_the_beginning_and_one_that_tells_nonsense_is_none(measured: Measured) -> None:
    nonsense = watching(("play", {"currentTime": 0}), ("pause", {"currentTime": "NaN"}), ("pause", {"currentTime": 19}))
    nothing = watching(("play", {"currentTime": 40}), ("pause", {}), ("pause", {"currentTime": 44}))

    assert segments(measured, nonsense) == [(0, 1, 1), (1, 1, 1), (2, 1, 1), (3, 1, 1)]
    assert segments(measured, nothing) == []


@pytest.mark.parametrize("told", [36_000, 1e9, -60])
def test_a_video_is_as_long_as_most_browsers_say(measured: Measured, told: float) -> None:
    seen = ("play", {"currentTime": 0}), ("stop", {"currentTime": 60})
    lines = [line for user in (1, 2) for line in watching(*seen, user=user)]

    [video] = measured(videos.videos, [*lines, *watching(*seen, user=3, duration=told)])

    assert (video["duration"], video["viewers"], video["users_of_all"]) == (60.0, 3, 3)


def test_a_longer_film_in_the_place_of_one_counts_to_its_end(measured: Measured) -> None:
    old = [line for user in (1, 2, 3) for line in _watched_to(60, user)]
    new = [line for user in (4, 5) for line in _watched_to(120, user)]

    [video] = measured(videos.videos, old + new)

    assert (video["duration"], video["users_of_all"], len(segments(measured, old + new))) == (120.0, 2, 25)


@pytest.mark.parametrize(
    ("honest", "others", "length"), [(0, 1, 120.0), (1, 1, 60.0), (38, 1, 60.0), (38, 2, 120.0), (58, 2, 60.0)]
)
def test_a_length_counts_when_one_in_twenty_were_told_it(
    measured: Measured, honest: int, others: int, length: float
) -> None:
    lines = [line for user in range(1, honest + 1) for line in _watched_to(60, user)]
    lines += [line for user in range(honest + 1, honest + others + 1) for line in _watched_to(120, user)]

    [video] = measured(videos.videos, lines)

    assert video["duration"] == length


def _watched_to(end: float, user: int) -> list[bytes]:
    return watching(("play", {"currentTime": 0}), ("stop", {"currentTime": end}), user=user, duration=end)


def test_a_track_that_was_empty_a_week_ago_and_is_now_is_none(measured: Measured) -> None:
    lines = [
        enrolled(1),
        enrolled(1, what="deactivated", at=NOON + timedelta(days=1)),
        enrolled(1, mode="verified", at=NOON + timedelta(days=12)),
    ]

    [only] = measured(enrolment.summary, lines)

    assert (only["mode"], only["count"], only["change"], only["cumulative"]) == ("verified", 1, 1, 1)


def test_who_changes_the_track_is_no_more_than_was_there_a_week_ago(measured: Measured) -> None:
    lines = [enrolled(user) for user in (1, 2, 3)]
    lines += [enrolled(user, mode="verified", what="mode_changed", at=NOON + timedelta(days=12)) for user in (1, 2, 3)]

    found = {
        row["mode"]: (row["count"], row["change"], row["cumulative"]) for row in measured(enrolment.summary, lines)
    }

    assert found == {"audit": (0, -3, 0), "verified": (3, 3, 3)}


def test_people_who_are_gone_are_no_learner_together(measured: Measured) -> None:
    lines = [enrolled(user) for user in (1, 2, 3)] + [line("page_close", {}, user=1)]

    [now] = measured(enrolment.summary, lines, gone=(2, 3))
    [came] = measured(activity.retention, lines, gone=(2, 3))
    told = measured(enrolment.demography, lines, gone=(2, 3), people=[])

    assert (now["count"], now["cumulative"]) == (1, 1)
    assert (came["active"], came["size"]) == (1, 1)
    assert {row["cumulative"] for row in told} == {1}
    assert [row["user_id"] for row in measured(enrolment.enrolments, lines, gone=(2, 3))] == [1]


def test_a_redirect_to_a_unit_is_one_view_and_a_page_of_open_edx_without_a_position_is_one_too(
    measured: Measured,
) -> None:
    place = f"/courses/{RUN}/courseware/s/u/"
    here = [line(place, "{}"), line(f"{place}2/", "{}", at=NOON + timedelta(seconds=1))]
    there = [line(place, "{}", user=8), line(f"{place}2/", "{}", user=8, at=NOON + timedelta(minutes=9))]

    [ours] = measured(engagement.visits, here)
    [theirs] = measured(engagement.visits, there)

    assert (ours["learners"], ours["views"]) == (1, 1)
    assert (theirs["learners"], theirs["views"]) == (1, 2)


def test_two_units_of_which_one_begins_as_the_other_are_two_views(measured: Measured) -> None:
    place = f"/courses/{RUN}/courseware/s/u/1"
    lines = [line(place, "{}"), line(f"{place}2", "{}", at=NOON + timedelta(seconds=7))]

    [found] = measured(engagement.visits, lines)

    assert (found["learners"], found["views"]) == (1, 2)


def test_pages_of_a_course_with_an_old_key_are_found(measured: Measured) -> None:
    old = "edX/DemoX/Demo"
    lines = [line(f"/courses/{old}/courseware/s/u/2/", "{}", course=old)]

    [found] = measured(engagement.visits, lines)
    [learner] = measured(engagement.ever, lines)

    assert (found["course_id"], found["section"], found["subsection"], found["views"]) == (old, "s", "u", 1)
    assert learner["last_subsection_viewed"] == "s/u"
