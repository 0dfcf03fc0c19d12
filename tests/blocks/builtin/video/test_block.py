from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import Any

import pytest
from lxml import html
from webob import Request

from lykeion.blocks import api
from lykeion.blocks.types import StateKey, Visit
from lykeion.content.types import BlockFacts, Node
from tests.blocks.visits import DAN, NOBODY, Block, Site, as_seen_by, visit

SRT = b"1\n00:00:01,000 --> 00:00:02,000\nHello\n"
FIELDS: dict[str, Any] = {
    "display_name": "A <walk>",
    "html5_sources": ["/static/walk.mp4", "https://example.org/walk.webm"],
    "transcripts": {"en": "walk.srt", "de": "walk-de.srt"},
    "start_time": "00:00:05",
    "end_time": "00:01:00",
}


class Files:
    """A course's files."""

    def __init__(self, **files: bytes) -> None:
        self.files = {name.replace("__", "."): data for name, data in files.items()}
        self.reads: list[str] = []

    def read(self, path: str) -> bytes | None:
        self.reads.append(path)
        return self.files.get(path)

    def version(self, path: str) -> str | None:
        data = self.files.get(path)
        return None if data is None else hashlib.sha256(data).hexdigest()


def video(fields: dict[str, Any] | None = None, **files: bytes) -> Visit:
    return visit(Block("video", "v", FIELDS if fields is None else fields), course_files=Files(**files))


def player(seen: Visit) -> Any:
    return html.fromstring(api.render(seen, "video@v").html).find_class("video-block")[0]


def asked(seen: Visit, suffix: str) -> Any:
    return api.handle(seen, "video@v", "transcript", suffix, Request.blank("/"))


def told(seen: Visit, handler: str, value: Any) -> Any:
    request = Request.blank("/", method="POST", body=json.dumps(value).encode())
    return api.handle(seen, "video@v", handler, "", request)


def test_a_file_plays_without_scripts() -> None:
    element = player(video()).find(".//video")

    assert [(one.get("src"), one.get("type")) for one in element.iter("source")] == [
        ("/assets/walk.mp4", "video/mp4"),
        ("https://example.org/walk.webm", "video/webm"),
    ]
    assert [(one.get("srclang"), one.get("label")) for one in element.iter("track")] == [
        ("en", "English"),
        ("de", "Deutsch"),
    ]
    assert "controls" in element.attrib
    assert "autoplay" not in element.attrib


class Studio(Site):
    """Addresses of another part of the site, which learners may not ask."""

    def handler(self, usage: str, handler: str, suffix: str, query: str, *, thirdparty: bool) -> str:
        return f"/studio{super().handler(usage, handler, suffix, query, thirdparty=thirdparty)}"


def test_learners_ask_their_own_addresses_also_after_an_author_looked_at_the_same_video() -> None:
    seen = video()

    authors, learners = player(replace(seen, urls=Studio())), player(seen)

    for told in ("data-video-save-url-value", "data-video-completion-url-value"):
        assert authors.get(told).startswith("/studio/courses/")
        assert learners.get(told).startswith("/courses/")
    assert "/studio/" not in html.tostring(learners).decode()


def test_the_player_knows_its_borders_and_its_title_is_text() -> None:
    shown = player(video())

    assert (shown.get("data-video-start-value"), shown.get("data-video-end-value")) == ("5", "60")
    assert shown.find("h2").text == "A <walk>"


def test_nothing_of_youtube_is_in_the_page_but_a_link_for_those_without_scripts() -> None:
    rendered = api.render(video({"youtube_id_1_0": "abc-DEF_123"}), "video@v")

    assert "iframe" not in rendered.html
    assert "<script" not in rendered.html
    assert rendered.html.count("youtube.com") == 2
    assert not rendered.legacy


@pytest.mark.parametrize("bad", ["javascript:x", '"><b', "a/b", "abc"])
def test_an_id_that_is_none_is_left_out(bad: str) -> None:
    assert "youtube.com" not in api.render(video({"youtube_id_1_0": bad}), "video@v").html


def test_a_video_without_source_says_so() -> None:
    assert player(video({})).find_class("video-note")[0].text == "This video has no source yet."


def test_position_speed_and_language_are_remembered_for_each_learner() -> None:
    seen = video()
    told(seen, "save_user_state", {"saved_video_position": "00:00:42", "speed": 1.5, "transcript_language": "de"})

    assert json.loads(player(seen).get("data-video-state-value")) == {
        "position": 42.0,
        "speed": 1.5,
        "language": "de",
        "remember": True,
    }
    assert json.loads(player(as_seen_by(seen, DAN)).get("data-video-state-value"))["position"] == 0
    assert seen.state.documents == {  # type: ignore[attr-defined]
        StateKey(1, "usage", "video@v"): {"saved_video_position": "00:00:42", "speed": 1.5},
        StateKey(1, "type", "video"): {"global_speed": 1.5, "transcript_language": "de"},
    }


def test_the_speed_of_one_video_is_that_of_the_next() -> None:
    seen = visit(Block("video", "v", FIELDS), Block("video", "w", FIELDS))
    told(seen, "save_user_state", {"speed": 2})

    next_one = html.fromstring(api.render(seen, "video@w").html).find_class("video-block")[0]

    assert json.loads(next_one.get("data-video-state-value"))["speed"] == 2.0


@pytest.mark.parametrize("wrong", [{"saved_video_position": "soon"}, {"speed": "fast"}, {"speed": None}])
def test_wrong_states_are_refused(wrong: dict[str, Any]) -> None:
    seen = video()

    assert told(seen, "save_user_state", wrong).status_code == 400
    assert seen.state.documents == {}  # type: ignore[attr-defined]


