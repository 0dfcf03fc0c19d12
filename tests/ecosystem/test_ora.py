"""Open response assessment, unmodified: written, and assessed by peers, by oneself, after training and by the team."""

from __future__ import annotations

import base64
import re

from playwright.sync_api import Page, expect

from tests.ecosystem.hosts import RUN, Cast, Site

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgAAIAAAAFAAF6TFUNAAAAAElFTkSuQmCC"


def test_peers_give_each_other_the_grades_of_the_course(cast: Cast, site: Site) -> None:
    pages = {name: cast.page(name) for name in ("alice", "carol")}  # with more it is chance who assesses whom
    for name, page in pages.items():
        page.goto(site.unit("response"))
        hand_in(page, f"{name} names a river", f"{name} knows its end")

    for page in pages.values():
        page.reload()
        assess(page, ".step--peer-assessment", "right", "plain")
        assess(page, ".step--self-assessment", "right", "fine")

    # Carol was assessed before she came to her own steps; Alice had done hers, and waited for Carol.
    expect(pages["carol"].locator(".step--grade")).to_contain_text("4 out of 5")
    assert [site.score(name, "openassessment@peers") for name in pages] == [(4.0, 5.0)] * 2
    assert [site.completion(name, "openassessment@peers") for name in pages] == [1.0] * 2
    pages["alice"].goto(f"/courses/{RUN}/progress")
    expect(pages["alice"].locator("main")).to_contain_text("4/5")
    names = ["create_submission", "peer_assess", "self_assess"]
    assert [len(site.events(f"openassessmentblock.{name}")) for name in names] == [2, 2, 2]


def test_the_team_grades_a_response_with_a_file_that_no_other_learner_gets(cast: Cast, site: Site) -> None:
    alice, bob, carol = (cast.page(name) for name in ("alice", "bob", "carol"))
    alice.goto(site.unit("response_staff"))
    bring(alice, "map.png", "My map")
    hand_in(alice, "See the map.")
    shown = alice.locator(".step--response img").first.get_attribute("src") or ""

    bob.goto(site.unit("response_staff"))
    bob.get_by_role("button", name=re.compile("grade available responses", re.IGNORECASE)).click()
    bob.locator(".staff__grade__show-form").click()
    assess(bob, ".openassessment__staff-area", "right")

    assert [one.request.get(shown).status for one in (alice, bob, carol)] == [200, 404, 404]
    carol.goto(site.unit("response_staff"))
    own = alice.evaluate("() => performance.getEntriesByType('resource').map(e => e.name)")
    put = next(address for address in own if "/openassessment/storage/" in address)
    token = {cookie["name"]: cookie["value"] for cookie in carol.context.cookies()}["csrftoken"]
    assert carol.request.put(put, data=b"x", headers={"X-CSRFToken": token}).status == 403
    expect_score(site, "alice", "openassessment@staffed", (3.0, 3.0))
    alice.reload()
    expect(alice.locator(".step--grade")).to_contain_text("3 out of 3")


def test_training_comes_before_assessing(cast: Cast, site: Site) -> None:
    dan = cast.page("dan")
    dan.goto(site.unit("response_training"))
    hand_in(dan, "Lake Como")

    assess(dan, ".step--student-training", "wrong", button="Compare")
    expect(dan.locator(".step--student-training")).to_contain_text(re.compile("differ", re.IGNORECASE))
    assess(dan, ".step--student-training", "right", button="Compare")
    assess(dan, ".step--self-assessment", "right")

    expect(dan.locator(".step--grade")).to_contain_text("3 out of 3")
    assert site.score("dan", "openassessment@trained") == (3.0, 3.0)


def hand_in(page: Page, *texts: str) -> None:
    """Writes a response to each prompt, and hands it in."""
    for number, text in enumerate(texts):
        page.locator(".submission__answer__part__text__value").nth(number).fill(text)
    confirm = page.locator(".ui-dialog-buttonset").get_by_role("button", name="Confirm")
    for _try in range(10):  # the page draws the step again after an upload, and a click in that moment is lost
        page.get_by_role("button", name=re.compile("Submit your response")).click()
        page.wait_for_timeout(1500)
        if confirm.is_visible():
            break
    confirm.click()
    expect(page.locator(".step--response")).to_contain_text(re.compile("complete", re.IGNORECASE))


def bring(page: Page, name: str, description: str) -> None:
    """Uploads a picture to a response."""
    picture = {"name": name, "mimeType": "image/png", "buffer": base64.b64decode(PIXEL)}
    page.wait_for_load_state("networkidle")  # its steps are drawn, and listen, only when all of them have come
    page.locator(".step--response input[type=file]").first.set_input_files(picture)
    expect(page.locator(".step--response textarea")).to_have_count(2)  # the response, and what the picture shows
    page.locator(".step--response textarea").last.fill(description)
    page.get_by_role("button", name="Upload files").click()
    expect(page.locator(".step--response img")).to_have_count(1)


def assess(page: Page, step: str, *options: str, button: str = "Submit") -> None:
    """Chooses an option of each criterion in an assessment, and submits it."""
    form = page.locator(step)
    done = form.get_by_role("button", name=re.compile(f"^{button}")).first
    page.wait_for_timeout(1000)  # the page draws a step again when the one before it is done
    for _try in range(20):
        for option in options:
            form.locator(f"input[value={option}]").first.check(force=True)
        if done.is_enabled():
            break
        page.wait_for_timeout(250)
    with page.expect_response(re.compile("/handler/(peer_assess|self_assess|staff_assess|training_assess)")):
        done.click()


def expect_score(site: Site, username: str, ref: str, score: tuple[float, float]) -> None:
    """The score is there as soon as the answer to whoever gave it is."""
    assert site.score(username, ref) == score
