"""Where logs, lakes and files lie: what is said of a place that cannot be reached. Real ones: ``tests/spark``."""

from __future__ import annotations

import traceback

import pytest

from lykeion.core.places import PlaceError, opened


@pytest.mark.parametrize(
    "url",
    [
        "s3://KEY:hush@bucket/x?endpoint=hush",
        "s3://KEY:hu/hush@bucket/x",
        "s3://KEY:hush hush@bucket/x",
        "gs://hush@bucket/x",
        "gopher://KEY:hush@bucket/x",
    ],
)
def test_an_error_names_the_place_and_not_its_secrets(url: str) -> None:
    with pytest.raises(PlaceError, match="bucket/x cannot be opened") as caught:
        opened(url)

    assert "hush" not in "".join(traceback.format_exception(caught.value))
