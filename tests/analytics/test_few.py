"""Figures of what learners told of themselves tell of no one alone."""

from __future__ import annotations

import pytest

from lykeion.analytics.few import genders_by_day, traits


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ({"f": 20, "m": 10}, {"f": 20, "m": 10}),
        ({"f": 20, "m": 10, "o": 3, "": 1}, {"f": 20, "together": 13, "": 1}),
        ({"f": 20, "m": 4, "o": 3}, {"f": 20, "together": 7}),
        ({"f": 20, "m": 1}, {}),  # the rest would follow from the whole
        ({"f": 4, "": 90}, {}),
        ({"f": 20, "m": 0}, {"f": 20}),
    ],
)
def test_what_fewer_than_five_told_is_counted_together(counts: dict[str, int], shown: dict[str, int]) -> None:
    rows = traits(["gender", value, count] for value, count in counts.items())

    assert {value: count for _trait, value, count in rows} == shown


@pytest.mark.parametrize(
    ("years", "shown"),
    [
        ({"1990": 7, "1991": 5}, {"1990": 7, "1991": 5}),
        ({"1950": 1, "1988": 1, "1990": 4, "1991": 6, "2001": 2}, {"1990": 6, "1991": 8}),
        ({"1950": 1, "1990": 3}, {}),
        ({"1950": 1, "1990": 9, "": 2}, {"1990": 10, "": 2}),
    ],
)
def test_years_that_fewer_than_five_told_are_told_as_a_neighbouring_one(
    years: dict[str, int], shown: dict[str, int]
) -> None:
    rows = traits(["birth_year", year, count] for year, count in years.items())

    assert {year: count for _trait, year, count in rows} == shown


def test_genders_are_counted_together_on_all_days_or_none() -> None:
    days = {
        "2026-03-01": {"f": 5, "m": 2},
        "2026-03-02": {"f": 6, "m": 7},
        "2026-03-03": {"f": 9, "m": 7, "o": 1, "": 3},
    }

    rows = genders_by_day([day, gender, count] for day, counts in days.items() for gender, count in counts.items())

    assert rows == [
        ["2026-03-02", "f", 6], ["2026-03-02", "together", 7],
        ["2026-03-03", "f", 9], ["2026-03-03", "together", 8], ["2026-03-03", "", 3],
    ]  # fmt: skip


@pytest.mark.parametrize("last", [{"f": 20, "m": 1}, {"f": 1}, {"": 9}])
def test_without_a_gender_that_tells_of_enough_no_day_is_shown(last: dict[str, int]) -> None:
    assert genders_by_day([["2026-03-01", "f", 20], *(["2026-03-02", *pair] for pair in last.items())]) == []


def test_nobody_is_no_figure() -> None:
    assert (traits([]), genders_by_day([])) == ([], [])
