"""What graders elsewhere answer, word for word, and what becomes of it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lykeion.capa.replies import BadReply, Reply, answered, input_waiting_for, read_feedback, read_reply
from lykeion.capa.types import InputResult

WAITING = InputResult("incomplete", msg="queued", queuestate={"key": "k1", "time": "20260601120000"})


def reply(**more: Any) -> str:
    return json.dumps({"correct": True, "score": 1, "msg": "<p>Well done.</p>"} | more)


def test_a_reply_says_whether_how_much_and_why() -> None:
    assert read_reply(reply(score=0.5)) == Reply(True, 0.5, "<p>Well done.</p>")


def test_points_below_nothing_are_nothing() -> None:
    assert read_reply(reply(score=-3)).points == 0


@pytest.mark.parametrize("truthy", [True, 1, "yes"])
def test_whatever_is_true_is_right(truthy: Any) -> None:
    assert read_reply(reply(correct=truthy)).correct


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("Good", "Good"),
        ("<p>a<p>b", "<p>a</p><p>b</p>"),
        ("<audio controls src='a'>x", "x"),
        ("a &nbsp; b", "a &nbsp; b"),
        ("1 < 2 & 3", "1 &lt; 2 &amp; 3"),
        ('<pre class="out">x</pre>', '<pre class="out">x</pre>'),
    ],
)
def test_a_message_may_be_xml_or_html_and_whole_or_broken(message: str, shown: str) -> None:
    assert read_reply(reply(msg=message)).message == shown


@pytest.mark.parametrize(
    "message",
    ['<img src="x" onerror="alert(1)">', "<script>alert(1)</script>hi", '<a href="javascript:alert(1)">x</a>'],
)
def test_a_message_can_do_the_page_no_harm(message: str) -> None:
    shown = read_reply(reply(msg=message)).message

    assert "alert" not in shown


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("no JSON", "not JSON"),
        ("[1]", "must be a JSON object"),
        ('{"correct": true, "score": 1}', "lacks msg"),
        ('{"msg": "x"}', "lacks correct, score"),
        (reply(msg=""), "not empty"),
        (reply(msg=None), "must be HTML"),
        (reply(msg="a\x01b"), "must be HTML"),
        (reply(msg="a" * 100_001), "longer than 100000"),
        (reply(score="1"), "must be a number"),
        (reply(score=True), "must be a number"),
        ('{"correct": true, "score": NaN, "msg": "x"}', "must be a number"),
        ('{"correct": true, "score": 1e999, "msg": "x"}', "must be a number"),
    ],
)
def test_a_reply_that_says_nothing_we_can_use_is_refused_with_the_reason(body: str, why: str) -> None:
    with pytest.raises(BadReply, match=why):
        read_reply(body)


def test_feedback_without_a_verdict_needs_a_message_only() -> None:
    assert read_feedback('{"msg": "<p>x = 1</p>"}') == "<p>x = 1</p>"


def test_the_verdict_takes_the_place_of_the_wait() -> None:
    assert answered(WAITING, Reply(True, 2.5, "fine")) == InputResult("correct", npoints=2.5, msg="fine")
    assert answered(WAITING, Reply(False, 0.5, "hm")) == InputResult("incorrect", npoints=0.5, msg="hm")


def test_only_the_right_key_finds_the_answer_that_waits() -> None:
    results = {"q_2_1": InputResult("correct"), "q_3_1": WAITING}

    found = [input_waiting_for(results, key) for key in ("k1", "k2", "", "ключ")]

    assert found == ["q_3_1", None, None, None]
