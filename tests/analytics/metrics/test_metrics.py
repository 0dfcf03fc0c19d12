"""Each metric says what its plain definition says, on logs that hypothesis makes up."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from operator import itemgetter
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from lykeion.analytics.metrics import activity, completion, engagement, enrolment, grades, learners, problems, videos
from lykeion.analytics.metrics.tables import Params, Tables
from tests.analytics.lines import NOON, RUN, browser, check, enrolled, line
from tests.analytics.metrics import definitions
from tests.analytics.metrics.conftest import END, Measured, Row

OTHER = "course-v1:Lykeion+T2+now"
OLD = "Lykeion/T0/then"
USERS = st.integers(1, 4)
# How long examples take to make says nothing but that the machine is busy.
MADE = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
OUTLINE = [{"course_id": RUN, "block_id": f"{RUN}+b{number}", "part_id": f"part{number // 2}"} for number in range(4)]


ANY_TIME = st.integers(0, 16 * 24 * 60)
"""Minutes within sixteen days, two of them after the end."""
CLOSE = st.one_of(*(st.integers(day * 24 * 60, (day + 2) * 24 * 60) for day in (0, 1, 13)))
"""Minutes of a few days, one of them the end."""


TOGETHER = st.integers(0, 9)
"""Few minutes: much is told for the same one."""
AT_ONCE = st.integers(0, 40).map(lambda steps: steps / 12)
"""Minutes, in steps of five seconds."""


def events(
    kind: Callable[..., SearchStrategy[Callable[..., bytes]]], size: int = 30, slot: SearchStrategy[float] = ANY_TIME
) -> SearchStrategy[list[bytes]]:
    """Logs of events of a kind, never two at one moment but where moments are few."""
    made = st.tuples(slot, kind())
    unique = None if slot is TOGETHER else itemgetter(0)
    logs = st.lists(made, min_size=size // 3, max_size=size, unique_by=unique)
    return logs.map(lambda pairs: [make(NOON + timedelta(minutes=minutes)) for minutes, make in pairs])


@st.composite
def enrolments(draw: st.DrawFn) -> Any:
    user, mode = (
        draw(USERS),
        draw(st.sampled_from(["audit", "verified", "credit", "professional", "no-id-professional"])),
    )
    what = draw(st.sampled_from(["activated", "activated", "deactivated", "mode_changed"]))
    return lambda at: enrolled(user, at=at, mode=mode, what=what)


@st.composite
def submissions(draw: st.DrawFn) -> Any:
    user, problem = draw(USERS), draw(st.sampled_from(["p1", "p2", "p3"]))
    parts = {
        f"{problem}_{part}_1": (draw(st.sampled_from("abc")), draw(st.booleans()))
        for part in range(1 + (problem == "p3"))
    }
    course = draw(st.sampled_from([RUN, RUN, OTHER]))
    payload = check(parts, problem=problem)
    kind = draw(st.sampled_from(["multiplechoiceresponse"] * 4 + ["numericalresponse", "customresponse", None]))
    for part in payload["submission"].values():
        part["response_type"] = kind
    if kind is None:  # as logs of years ago have it
        rightness = {part: {"correctness": "correct" if right else "incorrect"} for part, (_, right) in parts.items()}
        payload |= {"submission": {}, "correct_map": rightness}
    return lambda at: line("problem_check", payload, user=user, at=at, module="A problem", course=course)


@st.composite
def watching(draw: st.DrawFn) -> Any:
    user, name = draw(st.sampled_from([1, 1, 2, 3])), draw(st.sampled_from(["play", "play", "pause", "stop", "seek"]))
    place = st.one_of(
        st.integers(0, 100), st.integers(0, 100), st.floats(0, 60), st.sampled_from([None, "NaN", -1, 40_000])
    )
    told: dict[str, Any] = {"id": draw(st.sampled_from(["v1", "v1", "v2"])), "currentTime": draw(place)}
    told["duration"] = draw(st.sampled_from([None, 0, 90, 60.5, -60, 40_000])) if told["id"] == "v1" else None
    if name == "seek":
        told |= {"old_time": draw(place), "new_time": draw(place)}
    return lambda at: browser(f"{name}_video", told, user=user, at=at)


@st.composite
def grading(draw: st.DrawFn) -> Any:
    user = draw(USERS)
    name = draw(
        st.sampled_from(["grades.course.grade_calculated", "course.grade.now_passed", "course.grade.now_failed"])
    )
    percent = draw(st.sampled_from([0, 0.05, 0.29, 0.5, 0.7, 1.0]))
    told = {"course_id": RUN, "user_id": user}
    if "calculated" in name:
        told |= {"percent_grade": percent, "letter_grade": draw(st.sampled_from(["", "Pass"]))}  # type: ignore[dict-item]
    return lambda at: line(f"edx.{name}", told, user=user, at=at)


@st.composite
def completing(draw: st.DrawFn) -> Any:
    user, number = draw(USERS), draw(st.integers(0, 4))
    told = {"course_id": RUN, "user_id": user, "block_id": f"{RUN}+b{number}", "block_type": "html"}
    told["completion"] = draw(st.sampled_from([0.0, 1.0, 1.0]))  # type: ignore[assignment]
    return lambda at: line("edx.completion.block_completion.changed", told, user=user, at=at)


@st.composite
def anything(draw: st.DrawFn) -> Any:
    source = draw(st.sampled_from(["server", "browser", "task"]))
    name = draw(
        st.sampled_from(["edx.forum.thread.created", "edx.forum.thread.voted", "page_close", f"/courses/{RUN}/"])
    )
    user, course = draw(st.sampled_from([1, 2, None])), draw(st.sampled_from([RUN, OTHER, ""]))
    return lambda at: line(name, {"commentable_id": "t"}, user=user, at=at, source=source, course=course)


def everything() -> SearchStrategy[Any]:
    return st.one_of(enrolments(), submissions(), watching(), grading(), anything())


def agree(found: Iterable[Row], defined: Iterable[Row]) -> None:
    """Both are the same rows, in the columns of the definition; fractions to nine digits."""
    wanted = [_plain(row, row) for row in defined]
    names = wanted[0] if wanted else None
    assert _sorted(_plain(row, names or row) for row in found) == _sorted(wanted)


def _plain(row: Row, names: Iterable[str]) -> Row:
    return {name: round(row[name], 9) if isinstance(row[name], float) else row[name] for name in sorted(names)}


def _sorted(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: str(list(row.values())))


@MADE
@given(lines=events(enrolments))
def test_enrolment_is_that_of_a_learner_and_day_at_a_time(measured: Measured, lines: list[bytes]) -> None:
    agree(measured(enrolment.enrolment, lines), definitions.enrolment.enrolment(lines, END))


@MADE
@given(lines=events(enrolments, 40))
def test_enrolments_are_those_of_a_state_machine(measured: Measured, lines: list[bytes]) -> None:
    agree(measured(enrolment.enrolments, lines), definitions.enrolment.enrolments(lines, END))


@st.composite
def people(draw: st.DrawFn) -> list[Row]:
    """What some of the learners told, in codes that there are and others."""
    return [
        {
            "user_id": user,
            "gender": draw(st.sampled_from(["f", "m", "o", "", "x", None])),
            "year_of_birth": draw(st.sampled_from([1990, 2001, None])),
            "education": draw(st.sampled_from(["hs", "p_se", "p", "", "what", None])),
            "country": draw(st.sampled_from(["GR", "", None])),
        }
        for user in draw(st.sets(USERS))
    ]


@MADE
@given(lines=events(enrolments), told=people())
def test_enrolment_is_counted_by_what_learners_told(measured: Measured, lines: list[bytes], told: list[Row]) -> None:
    by_day = measured(enrolment.enrolment_by_gender, lines, people=told)
    now = measured(enrolment.demography, lines, people=told)

    agree(by_day, definitions.enrolment.enrolment_by_gender(lines, END, told))
    agree(now, definitions.enrolment.demography(lines, END, told))


@MADE
@given(lines=events(lambda: st.one_of(enrolments(), grading()), 40))
def test_a_course_is_summed_up_by_track(measured: Measured, lines: list[bytes]) -> None:
    agree(measured(enrolment.summary, lines), definitions.enrolment.summary(lines, END))


@st.composite
def opening(draw: st.DrawFn) -> Any:
    where = draw(st.sampled_from(["a/b/", "a/b/2/", "a/b/1/", "a/b/1", "a/b/12", "a/b", "a/c/1", "a/", "", "a//2/"]))
    key = draw(st.sampled_from([RUN, RUN, OLD]))
    place = draw(st.sampled_from([f"/courses/{key}/courseware/{where}", f"/courses/{key}/course/", "/dashboard"]))
    source = draw(st.sampled_from(["server", "server", "browser"]))
    user = draw(st.sampled_from([1, 2, None]))
    return lambda at: line(place, "{}", user=user, at=at, source=source, course=key if "courses" in place else "")


@MADE
@given(lines=st.one_of(events(opening, 40), events(opening, 20, AT_ONCE)))
def test_subsections_are_told_by_the_addresses_of_their_pages(measured: Measured, lines: list[bytes]) -> None:
    agree(measured(engagement.visits, lines), definitions.engagement.visits(lines, END))


@MADE
@given(lines=events(lambda: st.one_of(submissions(), watching(), anything()), 40))
def test_what_is_used_is_counted_by_learner_and_day(measured: Measured, lines: list[bytes]) -> None:
    agree(measured(engagement.module_engagement, lines), definitions.engagement.module_engagement(lines, END))
    agree(measured(engagement.modules, lines), definitions.engagement.modules(lines, END))


@MADE
@given(lines=events(everything, 40))
def test_activity_counts_learners_once_a_week(measured: Measured, lines: list[bytes]) -> None:
    agree(measured(activity.weekly_activity, lines), definitions.activity.weekly_activity(lines, END))


@MADE
@given(lines=events(everything, 40))
def test_retention_counts_from_the_week_of_enrolment(measured: Measured, lines: list[bytes]) -> None:
    agree(measured(activity.retention, lines), definitions.activity.retention(lines, END))


@MADE
@given(lines=events(submissions))
def test_answers_are_the_first_and_the_last_of_each_learner(measured: Measured, lines: list[bytes]) -> None:
    agree(measured(problems.answers, lines), definitions.problems.answers(lines, END))
    agree(measured(problems.scores, lines), definitions.problems.scores(lines, END))
    agree(measured(problems.responses, lines), definitions.problems.responses(lines, END))


@MADE
@given(lines=events(submissions, 40))
def test_questions_tell_who_knows_the_rest(measured: Measured, lines: list[bytes]) -> None:
    agree(measured(problems.items, lines), definitions.problems.items(lines, END))


@MADE
@given(lines=st.one_of(events(watching, 60, CLOSE), events(watching, 60, TOGETHER)))
def test_a_timeline_is_that_of_a_segment_at_a_time(measured: Measured, lines: list[bytes]) -> None:
    seen = definitions.videos.watched(lines, END)

    agree(measured(videos.timeline, lines), [row for _video, rows in seen for row in rows])
    agree(measured(videos.videos, lines), [video for video, _rows in seen])


def all_viewings(tables: Tables, _params: Params) -> Any:
    return tables.viewings


@MADE
@given(lines=events(watching, 60, CLOSE))
def test_what_was_watched_on_a_day_is_told_by_it_and_the_days_beside_it(measured: Measured, lines: list[bytes]) -> None:
    days = {row["time"].date() for row in definitions.events.rows_of(lines)}
    by_day = []
    for day in days:
        around = [line for line in lines if abs((definitions.events.rows_of([line])[0]["time"].date() - day).days) <= 1]
        by_day += [row for row in measured(all_viewings, around) if row["day"] == day]

    agree(by_day, measured(all_viewings, lines))


@st.composite
def talking(draw: st.DrawFn) -> Any:
    """Posts, and votes for them, of which some are taken back; pages of subsections and of textbooks."""
    user, post = draw(st.sampled_from([1, 2, None])), draw(st.sampled_from(["p", "q", "r"]))
    what = draw(st.sampled_from(["thread", "response", "comment"]))
    leafs = draw(st.sampled_from(["book", "textbook.pdf.page.navigated", "textbook.pdf.chapter.navigated"]))
    name = draw(st.sampled_from([f"edx.forum.{what}.created", f"edx.forum.{what}.voted", "edx.forum.searched", leafs]))
    place = draw(st.sampled_from(["a/b/", "a/b/2/", "a/c/"]))
    told: dict[str, Any] = {"commentable_id": draw(st.sampled_from(["t", None])), "id": post}
    if name.endswith("voted"):
        told |= {"vote_value": draw(st.sampled_from(["up", "down"])), "undo_vote": draw(st.booleans())}
    if name == leafs and draw(st.booleans()):
        return lambda at: line(f"/courses/{RUN}/courseware/{place}", "{}", user=user, at=at)
    source = "browser" if name == leafs else "server"
    return lambda at: line(name, "{}" if name == leafs else told, user=user, at=at, source=source)


@MADE
@given(lines=events(lambda: st.one_of(submissions(), watching(), talking(), talking()), 60))
def test_reports_tell_what_each_learner_did_by_day_by_week_and_in_all(measured: Measured, lines: list[bytes]) -> None:
    agree(measured(engagement.by_day, lines), definitions.engagement.engagement_report(lines, END, "day"))
    agree(measured(engagement.by_week, lines), definitions.engagement.engagement_report(lines, END, "week"))
    agree(measured(engagement.ever, lines), definitions.engagement.engagement_report(lines, END, ""))


PLACES = [
    {"course_id": RUN, "part_id": part, "kind": kind, "entity": entity}
    for part, kind, entity in (
        ("b", "page", "a/b/1"), ("b", "page", "a/b/2"), ("c", "page", "a/c/1"),
        ("b", "problem", "p1"), ("c", "problem", "p2"), ("c", "problem", "p3"),
        ("b", "video", "v1"), ("b", "video", "v2"),
    )
]  # fmt: skip


@MADE
@given(lines=events(lambda: st.one_of(enrolments(), submissions(), watching(), talking(), opening()), 60))
def test_parts_are_reached_by_those_who_opened_tried_or_played_any_or_all(
    measured: Measured, lines: list[bytes]
) -> None:
    agree(measured(engagement.reach, lines, places=PLACES), definitions.engagement.reach(lines, END, PLACES))


@st.composite
def tagged(draw: st.DrawFn) -> Any:
    user, problem = draw(st.sampled_from([1, 2, None])), draw(st.sampled_from(["p1", "p2"]))
    tags = draw(st.sampled_from([{}, {"Level": "easy"}, {"Level": ["easy", "hard"], "Topic": ["a\tb"]}, None]))
    payload = check({f"{problem}_1": ("a", draw(st.booleans()))}, problem=problem)
    return lambda at: line("problem_check", payload, user=user, at=at, asides={"tagging_aside": {"saved_tags": tags}})


@MADE
@given(lines=events(tagged))
def test_problems_are_counted_by_the_tags_of_their_latest_submission(measured: Measured, lines: list[bytes]) -> None:
    agree(measured(problems.tags, lines), definitions.problems.tags(lines, END))


@MADE
@given(lines=events(everything, 60))
def test_learners_are_measured_by_their_course(measured: Measured, lines: list[bytes]) -> None:
    agree(measured(learners.engagement, lines), definitions.learners.engagement(lines, END))
    agree(measured(learners.engagement_ever, lines), definitions.learners.engagement_ever(lines, END))
    agree(measured(learners.ranges, lines), definitions.learners.ranges(lines, END))
    agree(measured(learners.learners, lines), definitions.learners.learners(lines, END))


@MADE
@given(lines=events(grading))
def test_grades_are_the_latest(measured: Measured, lines: list[bytes]) -> None:
    agree(measured(grades.grade_distribution, lines), definitions.grades.grade_distribution(lines, END))
    agree(measured(grades.averages, lines), definitions.grades.averages(lines, END))


@MADE
@given(lines=events(completing, 40))
def test_a_part_is_finished_when_all_in_it_is_done(measured: Measured, lines: list[bytes]) -> None:
    agree(measured(completion.completion, lines), definitions.completion.completion(lines, END))
    agree(measured(completion.funnel, lines, outline=OUTLINE), definitions.completion.funnel(lines, END, OUTLINE))
