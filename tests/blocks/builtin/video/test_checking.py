from __future__ import annotations

import pytest

from lykeion.blocks.builtin.video.checking import MOST, Problem, Unreadable, read_checked
from lykeion.blocks.builtin.video.transcripts import Cue

GOOD = "1\n00:00:01,000 --> 00:00:02,000\nHello\n"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.srt", GOOD),
        ("a.SRT", GOOD.replace("\n", "\r\n")),
        ("a.vtt", "WEBVTT - a --> b\n\nNOTE x --> y\n\n00:01.000 --> 00:02.000 align:start\nHello\n"),
        ("a.txt", "\ufeff" + GOOD),
        ("a.sjson", '{"start": [1000, 5], "end": [2000, 5], "text": ["Hello", ""]}'),
    ],
)
def test_good_files_are_read(name: str, text: str) -> None:
    assert read_checked(name, text.encode()) == (Cue(1, 2, "Hello"),)


def test_every_line_that_is_wrong_is_told() -> None:
    text = GOOD + "\n2\n00:00:05,000 -> 00:00:06,000\nx\n\n3\n0:5 --> 0:6\n\n4\n00:00:09,000 --> 00:00:08,000\ny\n"

    with pytest.raises(Unreadable) as raised:
        read_checked("a.srt", text.encode())

    assert [problem.line for problem in raised.value.problems] == [6, 10, 13]
    assert raised.value.problems[2] == Problem(13, "The cue ends before it begins: 00:00:09,000 --> 00:00:08,000.")


def test_a_file_that_is_wrong_all_over_is_told_in_part() -> None:
    with pytest.raises(Unreadable) as raised:
        read_checked("a.srt", b"a --> b\n" * 1000)

    assert len(raised.value.problems) == MOST
