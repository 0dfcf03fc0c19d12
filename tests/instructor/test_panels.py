"""What charts are given to draw."""

from __future__ import annotations

from datetime import timedelta

import pytest
from lxml import etree

from lykeion.analytics import api as analytics
from lykeion.analytics.types import Learner
from lykeion.core.clock import now
from lykeion.instructor import charts, reasons
from lykeion.instructor.panels.attending import _every_week
from lykeion.instructor.panels.panel import from_nothing
from lykeion.instructor.views import sql
from lykeion.ui.templatetags.ui import signed
from tests.factories import chapter, course, html, outline, sequential, vertical, video

NOBODY = {"any": 0, "attempted": 0, "played": 0, "posted": 0}


@pytest.mark.parametrize(
    ("days", "shown"),
    [
        ([], []),
        (["2026-03-01"], ["2026-02-28", "2026-03-01"]),
        (["2026-03-01", "2026-03-02"], ["2026-03-01", "2026-03-02"]),
    ],
)
def test_one_day_alone_comes_after_the_day_before(days: list[str], shown: list[str]) -> None:
    assert from_nothing(days, timedelta(days=1)) == shown


def test_one_week_alone_comes_after_a_week_without_anybody() -> None:
    week = {"week": "2026-03-02", **NOBODY, "any": 3}

    assert _every_week([week]) == [{"week": "2026-02-23", **NOBODY}, week]


def test_weeks_without_anybody_are_filled_in() -> None:
    first, third = {"week": "2026-03-02", **NOBODY, "any": 3}, {"week": "2026-03-16", **NOBODY, "any": 1}

    assert _every_week([first, third]) == [first, {"week": "2026-03-09", **NOBODY}, third]


def test_people_are_counted_in_whole_numbers() -> None:
    drawn = charts.lines("few", "Few", ["Monday", "Tuesday"], {"Learners": [0, 1]})

    axis = etree.fromstring(drawn).xpath("//*[starts-with(@class, 'axis y')]//*[local-name() = 'text']/text()")
    assert axis == ["0", "1"]


@pytest.mark.parametrize(("named", "ref"), [("curve", "video@curve"), ("words", "html@words"), ("gone", None)])
def test_what_events_call_a_video_is_the_video_though_its_unit_has_the_same_name(named: str, ref: str | None) -> None:
    unit = vertical("curve", video("curve"), html("words"))
    shape = outline(course(chapter("one", sequential("first", unit))))

    found = analytics.player(shape, named)

    assert (found.ref if found else None) == ref


@pytest.mark.parametrize(
    ("title", "label"),
    [
        ("Start here", "Start here: Videos played"),
        ("Remembering and forgetting", "Remembering…: Videos played"),
    ],
)
def test_labels_of_neighbours_differ_however_long_their_subsection_is_called(title: str, label: str) -> None:
    assert charts.fitting(title, ": Videos played") == label


@pytest.mark.parametrize(
    ("answer", "label"),
    [
        ("Yes", "Yes"),
        ("[Yes|No]", "Yes, No"),
        ("[Recalling it after a day|Reading it again at once]", "Recalling…fter a day, Reading it…in at once"),
        ("[Recalling it after a week|Reading it again at once]", "Recalling…ter a week, Reading it…in at once"),
        ("a" * 30 + "b" * 30, "a" * 21 + "…" + "b" * 22),
    ],
)
def test_answers_of_several_choices_are_told_apart_in_a_chart(answer: str, label: str) -> None:
    assert charts.chosen(answer) == label
    assert label in charts.stacks("answers", "Answers", [label], {"Right": [1]})


def test_reasons_are_told_in_good_english() -> None:
    told = dict.fromkeys(Learner.__dataclass_fields__, 0) | {"highly_engaged": True, "videos_viewed": 1}
    told |= {"discussion_contributions": 2, "problems_completed": 1}
    bounds = {f"{name}_low": 0.0 for name in told} | {f"{name}_high": 1.0 for name in told}

    [reason] = reasons.reasons(Learner(**told), bounds, now())  # type: ignore[arg-type]

    assert reason.why == "1 problem solved, 1 video, 2 posts"


def test_fewer_is_told_by_a_minus() -> None:
    assert [signed(number) for number in (3, 0, -55)] == ["+3", "0", "\u221255"]


@pytest.mark.parametrize(
    ("arrow", "words"),
    [
        ("int64", ("whole number", True)),
        ("decimal128(38, 0)", ("whole number", True)),
        ("decimal128(5, 2)", ("number", True)),
        ("double", ("number", True)),
        ("date32[day]", ("date", False)),
        ("timestamp[us, tz=UTC]", ("timestamp", False)),
        ("list<l: int32>", ("list", False)),
        ("bool", ("yes or no", False)),
        ("string", ("text", False)),
        ("null", ("null", False)),
    ],
)
def test_types_of_an_answer_are_called_as_those_of_tables(arrow: str, words: tuple[str, bool]) -> None:
    assert sql._kind(arrow) == words
