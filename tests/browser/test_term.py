"""The spine, as one learner walks it: from sign-up to a passed grade in the demo course."""

from __future__ import annotations

import re
import secrets

from playwright.sync_api import Page, expect

COURSE = "/courses/course-v1:Lykeion+LEARN1+demo"


def test_a_newcomer_signs_up_enrols_learns_and_passes(page: Page) -> None:
    name = f"eva{secrets.token_hex(3)}"

    _sign_up(page, name)
    _enrol(page)
    _read_and_watch(page)
    _answer_everything(page)

    page.goto(f"{COURSE}/progress")
    expect(page.locator("main")).to_contain_text("100%")
    expect(page.locator("main")).to_contain_text(re.compile("pass", re.IGNORECASE))


def test_a_learner_comes_back_to_where_she_was(page: Page) -> None:
    _sign_up(page, f"fay{secrets.token_hex(3)}")
    _enrol(page)
    page.goto(f"{COURSE}/jump_to_id/hw1a")
    _choose(page, "The curve", "In the first hours and days")

    page.goto("/dashboard")
    page.get_by_role("link", name=re.compile("resume|continue", re.IGNORECASE)).first.click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("What happens to memories")
    expect(page.get_by_label("In the first hours and days")).to_be_checked()


def _sign_up(page: Page, name: str) -> None:
    page.goto("/")
    page.get_by_role("link", name=re.compile("sign up|register|create", re.IGNORECASE)).first.click()
    page.get_by_label("Full name").fill("Eva Ernst")
    page.get_by_label("Username").fill(name)
    page.get_by_label(re.compile("e-?mail", re.IGNORECASE)).fill(f"{name}@example.com")
    page.get_by_label(re.compile("^password", re.IGNORECASE)).first.fill("a long enough sentence")
    page.get_by_role("button", name=re.compile("sign up|register|create", re.IGNORECASE)).click()
    page.wait_for_url(re.compile("dashboard"))


def _enrol(page: Page) -> None:
    page.goto("/courses")
    page.get_by_role("link", name=re.compile("How learning works")).first.click()
    page.get_by_role("button", name=re.compile("enrol", re.IGNORECASE)).click()
    page.wait_for_url(re.compile("/course/"))


def _read_and_watch(page: Page) -> None:
    page.get_by_role("link", name=re.compile("start", re.IGNORECASE)).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("What you will learn")
    page.goto(f"{COURSE}/jump_to_id/curve")
    page.locator("video").evaluate("video => { video.muted = true; video.playbackRate = 8; return video.play() }")
    page.wait_for_function("document.querySelector('video').currentTime > 14")
    expect(page.get_by_text("This line is how much you remember").first).to_be_visible()


def _answer_everything(page: Page) -> None:
    page.goto(f"{COURSE}/jump_to_id/hw1a")
    _choose(page, "The curve", "In the first hours and days")
    _choose(page, "What strengthens a memory", "Recalling it after a day", "Explaining it to a friend")
    page.goto(f"{COURSE}/jump_to_id/hw1b")
    _write(page, "How much is left?", "e^(-4/4)")
    page.goto(f"{COURSE}/jump_to_id/hw2a")
    _pick(page, "Name the habit", "spacing")
    _write(page, "In one word", "Mixing")
    _write(page, "A plan", "4")
    page.goto(f"{COURSE}/jump_to_id/quiz1")
    _choose(page, "Question 1", "One hour on four days, the last shortly before the test")
    _choose(page, "Question 2", "Flash cards", "Writing a summary from memory", "Answering these questions")
    page.goto(f"{COURSE}/jump_to_id/quiz2")
    _pick(page, "Question 3", "grow")
    _write(page, "Question 4", "1885")


def _choose(page: Page, title: str, *labels: str) -> None:
    problem = _problem(page, title)
    for label in labels:
        problem.get_by_label(label).check()
    _submit(problem)


def _pick(page: Page, title: str, option: str) -> None:
    problem = _problem(page, title)
    problem.get_by_role("combobox").select_option(option)
    _submit(problem)


def _write(page: Page, title: str, text: str) -> None:
    problem = _problem(page, title)
    problem.get_by_role("textbox").fill(text)
    _submit(problem)


def _problem(page: Page, title: str):  # type: ignore[no-untyped-def]  # a Locator; playwright's stubs name it elsewhere
    return page.locator("[data-block-type=problem]").filter(has=page.get_by_role("heading", name=title))


def _submit(problem) -> None:  # type: ignore[no-untyped-def]  # a Locator
    problem.get_by_role("button", name="Submit").click()
    expect(problem).to_contain_text(re.compile(r"Correct \("))
