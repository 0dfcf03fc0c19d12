"""A learner acts, and their teacher sees it."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import orjson
import pyarrow.parquet as pq
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Command, violations

COURSE = "/courses/course-v1:Lykeion+LEARN1+demo"


def told_by(page: Page, log: Path, place: str, last: str) -> list[dict[str, Any]]:
    """What the page at ``place`` told the log, once it has told ``last``: that comes as it is left."""
    for _ in range(100):
        lines = map(orjson.loads, log.read_bytes().splitlines())
        told = [one for one in lines if one["event_source"] == "browser" and place in one["page"]]
        if any(one["name"] == last for one in told):
            return told
        page.wait_for_timeout(100)
    raise AssertionError(f"No {last} came; only {[one['name'] for one in told]}")


def test_who_leaves_while_a_video_plays_has_watched_until_there(
    page: Page, log_in: Callable[[str], None], home: Path
) -> None:
    log_in("alice")
    page.goto(f"{COURSE}/courseware/memory/remembering/1/")
    page.locator(".transcript-line").first.click()
    expect(page.get_by_role("group", name="Video").get_by_role("button", name="Pause")).to_be_visible()

    page.goto(f"{COURSE}/course/")

    told = told_by(page, home / "var" / "log" / "tracking.log", "/memory/remembering/1/", "page_close")
    assert [one["name"] for one in told][-2:] == ["pause_video", "page_close"]
    [left] = [orjson.loads(one["event"]) for one in told if one["name"] == "pause_video"]
    assert (left["id"], left["currentTime"] > 0) == ("curve", True)


def test_what_is_watched_after_a_skip_is_told(page: Page, log_in: Callable[[str], None], home: Path) -> None:
    log_in("alice")
    page.goto(f"{COURSE}/courseware/memory/remembering/1/?skipping")
    player = page.get_by_role("group", name="Video")
    player.get_by_role("button", name="Play", exact=True).click()
    expect(player.get_by_role("button", name="Pause")).to_be_visible()
    page.keyboard.press("ArrowRight")
    page.locator(".transcript-line").first.click()
    player.get_by_role("button", name="Pause").click()
    expect(player.get_by_role("button", name="Play", exact=True)).to_be_visible()
    page.keyboard.press("ArrowRight")
    page.goto(f"{COURSE}/course/")

    told = told_by(page, home / "var" / "log" / "tracking.log", "/?skipping", "page_close")
    events = [(one["name"], orjson.loads(one["event"])) for one in told]
    watching = ["play_video", *["seek_video", "play_video"] * 2, "pause_video", "seek_video"]
    assert [name for name, _ in events][-len(watching) - 1 : -1] == watching
    for (name, sought), (_, played) in pairwise(events[:-2]):
        assert name != "seek_video" or played["currentTime"] == pytest.approx(sought["new_time"], abs=0.5)


def test_what_is_watched_before_and_after_a_seek_while_it_plays_is_counted(
    page: Page, log_in: Callable[[str], None], lykeion: Command, home: Path
) -> None:
    log_in("bob")
    page.goto(f"{COURSE}/courseware/memory/remembering/1/?seeking")
    player = page.get_by_role("group", name="Video")
    player.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_function("document.querySelector('video').currentTime > 1")
    player.get_by_role("slider").fill("10")
    page.wait_for_function("document.querySelector('video').currentTime > 11")
    player.get_by_role("button", name="Pause").click()
    expect(player.get_by_role("button", name="Play", exact=True)).to_be_visible()
    page.goto(f"{COURSE}/course/")
    told = told_by(page, home / "var" / "log" / "tracking.log", "/?seeking", "page_close")

    lykeion("lake", "refresh")

    times = [one["time"] for one in told]
    seen = pq.read_table(home / "var" / "lake" / "settled" / "viewings").to_pylist()
    own = [(one["first"], one["last"]) for one in seen if one["user_id"] == told[0]["context"]["user_id"]]
    assert times == sorted(set(times))
    assert [place[0] for place in sorted(own)] == [0, 2]


def test_a_learner_answers_and_the_teacher_sees_it(
    page: Page, log_in: Callable[[str], None], lykeion: Command, home: Path
) -> None:
    log_in("alice")
    page.goto(f"{COURSE}/courseware/welcome/start/2/")
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Submit").first.click()
    expect(page.get_by_text("1 attempt").or_(page.get_by_text("correct", exact=False)).first).to_be_visible()
    page.goto(f"{COURSE}/course/")
    from_page = told_by(page, home / "var" / "log" / "tracking.log", "/welcome/start/2/", "page_close")
    said = {one["name"]: one for one in from_page}
    lykeion("lake", "refresh")
    page.context.clear_cookies()

    log_in("bob")
    page.goto(f"{COURSE}/instructor/analytics/problems")
    page.get_by_role("link", name="A first question").first.click()

    expect(page.get_by_role("img", name="Learners by their last answer").first).to_be_visible()
    page.get_by_role("region", name="Question 1", exact=True).get_by_text("The figures as a table").press("Enter")
    expect(page.get_by_role("table", name="Question 1")).to_contain_text("100 %")
    assert violations(page) == []
    assert list(said) == ["problem_check", "problem_graded", "page_close"]
    assert re.fullmatch(r"input_\w+_2_1=choice_\d", said["problem_check"]["event"])
    assert orjson.loads(said["problem_graded"]["event"])[0] == said["problem_check"]["event"]
    assert all(abs(one["context"]["clock_skew"]) < 60 for one in from_page)
    assert all(one["time"] <= one["context"]["received_at"] for one in from_page)
    page.goto(f"{COURSE}/instructor/analytics/sql")
    page.get_by_label("Question in SQL").fill(
        "SELECT title, success FROM submissions JOIN blocks ON block_id = problem_id"
    )
    page.get_by_label("Question in SQL").press("Control+Enter")
    expect(page.get_by_role("table", name="Answer")).to_contain_text("A first question", timeout=60_000)
    expect(page.get_by_role("region", name="Answer", exact=True)).to_be_focused()
    with page.expect_download() as file:
        page.get_by_role("link", name="CSV").click()
    assert file.value.path().read_text("utf-8-sig").startswith("title,success\nA first question,")
    assert violations(page) == []
    for name in ("", "/activity", "/learners"):
        page.goto(f"{COURSE}/instructor/analytics{name}")
        assert violations(page) == []
