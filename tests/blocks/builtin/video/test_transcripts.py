from __future__ import annotations

import json
import tarfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lykeion.blocks.builtin.video.transcripts import (
    BadTranscript,
    Cue,
    as_sjson,
    as_srt,
    as_text,
    as_vtt,
    read_transcript,
)

CUES = (Cue(0.5, 2.25, "They walked & talked."), Cue(3661.0, 3662.001, "Then they stopped."))
SRT = """1
00:00:00,500 --> 00:00:02,250
They walked
<i>&amp; talked.</i>

2
01:01:01,000 --> 01:01:02,001
{\\an8}Then they   stopped.
"""


@pytest.mark.parametrize(
    "data",
    [
        SRT.encode(),
        SRT.replace("\n", "\r\n").encode("utf-8-sig"),
        SRT.encode("utf-16"),
        SRT.replace("\n\n", "\n\n\n\n").encode(),
        ("WEBVTT\n\nNOTE hi\n\n" + SRT.replace(",", ".").replace("2\n01:01", "name\n01:01")).encode(),
        SRT.replace("00:00:00,500", "00:00.500").replace("00:00:02,250", "00:02.25 align:start").encode(),
    ],
)
def test_srt_and_vtt_of_any_make_are_read(data: bytes) -> None:
    assert read_transcript("a.srt", data.replace(b"00:02.25 ", b"00:02.250 ")) == CUES


def test_sjson_is_read() -> None:
    assert read_transcript("subs_x.srt.sjson", json.dumps(as_sjson(CUES)).encode()) == CUES


def test_markup_of_strangers_is_text() -> None:
    data = b"1\n00:00:00,000 --> 00:00:01,000\na <script>alert(1)</script> &lt;b&gt;\n"

    assert read_transcript("a.srt", data) == (Cue(0, 1, "a alert(1) <b>"),)
    assert "&lt;b&gt;" in as_vtt(read_transcript("a.srt", data))


def test_cues_come_in_order_of_time() -> None:
    data = b"1\n00:00:09,000 --> 00:00:10,000\nlater\n\n2\n00:00:01,000 --> 00:00:02,000\nearlier\n"

    assert [cue.text for cue in read_transcript("a.srt", data)] == ["earlier", "later"]


@pytest.mark.parametrize("data", [b"", b"no times", b"\xff\xfe", b"%PDF-1.4", b"1\n00:00:00,000 --> 00:00:01,000\n"])
def test_other_files_are_refused_with_a_reason(data: bytes) -> None:
    with pytest.raises(BadTranscript, match=r"a\.srt holds no line with times"):
        read_transcript("a.srt", data)


@pytest.mark.parametrize("data", [b"{}", b"[]", b"{", b'{"start": ["x"], "end": [1], "text": ["a"]}', b"null"])
def test_broken_sjson_is_refused_with_a_reason(data: bytes) -> None:
    with pytest.raises(BadTranscript, match=r"a\.sjson is not JSON with the lists"):
        read_transcript("a.sjson", data)


def test_a_huge_file_is_refused() -> None:
    with pytest.raises(BadTranscript, match="larger than"):
        read_transcript("a.srt", b"x" * (9 << 20))


def test_words_alone() -> None:
    assert as_text(CUES) == "They walked & talked.\nThen they stopped.\n"


words = st.text("abc é漢", min_size=1).map(lambda text: " ".join(text.split())).filter(bool)
cues = st.lists(st.tuples(st.integers(0, 10**8), st.integers(0, 10**5), words), min_size=1).map(
    lambda rows: tuple(
        sorted(
            (Cue(start / 1000, (start + length) / 1000, text) for start, length, text in rows),
            key=lambda cue: cue.start,
        )
    )
)


@given(cues)
def test_what_is_written_is_read_again(cues: tuple[Cue, ...]) -> None:
    for name, text in (("a.srt", as_srt(cues)), ("a.vtt", as_vtt(cues)), ("a.sjson", json.dumps(as_sjson(cues)))):
        assert read_transcript(name, text.encode()) == cues


def test_the_transcripts_of_real_courses_are_read(shared: Path) -> None:
    with tarfile.open(shared / "courses" / "supported-components.tar.gz") as archive:
        names = [name for name in archive.getnames() if name.endswith((".srt", ".sjson"))]
        read = {name: read_transcript(name, archive.extractfile(name).read()) for name in names}  # type: ignore[union-attr]

    assert len(read) >= 5
    assert all(cue.end >= cue.start for cues in read.values() for cue in cues)
