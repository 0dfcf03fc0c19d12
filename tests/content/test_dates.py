"""Dates in the forms that real courses hold."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from lykeion.content.dates import BadDate, parse_date


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2013-02-05T05:00:00Z", datetime(2013, 2, 5, 5, tzinfo=UTC)),
        ('"2017-03-01T12:30:00Z"', datetime(2017, 3, 1, 12, 30, tzinfo=UTC)),
        ("2016-04-18T14:15", datetime(2016, 4, 18, 14, 15, tzinfo=UTC)),
        ("2016-04-18", datetime(2016, 4, 18, tzinfo=UTC)),
        ("2016-04-18T14:15:00+02:00", datetime(2016, 4, 18, 12, 15, tzinfo=UTC)),
        ("2016-04-18T14:15:00.250000+00:00", datetime(2016, 4, 18, 14, 15, 0, 250000, tzinfo=UTC)),
        ("Nov 9 23:00 EST 2012", datetime(2012, 11, 10, 4, tzinfo=UTC)),
        ("9 March 2014 10:00 UTC", datetime(2014, 3, 9, 10, tzinfo=UTC)),
        ("March 9 2014 10:00 XYZ", datetime(2014, 3, 9, 10, tzinfo=UTC)),
        (" 2030-01-01T00:00:00Z ", datetime(2030, 1, 1, tzinfo=UTC)),
        (0, datetime(1970, 1, 1, tzinfo=UTC)),
        (1_400_000_000_000, datetime(2014, 5, 13, 16, 53, 20, tzinfo=UTC)),
    ],
)
def test_a_date_is_read_as_a_moment_in_utc(text: object, moment: datetime) -> None:
    assert parse_date(text) == moment


@pytest.mark.parametrize("value", [None, "", '""', "  "])
def test_nothing_is_no_date(value: object) -> None:
    assert parse_date(value) is None


@pytest.mark.parametrize(
    "value",
    ["soon", "2012", "Nov 2012", "Nov 9 23:00 EST", "23:00", "2013-13-01", "9" * 5000, "0001-01-01T00:00:00+14:00",
     True, [], {}, 10**30, float("inf")],
)  # fmt: skip
def test_what_is_no_whole_date_is_refused(value: object) -> None:
    with pytest.raises(BadDate):
        parse_date(value)
