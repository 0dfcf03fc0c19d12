"""Videos: what their form shows and changes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from lykeion.authoring.api import components, video
from lykeion.authoring.api.video import VideoForm
from lykeion.authoring.types import Author, AuthoringError, NotAllowed
from lykeion.content import api as content
from lykeion.content.types import Json
from lykeion.olx.api import read_course, unpack
from tests.content.trees import NOON

Enter = Callable[..., Author]
EVERY = {
    "display_name": " A talk ",
    "youtube_id_1_0": "lVPPPpyUOR4",
    "youtube_id_0_75": "aaaaaaaaaaa",
    "html5_sources": ["https://example.org/a.mp4", "/static/b.webm"],
    "source": "https://example.org/a.mp4",
    "start_time": "00:01:05",
    "end_time": "01:00:00",
    "download_video": True,
    "download_track": True,
    "show_captions": False,
    "sub": "x",
    "track": "/static/t.pdf",
    "transcripts": {"de": "t-de.srt"},
    "handout": "/static/h.pdf",
    "edx_video_id": "e",
    "only_on_web": True,
    "license": "creative-commons: ver=4.0 BY NC ND",
    "thumbnail": "/static/p.png",
    "xml_children": ['<video_asset client_video_id="c" duration="125.5" image=""/>'],
    "xml_attributes": {"odd": "1"},
}


@pytest.mark.parametrize(
    "fields",
    [
        {},
        EVERY,
        {"start_time": 65.0, "html5_sources": None, "youtube_id_1_0": None},
        {"start_time": "soon", "license": "mine", "youtube_id_1_0": "not an id!", "handout": "a b"},
        {"html5_sources": [" https://example.org/a.mp4", ""], "show_captions": None},
    ],
)
def test_opening_and_saving_changes_nothing(fields: dict[str, Json]) -> None:
    assert video.changes(fields, video.shown(fields)) == ({}, [])


@pytest.mark.parametrize("name", ["demo-course", "engineering-structures", "supported-components"])
def test_opening_and_saving_changes_no_video_of_real_courses(shared: Path, tmp_path: Path, name: str) -> None:
    archive = shared / "courses" / f"{name}.tar.gz"
    if not archive.is_file():
        pytest.skip(f"needs {archive.name} in ../shared/courses")
    course = read_course(unpack(archive, tmp_path / "course"))

    videos = [block.fields for block in course.root.walk() if block.type == "video"]

    assert videos
    assert [seen for seen in videos if video.changes(seen, video.shown(seen)) != ({}, [])] == []


@pytest.mark.parametrize(
    ("form", "values", "unset"),
    [
        (VideoForm({"display_name": "Talk"}), {"display_name": "Talk"}, []),
        (VideoForm({"end_time": "2:30"}), {"end_time": "00:02:30"}, []),
        (VideoForm({"start_time": ""}), {}, ["start_time"]),
        (VideoForm({"handout": ""}), {}, ["handout"]),
        (VideoForm({"license": "all-rights-reserved"}), {"license": "all-rights-reserved"}, []),
        (VideoForm({"youtube": ""}), {"youtube_id_1_0": ""}, ["youtube_id_0_75"]),
        (VideoForm(flags={"show_captions": True}), {"show_captions": True}, []),
        (VideoForm(sources=["/static/b.webm", " "]), {"html5_sources": ["/static/b.webm"]}, []),
        (VideoForm(default_transcript="de"), {"default_transcript": "de"}, []),
    ],
)  # fmt: skip
def test_only_what_was_edited_changes(form: VideoForm, values: dict[str, Json], unset: list[str]) -> None:
    assert video.changes(EVERY, form) == (values, unset)


@pytest.mark.parametrize(
    "text",
    [
        "lVPPPpyUOR4",
        "https://www.youtube.com/watch?v=lVPPPpyUOR4&t=4s",
        "youtube.com/watch?feature=x&v=lVPPPpyUOR4",
        "https://youtu.be/lVPPPpyUOR4?si=1",
        "https://m.youtube.com/shorts/lVPPPpyUOR4",
        "https://www.youtube-nocookie.com/embed/lVPPPpyUOR4",
        "https://www.youtube.com/live/lVPPPpyUOR4",
    ],
)
def test_addresses_of_youtube_are_understood(text: str) -> None:
    assert video.youtube_id(text) == "lVPPPpyUOR4"


@pytest.mark.parametrize(
    ("form", "words"),
    [
        (VideoForm({"youtube": "https://vimeo.com/12345678"}), "no address or id of a YouTube video"),
        (VideoForm({"start_time": "half past"}), "Start: “half past” is no time"),
        (VideoForm({"end_time": "25:00:00"}), "Stop: “25:00:00” is no time"),
        (VideoForm({"start_time": "2:00", "end_time": "1:00"}), "stop at 1:00, before it starts at 2:00"),
        (VideoForm(sources=["example.org/a.mp4"]), "Source: “example.org/a.mp4” is no address"),
        (VideoForm({"thumbnail": "javascript:1"}), "Poster: “javascript:1” is no address"),
        (VideoForm({"license": "mine"}), "no licence"),
    ],
)
def test_what_cannot_be_saved_is_said(author: Enter, form: VideoForm, words: str) -> None:
    ref = components.add(author(), "vertical@unit", "video", {}, at=NOON)

    with pytest.raises(AuthoringError, match=words):
        video.save(author(), ref, form, base=None, at=NOON)


def test_a_save_keeps_all_other_fields(author: Enter) -> None:
    ref = components.add(author(), "vertical@unit", "video", EVERY, at=NOON)
    form = video.shown(EVERY)

    version = video.save(
        author(), ref, VideoForm({**form.texts, "end_time": "59:00"}, form.flags, form.sources), base=None, at=NOON
    )

    assert content.nodes([version])[version].fields == {**EVERY, "end_time": "00:59:00"}
    assert video.length_of(EVERY) == "2:05"


def test_who_may_not_edit_saves_nothing(author: Enter) -> None:
    ref = components.add(author(), "vertical@unit", "video", {}, at=NOON)

    with pytest.raises(NotAllowed):
        video.save(author("reader"), ref, VideoForm({"handout": "/static/a"}), base=None, at=NOON)
