from __future__ import annotations

import pytest

from lykeion.core.whole import whole


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("12", 12), ("", None), ("-1", None), ("1.5", None), ("²", None), ("٣", None), ("9" * 5000, None)],
)
def test_only_what_is_a_number_that_somebody_can_mean(text: str, number: int | None) -> None:
    assert whole(text) == number
