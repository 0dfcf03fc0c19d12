"""What charts are given to draw."""

from __future__ import annotations

from datetime import timedelta

import pytest
from lxml import etree

from lykeion.analytics import api as analytics
from lykeion.instructor import charts
from lykeion.instructor.panels import _every_week, from_nothing
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