def test_an_absurd_speed_and_an_unknown_language_are_not_kept() -> None:
    seen = video()
    told(seen, "save_user_state", {"speed": 1e9, "transcript_language": "tlh"})

    state = json.loads(player(seen).get("data-video-state-value"))

    assert (state["speed"], state["language"]) == (3.0, "en")


def test_visitors_are_not_remembered() -> None:
    seen = as_seen_by(video(), NOBODY)
    rendered = api.render(seen, "video@v", "public_view")

    state = html.fromstring(rendered.html).find_class("video-block")[0].get("data-video-state-value")
    assert json.loads(state)["remember"] is False


def test_the_player_says_when_it_is_complete() -> None:
    seen = video()

    assert told(seen, "publish_completion", {"completion": 1.0}).json == {"result": "ok"}
    assert seen.sink.all == [("completion", "video@v", 1.0, None)]  # type: ignore[attr-defined]


@pytest.mark.parametrize("wrong", [{}, {"completion": "x"}, {"completion": 2}])
def test_wrong_completions_are_refused(wrong: dict[str, Any]) -> None:
    assert told(video(), "publish_completion", wrong).status_code == 400


def test_a_transcript_comes_in_every_form() -> None:
    seen = video(walk__srt=SRT)

    lines = asked(seen, "translation/en")
    assert (lines.content_type, lines.json) == ("application/json", {"start": [1000], "end": [2000], "text": ["Hello"]})
    track = asked(seen, "download/en.vtt")
    assert (track.content_type, track.text) == ("text/vtt", "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nHello\n")
    assert asked(seen, "download/en.srt").body == SRT
    assert asked(seen, "download/en.txt").text == "Hello\n"
    assert asked(seen, "available_translations").json == ["en", "de"]


def test_a_saved_transcript_has_a_name() -> None:
    request = Request.blank("/?save=1")

    answer = api.handle(video(walk__srt=SRT), "video@v", "transcript", "download/en.srt", request)

    assert answer.content_disposition == 'attachment; filename="transcript-en.srt"'


@pytest.mark.parametrize(
    "suffix", ["translation/de", "translation/fr", "download/en.exe", "", "nonsense", "translation/"]
)
def test_what_is_not_there_is_not_found(suffix: str) -> None:
    assert asked(video(walk__srt=SRT), suffix).status_code == 404


def test_a_file_that_is_no_transcript_is_as_good_as_none() -> None:
    assert asked(video(walk__srt=b"%PDF"), "translation/en").status_code == 404


@pytest.mark.parametrize("data", [SRT.replace(b"Hello", b"Once"), b"%PDF once"])
def test_a_file_is_read_once_whoever_asks_for_it(data: bytes) -> None:
    seen = video(walk__srt=data)
    files = seen.services["course_files"]

    first, second = (asked(one, "translation/en").body for one in (seen, as_seen_by(seen, DAN)))

    assert first == second
    assert files.reads == ["walk.srt"]


def test_transcripts_are_found_where_old_exports_keep_them() -> None:
    sjson = b'{"start": [1000], "end": [2000], "text": ["Hello"]}'
    seen = video({"youtube_id_1_0": "abcdefghijk", "sub": "abcdefghijk"})
    files = Files()
    files.files["subs_abcdefghijk.srt.sjson"] = sjson

    found = asked(replace(seen, services={"course_files": files}), "translation/en")

    assert found.json["text"] == ["Hello"]


def test_downloads_are_offered_when_the_author_wants_them() -> None:
    more = {"download_video": True, "download_track": True, "handout": "/static/notes.pdf"}
    links = [one.get("href") for one in player(video(FIELDS | more)).find_class("video-downloads")[0].iter("a")]

    assert links[0] == "/assets/walk.mp4"
    assert links[-1] == "/assets/notes.pdf"
    assert [link.rsplit("/", 1)[1] for link in links[1:-1]] == [
        "en.srt?save=1",
        "en.txt?save=1",
        "de.srt?save=1",
        "de.txt?save=1",
    ]
    assert player(video()).find_class("video-downloads") == []


def test_a_video_completes_by_rules_of_its_own() -> None:
    assert api.facts(Node("video", {})) == BlockFacts(icon="video", custom_completion=True)


def test_the_author_says_which_transcript_is_first_and_the_learner_chooses_another() -> None:
    seen = video({**FIELDS, "default_transcript": "de"}, **{"walk__srt": SRT, "walk-de__srt": SRT})

    first = json.loads(player(seen).get("data-video-state-value"))["language"]
    told(seen, "save_user_state", {"transcript_language": "en"})

    assert first == "de"
    assert json.loads(player(seen).get("data-video-state-value"))["language"] == "en"


@pytest.mark.parametrize(
    ("fields", "path"),
    [({}, ".//video[@poster='/assets/p.png']"), ({"youtube_id_1_0": "lVPPPpyUOR4"}, ".//img[@alt='']")],
)
def test_a_poster_is_shown_before_the_video_starts(fields: dict[str, Any], path: str) -> None:
    shown = player(video({**FIELDS, **fields, "thumbnail": "/static/p.png"}))

    assert shown.find(path) is not None


def test_a_licence_is_named_with_where_it_is_written() -> None:
    link = player(video({**FIELDS, "license": "creative-commons: ver=4.0 BY NC SA"})).find_class("video-licence")[0][0]

    assert link.text == "Creative Commons BY-NC-SA 4.0"
    assert link.get("href") == "https://creativecommons.org/licenses/by-nc-sa/4.0/"
    assert player(video()).find_class("video-licence") == []
