"""Videos as learners use them: a file on a real site, YouTube as a frame that speaks its language."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect

from lykeion.blocks import api
from tests.blocks.visits import Block, visit
from tests.browser.conftest import violations
from tests.browser.sites import PATIENCE
from tests.browser.uipages import ORIGIN, Stage

COURSE = "/courses/course-v1:Lykeion+LEARN1+demo"
YOUTUBE = """<script>
  let state = 5, time = 10, started = 0;
  const told = (event, info) => parent.postMessage(JSON.stringify({event, info, id: 1, channel: "widget"}), "*");
  const now = () => time + (state === 1 ? (performance.now() - started) / 1000 : 0);
  const info = () => told("infoDelivery", {playerState: state, currentTime: now(), duration: 100, muted: false});
  addEventListener("message", ({data}) => {
    const {event, func, args} = JSON.parse(data);
    if (event === "listening") { told("initialDelivery", {duration: 100}); told("onReady", null); }
    if (func === "playVideo") { started = performance.now(); state = 1; }
    if (func === "pauseVideo") { time = now(); state = 2; }
    if (func === "seekTo") { time = args[0]; started = performance.now(); }
    if (func) { document.title += func + " "; info(); }
  });
  setInterval(() => state === 1 && info(), 100);
</script>"""
LINES = {"start": [0, 20000], "end": [10000, 30000], "text": ["The beginning", "Where it turns"]}


def test_a_video_file_is_watched_with_its_transcript_and_remembered(page: Page, log_in: Callable[[str], None]) -> None:
    log_in("alice")
    page.goto(f"{COURSE}/about")
    enrol = page.get_by_role("button", name=re.compile("^enrol", re.IGNORECASE))
    if enrol.count():
        enrol.first.click()
        page.wait_for_url(re.compile("/course/"))
    page.goto(f"{COURSE}/jump_to_id/curve")
    expect(page.locator("video")).to_have_js_property("paused", True)
    assert violations(page) == []

    page.get_by_role("button", name="A review brings it back").click()
    expect(page.locator("[aria-current=true].transcript-line")).to_contain_text("A review brings")
    expect(page.locator("video")).to_have_js_property("paused", False)
    page.get_by_label("Speed").select_option("1.5")
    page.get_by_role("button", name="Captions").click()
    assert (
        page.evaluate("[...document.querySelector('video').textTracks].map(track => track.mode)").count("showing") == 1
    )

    page.get_by_label("Search the transcript").fill("REVIEW")
    expect(page.locator("mark")).to_have_text(["review"] * 3)
    page.get_by_label("Language of the transcript").select_option("de")
    expect(page.get_by_role("status").filter(has_text="Nothing found")).to_be_visible()
    page.get_by_role("group", name="Video").get_by_role("button", name="Pause").focus()
    with page.expect_response("**/save_user_state"):
        page.keyboard.press("k")
    expect(page.locator("video")).to_have_js_property("paused", True)

    page.reload()
    expect(page.locator(".video-time")).to_have_text(re.compile(r"0:(0[6-9]|1\d) / 0:14"))
    expect(page.get_by_label("Speed")).to_have_value("1.5")
    expect(page.get_by_label("Language of the transcript")).to_have_value("de")


def test_a_video_is_complete_at_its_end(page: Page, log_in: Callable[[str], None]) -> None:
    log_in("alice")
    page.goto(f"{COURSE}/jump_to_id/curve")
    page.get_by_label("Speed").select_option("2")

    with page.expect_response("**/publish_completion") as answer, page.expect_request("**/event") as events:
        page.locator(".transcript-line").last.click()

    assert answer.value.status == 200
    told = events.value.post_data or ""
    assert [name for name in ("load_video", "seek_video", "play_video") if name not in told] == []


@pytest.fixture
def stage(browser: Browser) -> Iterator[Stage]:
    """A page on a made-up site that can reach a made-up YouTube; a script error fails the test."""
    with browser.new_context(base_url=ORIGIN) as context:
        context.set_default_timeout(PATIENCE)
        stage = Stage(context.new_page())
        errors: list[str] = []
        stage.page.on("pageerror", lambda error: errors.append(str(error)))
        stage.page.route("**/*", stage.answer)
        yield stage
        assert errors == []


def put_video(stage: Stage, **fields: Any) -> None:
    seen = visit(Block("video", "v", {"display_name": "Talk", "transcripts": {"en": "t.srt"}} | fields))
    handler = seen.urls.handler(
        "block-v1:Lyceum+ETH1+2026+type@video+block@v", "transcript", "translation/en", "", thirdparty=False
    )
    stage.put_json(handler, LINES)
    stage.open(f"<h1>Unit</h1>{api.render(seen, 'video@v').html}")


def answer_as_youtube(route: Route, request: Request) -> None:
    route.fulfill(body=YOUTUBE, content_type="text/html")


def sent(stage: Stage, handler: str) -> list[Any]:
    return [json.loads(body) for path, body in stage.posts if path.endswith(f"/{handler}")]


def test_nothing_is_asked_of_youtube_before_the_learner_starts(stage: Stage) -> None:
    put_video(stage, youtube_id_1_0="abcdefghijk")
    expect(stage.page.get_by_text("Nothing is loaded from there")).to_be_visible()
    expect(stage.page.get_by_role("button", name="Play video: Talk")).to_be_visible()
    expect(stage.page.locator(".transcript-line")).to_have_count(2)

    assert [path for path in stage.asked if "youtube" in path] == []
    assert violations(stage.page) == []


def test_youtube_is_driven_by_our_controls(stage: Stage) -> None:
    stage.page.route(re.compile("youtube-nocookie"), answer_as_youtube)
    put_video(stage, youtube_id_1_0="abcdefghijk", start_time="00:00:10", end_time="00:00:21")
    page = stage.page

    page.get_by_role("button", name="Play video: Talk").click()
    expect(page.locator("iframe")).to_have_attribute(
        "src", re.compile("^https://www.youtube-nocookie.com/embed/abcdefghijk.*start=10")
    )
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    page.get_by_role("button", name="Captions").click()
    page.get_by_role("button", name="Where it turns").click()

    expect(page.locator(".video-caption")).to_have_text("Where it turns")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    expect(page.locator(".video-time")).to_have_text("0:21 / 1:40")
    assert sent(stage, "publish_completion") == [{"completion": 1.0}]
    assert {"saved_video_position": "00:00:21"} in sent(stage, "save_user_state")


def test_what_is_watched_on_youtube_after_a_skip_is_told(stage: Stage) -> None:
    stage.page.route(re.compile("youtube-nocookie"), answer_as_youtube)
    put_video(stage, youtube_id_1_0="abcdefghijk")
    stage.page.get_by_role("button", name="Play video: Talk").click()
    expect(stage.page.get_by_role("button", name="Pause")).to_be_visible()

    stage.page.get_by_role("button", name="Where it turns").click()
    with stage.page.expect_request("**/event") as request:
        stage.page.keyboard.press("k")

    told = re.findall(r'"event_type":"(\w+_video)","event":"(.*?[^\\])"', request.value.post_data or "")
    events = [(name, json.loads(json.loads(f'"{event}"'))) for name, event in told]
    assert [name for name, _ in events][-4:] == ["play_video", "seek_video", "play_video", "pause_video"]
    assert (events[-3][1]["new_time"], events[-2][1]["currentTime"]) == (20, 20)


def test_a_transcript_comes_although_the_site_was_out_of_breath(stage: Stage) -> None:
    busy = [503]
    stage.page.clock.install()
    stage.page.route(
        re.compile("/transcript/"), lambda route: route.fulfill(status=busy.pop()) if busy else route.fallback()
    )

    put_video(stage, youtube_id_1_0="abcdefghijk")
    stage.page.wait_for_function("() => document.querySelector('.transcript')")
    stage.page.clock.run_for(2000)

    expect(stage.page.locator(".transcript-line")).to_have_count(2)
    assert busy == []


def test_a_file_takes_over_when_youtube_cannot_be_reached(stage: Stage) -> None:
    stage.page.route(re.compile("youtube-nocookie"), lambda route: route.fulfill(body="blocked"))
    stage.page.clock.install()
    put_video(stage, youtube_id_1_0="abcdefghijk", html5_sources=["/static/ui/talk.webm"])

    stage.page.get_by_role("button", name="Play video: Talk").click()
    stage.page.clock.run_for(15_000)

    expect(stage.page.locator("iframe")).to_have_count(0)
    expect(stage.page.locator("video")).to_have_count(1)


def test_a_video_that_cannot_be_played_says_so(stage: Stage) -> None:
    put_video(stage, html5_sources=["/static/gone.mp4"])

    expect(stage.page.get_by_text("The video cannot be played here.")).to_be_visible()
