"""Events from pages: which shapes and sizes are let in, and their old names."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lykeion.events.browser import parse_browser_events
from lykeion.events.types import BadEvent, BrowserEvent

NEXT = "edx.ui.lms.sequence.next_selected"


def one(**item: Any) -> BrowserEvent:
    """The value of one event."""
    return parse_browser_events([item])[0]


def test_an_event_comes_through_as_it_was_sent() -> None:
    event = one(event_type="problem_check", event="input_1=a&input_2=b", page="http://x/y")

    assert event == BrowserEvent("problem_check", "problem_check", "input_1=a&input_2=b", "http://x/y")


@pytest.mark.parametrize(
    ("happened", "sent", "age"),
    [
        (1_000_000, 1_002_500, 2.5),
        ("1000000", 1_002_500, 2.5),
        (1_002_500, 1_000_000, 0.0),  # the clock was set back in between
        (0, 90_000_000, 0.0),  # longer than a page stays open: 25 hours
        (None, 1_000_000, 0.0),
        (1_000_000, None, 0.0),
    ],
)
def test_how_long_an_event_waited_is_told_by_the_clock_of_the_browser(happened: Any, sent: Any, age: float) -> None:
    [event] = parse_browser_events([{"event_type": "x", "time": happened}], sent)

    assert event.age == age


@pytest.mark.parametrize("odd", ["soon", -1, 1e300, float("nan"), True, [], {}, "9" * 400, 10**400])
def test_what_is_no_time_is_refused(odd: Any) -> None:
    with pytest.raises(BadEvent, match="A time is a number of milliseconds"):
        one(event_type="x", time=odd)


def test_an_object_becomes_json_text() -> None:
    assert one(event_type="x", event={"a": 1}).event == '{"a":1}'
    assert one(event_type="x").event == ""


DEEP: Any = json.loads("[" * 400 + "]" * 400)
TABS = {"current_tab": 1, "target_tab": 2}


@pytest.mark.parametrize(
    "item",
    [
        {},
        {"event_type": None},
        {"event_type": "x" * 256},
        {"event_type": "<script>"},
        {"event_type": "line\nbreak"},
        {"event_type": "x", "event": "y" * 50_001},
        {"event_type": "x", "page": "http://" + "y" * 2_000},
        {"event_type": "x", "page": 7},
        {"event_type": "x", "event": DEEP},
        {"event_type": "edx.ui.lms.sequence.tab_selected", "event": json.dumps(TABS | {"x": DEEP})},
        "text",
    ],
)
def test_other_shapes_and_sizes_are_refused(item: Any) -> None:
    with pytest.raises(BadEvent):
        parse_browser_events([item])


def test_too_many_at_once_are_refused() -> None:
    with pytest.raises(BadEvent, match="At most 100"):
        parse_browser_events([{"event_type": "x"}] * 101)


@pytest.mark.parametrize("page", ["javascript:alert(1)", "http://[broken", "data:text/html,x"])
def test_what_is_no_page_of_the_web_is_left_out(page: str) -> None:
    assert one(event_type="x", page=page).page == ""


@pytest.mark.parametrize(
    ("name", "payload", "legacy", "move"),
    [
        (NEXT, {"current_tab": 2, "tab_count": 5}, "seq_next", (2, 3)),
        ("edx.ui.lms.sequence.previous_selected", {"current_tab": 2, "tab_count": 5}, "seq_prev", (2, 1)),
        ("edx.ui.lms.sequence.tab_selected", {"current_tab": 2, "target_tab": 4}, "seq_goto", (2, 4)),
    ],
)
def test_moves_within_a_sequence_have_their_old_name_too(
    name: str, payload: dict[str, int], legacy: str, move: tuple[int, int]
) -> None:
    event = one(event_type=name, event=json.dumps(payload))

    assert (event.name, event.event_type) == (name, legacy)
    assert json.loads(event.event) == {**payload, "old": move[0], "new": move[1]}


@pytest.mark.parametrize(
    ("name", "payload"),
    [
        (NEXT, {"current_tab": 5, "tab_count": 5}),
        ("edx.ui.lms.sequence.previous_selected", {"current_tab": 1, "tab_count": 5}),
        (NEXT, {}),
        (NEXT, []),
        (NEXT, "not json at all"),
    ],
)
def test_a_move_out_of_the_sequence_or_without_numbers_keeps_its_name(name: str, payload: Any) -> None:
    text = payload if isinstance(payload, str) else json.dumps(payload)

    assert one(event_type=name, event=text) == BrowserEvent(name, name, text, "")


def test_new_names_of_video_events_get_the_old_ones() -> None:
    event = one(event_type="edx.video.played", event="{}")

    assert (event.name, event.event_type) == ("edx.video.played", "play_video")
