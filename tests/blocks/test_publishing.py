"""What blocks tell the platform."""

from __future__ import annotations

from typing import Any

import pytest

from lykeion.blocks import api
from lykeion.blocks.types import HandlerFailed, Visit
from tests.blocks.visits import COUNTER, KEY, posted, visit


def told(name: str, data: Any) -> list[Any]:
    seen: Visit = visit(COUNTER)
    api.handle(seen, KEY, "tell", name, posted(data))
    return seen.sink.all  # type: ignore[attr-defined]


def test_what_blocks_publish_reaches_the_host() -> None:
    assert told("grade", {"value": 1, "max_value": 2}) == [("grade", "counter@c", 1, 2, {})]
    assert told("grade", {"value": 1.5, "max_value": None, "only_if_higher": True, "user_id": 1}) == [
        ("grade", "counter@c", 1.5, None, {"only_if_higher": True, "user_id": 1})
    ]
    assert told("completion", {"completion": 0.5}) == [("completion", "counter@c", 0.5, None)]
    assert told("progress", {}) == [("completion", "counter@c", 1.0, None)]
    assert told("my.event", {"a": [1]}) == [("my.event", "counter@c", {"a": [1]})]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("grade", {"value": "1", "max_value": 2}),
        ("grade", {"value": float("nan"), "max_value": 2}),
        ("grade", {"value": 1, "max_value": float("inf")}),
        ("grade", {"value": 10**400, "max_value": 2}),
        ("completion", {"completion": float("nan")}),
        ("completion", {"completion": 1.5}),
        ("completion", {"completion": None}),
    ],
)
def test_wrong_values_are_refused(name: str, data: Any) -> None:
    with pytest.raises(HandlerFailed):
        told(name, data)
