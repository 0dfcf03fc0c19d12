"""Blocks in sandboxed frames, on the real pages of a real site: acid's checks, and what a hostile script may not do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Frame, Page, expect

from tests.browser.sites import serving
from tests.browser.test_acid import COURSE, FALSE_FAILURES, RUN, entered, marks

HOSTILE = """<html url_name="hostile"><![CDATA[<p>Hostile</p><script>
    function attempt(name, act) {
      try { window.tried[name] = String(act()) } catch (error) { window.tried[name] = error.name }
    }
    window.tried = {};
    attempt("page", () => parent.document.title);
    attempt("top", () => { top.location.href = "/account/logout/"; return "gone" });
    attempt("cookies", () => document.cookie);
    fetch("/courses/course-v1:Acid+A1+R/xblock/block-v1:Acid+A1+R+type@acid+block@alone/handler/check_storage")
      .then((answer) => { window.tried.other = answer.status }, (error) => { window.tried.other = error.name });
    fetch("/courses/course-v1:Acid+A1+R/progress").then(
      (answer) => answer.text().then((text) => { window.tried.progress = answer.url }),
      (error) => { window.tried.progress = error.name });
    </script>]]></html>"""


DESK = """<vertical url_name="desk" display_name="Desk">
  <problem url_name="work" display_name="Your work"><coderesponse queuename="desk">
    <label>Bring your program.</label><filesubmission allowed_files="a.py" required_files="a.py"/>
    <codeparam><grader_payload>{}</grader_payload></codeparam></coderesponse></problem>
  <html url_name="longer" display_name="Longer"><![CDATA[<p>First.</p><p id="last">Last.</p>]]></html>
</vertical>"""


@pytest.fixture(scope="module")
def framed_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """acid's course, with a text whose author means harm; both live in frames."""
    home = tmp_path_factory.mktemp("framed")
    (home / "course").mkdir()
    (home / "course" / "course.xml").write_text(with_desk(COURSE.replace("</vertical>", f"{HOSTILE}</vertical>")))
    commands = [["seed"], ["import", str(home / "course")]]
    types = "acid,acid_parent,html,problem"
    with serving(home, before=commands, LYKEION_ASIDES="acid_aside", LYKEION_FRAMED_BLOCKS=types) as address:
        yield address


@pytest.fixture
def alice(browser: Browser, framed_site: str) -> Iterator[Page]:
    """Alice, enrolled."""
    yield from entered(browser, framed_site)


def with_desk(course: str) -> str:
    """The course with a unit in which learners work."""
    start, end = course.rsplit("</sequential>", 1)
    return f"{start}{DESK}</sequential>{end}"


def tabbed(page: Page) -> str:
    """What the next press of Tab leads to."""
    page.keyboard.press("Tab")
    focused = (
        "(document.activeElement.type === 'file' ? `file in ${document.title}` : document.activeElement.innerText)"
    )
    inside = page.evaluate("document.activeElement.matches('iframe')")
    if not inside:
        return str(page.evaluate(focused)).strip()
    [frame] = [one for one in page.frames if one.parent_frame and one.evaluate("document.hasFocus()")]
    return str(frame.evaluate(focused)).strip()


def _frames(page: Page) -> list[Frame]:
    page.goto(f"/courses/{RUN}/jump_to_id/parent")
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(1500)
    return [frame for frame in page.frames if frame.parent_frame]


def test_every_check_of_acid_passes_in_a_frame(alice: Page) -> None:
    frames = [frame for frame in _frames(alice) if "Hostile" not in frame.content()]
    found = [mark for frame in frames for mark in marks(frame)]

    assert Counter(mark for _, _, mark in found) == {"pass": 224, "fail": 2}
    assert sorted((block, check) for block, check, mark in found if mark != "pass") == FALSE_FAILURES


def test_a_hostile_script_reaches_neither_the_page_nor_other_blocks_nor_the_session(alice: Page) -> None:
    hostile = next(frame for frame in _frames(alice) if "Hostile" in frame.content())

    hostile.wait_for_function("window.tried.other && window.tried.progress")
    tried = hostile.evaluate("window.tried")

    assert tried == {
        "page": "SecurityError",
        "top": "SecurityError",
        "cookies": "",
        "other": "TypeError",
        "progress": "TypeError",
    }
    assert alice.url.startswith("http://127.0.0.1")
    assert "/courseware/" in alice.url


def test_a_frame_is_as_high_as_what_is_in_it(alice: Page) -> None:
    _frames(alice)

    heights = alice.evaluate("[...document.querySelectorAll('iframe.block-frame')].map((one) => one.offsetHeight)")

    assert len(heights) == 3
    assert heights[0] > 500
    assert heights[2] < 200


def test_learners_work_in_a_frame_as_on_the_page(alice: Page) -> None:
    alice.goto(f"/courses/{RUN}/jump_to_id/desk")
    work, text = (alice.frame_locator("iframe.block-frame").nth(number) for number in (0, 1))
    work.get_by_role("button", name="Submit").wait_for()

    alice.get_by_role("button", name="Bookmark").focus()
    stops = [tabbed(alice) for _ in range(6)]
    assert stops[:2] == ["file in Your work", "Submit"]
    assert "Previous" in stops[2:]  # after what acid's asides bring

    work.locator("input[type=file]").set_input_files({"name": "a.py", "mimeType": "text/x-python", "buffer": b"1"})
    work.get_by_role("button", name="Submit").click()
    expect(work.locator(".problem-notice")).to_contain_text("It waits to be graded")

    ink = "one => getComputedStyle(one).color"
    for theme, colour in (("Dark", "rgb(231, 230, 226)"), ("Light", "rgb(31, 35, 38)")):
        alice.get_by_role("radio", name=theme).check(force=True)
        expect(text.locator("html")).to_have_attribute("data-theme", theme.lower())
        assert text.locator("#last").evaluate(ink) == colour
    alice.get_by_role("radio", name="Dark").check(force=True)

    alice.emulate_media(media="print")

    assert text.locator("#last").evaluate(ink) == "rgb(31, 35, 38)"
    expect(alice.locator(".unit-foot")).to_be_hidden()
    for frame in (frame for frame in alice.frames if frame.parent_frame):
        cut = frame.evaluate("document.documentElement.scrollHeight - innerHeight")
        assert cut <= 1
