"""Transcripts of videos."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from lykeion.authoring.api import components, files, transcripts
from lykeion.authoring.api.files import Bytes
from lykeion.authoring.api.transcripts import Cue
from lykeion.authoring.types import Author, AuthoringError, NotAllowed
from lykeion.content import api as content
from lykeion.content.types import ChangedMeanwhile, Json
from tests.content.trees import NOON

Enter = Callable[..., Author]
SRT = b"1\n00:00:01,000 --> 00:00:02,500\nRivers run.\n\n2\n00:00:03,000 --> 00:00:04,000\nThey rest.\n"
CUES = (Cue(1, 2.5, "Rivers run."), Cue(3, 4, "They rest."))


@pytest.fixture
def ref(author: Enter) -> str:
    return components.add(author(), "vertical@unit", "video", {"display_name": "Talk"}, at=NOON)


def fields(author: Author, ref: str) -> dict[str, Json]:
    return dict(components.place(author, ref).item.fields)


def test_a_file_becomes_the_transcript_of_a_language(author: Enter, ref: str) -> None:
    transcripts.upload(author(), ref, "de", "Vortrag.vtt", b"WEBVTT\n\n" + SRT.replace(b",", b"."), at=NOON)

    [german] = transcripts.listed(author(), ref)
    path = f"{ref.partition('@')[2]}-de.srt"
    assert (german.language, german.name, german.path, german.cues) == ("de", "German (Deutsch)", path, CUES)
    assert fields(author(), ref) == {"display_name": "Talk", "transcripts": {"de": path}}
    file = content.file(author().root, path)
    assert file is not None
    with content.open_file(file) as stream:
        assert stream.read() == SRT


def test_a_transcript_of_another_video_is_left_alone(author: Enter, ref: str) -> None:
    files.put(author(), "talk.srt", Bytes(SRT), NOON)
    components.save(author(), ref, {"transcripts": {"en": "talk.srt", "fr": "fr.srt"}}, base=None, at=NOON)
    english = transcripts.cues(author(), ref, "en")

    transcripts.write(author(), ref, "en", [*CUES, Cue(5, 6, "They end.")], version=english.version, at=NOON)

    now = {one.language: one for one in transcripts.listed(author(), ref)}
    assert now["en"].cues == (*CUES, Cue(5, 6, "They end."))
    assert now["fr"].problem == "The file fr.srt is missing."
    assert content.file(author().root, "talk.srt") is not None
    assert fields(author(), ref)["transcripts"]["fr"] == "fr.srt"


def test_a_transcript_for_learners_only_stays_so(author: Enter, ref: str) -> None:
    files.put(author(), "talk.srt", Bytes(SRT), NOON, locked=True)
    components.save(author(), ref, {"transcripts": {"en": "talk.srt"}}, base=None, at=NOON)

    transcripts.write(author(), ref, "en", CUES[:1], version=None, at=NOON)
    transcripts.write(author(), ref, "en", CUES, version=None, at=NOON)
    transcripts.write(author(), ref, "de", CUES, version=None, at=NOON)

    [english, german] = [content.file(author().root, one.path) for one in transcripts.listed(author(), ref)]
    assert english is not None
    assert german is not None
    assert (english.locked, german.locked) == (True, False)


def test_the_old_english_transcript_is_found_and_replaced(author: Enter, ref: str) -> None:
    sjson = json.dumps({"start": [1000], "end": [2500], "text": ["Rivers run."]}).encode()
    files.put(author(), "subs_abc.srt.sjson", Bytes(sjson), NOON)
    components.save(author(), ref, {"sub": "abc"}, base=None, at=NOON)

    assert transcripts.listed(author(), ref)[0].cues == CUES[:1]
    transcripts.write(author(), ref, "en", CUES, version=None, at=NOON)
    assert transcripts.listed(author(), ref)[0].cues == CUES
    transcripts.remove(author(), ref, "en", at=NOON)

    assert transcripts.listed(author(), ref) == []
    assert fields(author(), ref) == {"display_name": "Talk"}


def test_somebody_elses_work_on_a_language_is_not_overwritten(author: Enter, ref: str) -> None:
    transcripts.upload(author(), ref, "de", "a.srt", SRT, at=NOON)
    seen = transcripts.cues(author(), ref, "de").version
    transcripts.write(author("staff"), ref, "de", CUES[:1], version=seen, at=NOON)
    transcripts.write(author("staff"), ref, "fr", CUES[:1], version="", at=NOON)

    with pytest.raises(ChangedMeanwhile):
        transcripts.write(author(), ref, "de", CUES[1:], version=seen, at=NOON)
    assert transcripts.cues(author(), ref, "de").cues == CUES[:1]


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.srt", SRT.replace(b"00:00:03,000", b"00:00:3"), "Line 6: “00:00:3 --> 00:00:04,000” does not tell times"),
        ("a.srt", SRT.replace(b"02,500", b"00,500"), "Line 2: The cue ends before it begins"),
        ("a.vtt", b"WEBVTT\n\nRivers run.", "holds no line with times"),
        ("a.sjson", b'{"start": [1],\n "end": [2', "Line 2: This is not JSON"),
        ("a.sjson", b'{"start": [1], "end": [2, 3], "text": ["a"]}', "not equally long"),
        ("a.sjson", b'{"start": [3], "end": [2], "text": ["a"]}', "Cue 1"),
        ("a.docx", b"PK", "a.docx is none of these"),
        ("a.srt", b"\0\0\0", "no text file|not a text file"),
    ],
)
def test_what_is_wrong_in_a_file_is_said_with_its_line(
    author: Enter, ref: str, name: str, data: bytes, words: str
) -> None:
    with pytest.raises(AuthoringError, match=words):
        transcripts.upload(author(), ref, "de", name, data, at=NOON)
    assert transcripts.listed(author(), ref) == []


@pytest.mark.parametrize(
    ("found", "language", "words"),
    [
        ([Cue(2, 1, "a")], "de", r"Cue 1 ends \(00:01.000\) before it begins \(00:02.000\)"),
        ([Cue(0, 1, "a"), Cue(1, 2, "a" * 3000)], "de", "Cue 2 is too long"),
        ([Cue(0, 1, " ")], "de", "at least one cue"),
        ([Cue(0, 1, "a")], "../x", "no code of a language"),
    ],
)
def test_cues_that_cannot_be_are_refused(author: Enter, ref: str, found: list[Cue], language: str, words: str) -> None:
    with pytest.raises(AuthoringError, match=words):
        transcripts.write(author(), ref, language, found, version=None, at=NOON)


def test_readers_change_no_transcript(author: Enter, ref: str) -> None:
    with pytest.raises(NotAllowed):
        transcripts.upload(author("reader"), ref, "de", "a.srt", SRT, at=NOON)
    with pytest.raises(NotAllowed):
        transcripts.remove(author("reader"), ref, "de", at=NOON)


def test_languages_are_named() -> None:
    assert ("de", "German (Deutsch)") in transcripts.languages()
    assert transcripts.language_name("pt_BR") == "Brazilian Portuguese (Português Brasileiro)"
    assert transcripts.language_name("tlh") == "tlh"
