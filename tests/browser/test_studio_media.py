"""Writing texts and making videos in Studio, as authors do."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import FrameLocator, Page, Route, expect

from lykeion.authoring.api.text import as_typed
from lykeion.olx.api import read_course, unpack
from tests.browser.conftest import violations

COURSE = "/studio/course/course-v1:Lykeion+LEARN1+demo"
TEXT = f"{COURSE}/component/html@goodbye"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
ODD = """<h3  class='x' >Rivers</h3>
<p>Rivers   run &ndash; they do.<p>An open paragraph
<DIV><p>Inside</p>

    <p id=b>Lakes  rest.</p></DIV><br/>
<iframe src="/static/a.html" title="A">none</iframe>
"""
WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p {mso-x: y}</style></head><body>
<!--StartFragment--><h1 style='mso-x:1'><span style='font-family:"Calibri"'>Seas</span><o:p></o:p></h1>
<p class=MsoNormal><b style='mso-bidi-font-weight:normal'>Deep</b> and <span style='font-weight:bold'>wide</span></p>
<p class=MsoListParagraphCxSpFirst style='mso-list:l0 level1 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>·
</span><![endif]>Baltic</p>
<p class=MsoListParagraphCxSpLast style='mso-list:l0 level2 lfo1'><span style='mso-list:Ignore'>1.</span>Gulf</p>
<table border=1 style='mso-cellspacing:0'><tr><td width=10 colspan=2><p class=MsoNormal>Salt</p></td></tr></table>
<p><a href="https://example.org/" style='color:red'>Maps</a><img src="file:///C:/a.png"></p><!--EndFragment--></body></html>"""
PASTE = """(body, html) => {
  const data = new DataTransfer();
  data.setData("text/html", html);
  body.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
}"""

RUN = "top.ran=1"
HOSTILE = f"""<!-- x-tinymce/html --><p id=editor-form onclick="{RUN}">One
<img src="/a.png" alt="A" onerror="{RUN}"></p>
<script>{RUN}</script><svg onload="{RUN}"><a xlink:href="javascript:{RUN}">a</a></svg><style>p {{}}</style>
<p><a href="java&#9;script:{RUN}">two</a> <a href="&#1;javascript:{RUN}">three</a>
<a href="data:text/html,x">four</a></p>
<noscript><i title="</noscript><img src=x onerror={RUN}>"></i></noscript><xmp><img src=x onerror={RUN}></xmp>
<iframe srcdoc="<script>{RUN}</script>"></iframe>
<form action="javascript:{RUN}"><input autofocus onfocus="{RUN}"></form>
<template><img src=x onerror={RUN}></template><p style="background: url(javascript:{RUN})">five</p>
<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror={RUN}&gt;"></math>"""
COPY = """(body, name) => {
  window.copied ??= new DataTransfer();
  body.dispatchEvent(new ClipboardEvent(name, {clipboardData: copied, bubbles: true, cancelable: true}));
}"""
PASTE_FILE = """(body, picture) => {
  const bytes = Uint8Array.from(atob(picture), (letter) => letter.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], "dot.png", {type: "image/png"}));
  data.items.add(new File([bytes, "."], "spot.png", {type: "image/png"}));
  body.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
}"""


@pytest.fixture
def write(page: Page, log_in: Callable[[str], None]) -> Iterator[Callable[[str, str], None]]:
    """Signs the author in; puts a text in place and opens it in its editor."""
    log_in("carol")

    def write(data: str, *, raw: bool = False) -> None:
        page.goto(TEXT)
        page.evaluate(
            """async ([address, data, raw]) => {
              const form = new FormData(document.getElementById("editor-form"));
              form.set("data", data); form.delete("base"); form.delete("raw");
              if (raw) form.set("raw", "on");
              await fetch(address, {method: "POST", body: form, headers: {"X-Requested-With": "XMLHttpRequest"}});
            }""",
            [TEXT, data, raw],
        )
        page.goto(TEXT)
        expect(page.locator("#editor-form[data-ready]")).to_be_visible()

    return write


def saved(page: Page) -> None:
    expect(page.locator(".editor-said")).to_have_text("Saved")


def source(page: Page) -> str:
    return str(page.locator("#text-data").input_value())


def visual(page: Page) -> FrameLocator:
    expect(page.locator("#editor-form[data-ready=visual]")).to_be_visible()
    return page.frame_locator(".tox-edit-area iframe")


def test_what_is_not_edited_keeps_every_byte(page: Page, write: Callable[[str], None]) -> None:
    write(ODD)
    text = visual(page)

    text.locator("#b").click()
    page.keyboard.press("End")
    page.keyboard.type(" Seas roar.")
    saved(page)

    assert source(page) == ODD.replace("Lakes  rest.", "Lakes rest. Seas roar.")
    expect(page.frame_locator(".editor-frame").locator("#b")).to_have_text("Lakes rest. Seas roar.")
    page.get_by_label("HTML source", exact=True).check()
    expect(page.locator(".cm-content")).to_contain_text("Seas roar.")
    expect(page.locator(".cm-lineNumbers")).to_contain_text("5")
    assert violations(page) == []


@contextmanager
def held(page: Page, part: str) -> Iterator[None]:
    """Requests for ``part`` of the editor wait until the block ends."""
    waiting: list[Route] = []

    def wait(route: Route) -> None:
        waiting.append(route)

    page.route(f"**/{part}*", wait)
    yield
    for route in waiting:
        route.continue_()
    page.unroute(f"**/{part}*", wait)


def test_what_is_typed_before_the_editor_is_there_is_kept(page: Page, write: Callable[[str], None]) -> None:
    write("<p>Rivers run.</p>")
    with held(page, "parts/editing-"):
        page.goto(TEXT)
        page.locator("#text-data").press("Control+End")
        page.keyboard.type("<p>Lakes rest.</p>")

    text = visual(page)
    expect(text.locator("body")).to_be_focused()
    page.keyboard.type(" Seas roar.")
    expect(page.locator("#text-data")).to_have_value(
        re.compile("roar")
    )  # the form has it; what was saved before had less
    saved(page)

    assert source(page) == "<p>Rivers run.</p><p>Lakes rest. Seas roar.</p>"


def test_nobody_types_into_an_editor_that_would_throw_it_away(page: Page, write: Callable[[str], None]) -> None:
    write("<p>Rivers run.</p>")
    with held(page, "content.min.css"):
        page.goto(TEXT)
        frame = page.frame_locator(".tox-edit-area iframe")
        expect(frame.locator("link[href*='content.min.css']")).to_be_attached()  # its text comes after that
        assert frame.locator("body").get_attribute("contenteditable") != "true"

    expect(frame.locator("body")).to_have_attribute("contenteditable", "true")


EDIT_EACH = """async (bodies) => {
  const chunk = performance.getEntriesByType("resource").find(({name}) => /parts\\/editing-/.test(name)).name;
  const {unfit, lost, merge} = await import(chunk);
  const editor = window.tinymce.activeEditor;
  const told = {opened: 0, kept: 0};
  for (const source of bodies) {
    if (unfit(source).length) continue;
    editor.setContent(source);
    const before = editor.getContent();
    const walker = editor.getDoc().createTreeWalker(editor.getBody(), NodeFilter.SHOW_TEXT);
    let text = walker.nextNode();
    while (text && !text.nodeValue.trim()) text = walker.nextNode();
    if (!text || lost(source, before).length) continue;
    told.opened += 1;
    text.nodeValue += "EDITED";
    told.kept += merge(source, before, editor.getContent()).replace("EDITED", "") === source;
  }
  editor.setContent("<p>Here</p>");
  return told;
}"""


def test_an_edit_of_a_real_text_changes_nothing_else(
    page: Page, write: Callable[..., None], shared: Path, tmp_path: Path
) -> None:
    archive = shared / "courses" / "demo-course.tar.gz"
    if not archive.is_file():
        pytest.skip(f"needs {archive.name} in ../shared/courses")
    course = read_course(unpack(archive, tmp_path / "course"))
    texts = [as_typed(block.fields.get("data")) for block in course.root.walk() if block.type == "html"]
    write("<p>Here</p>")
    visual(page)

    told = page.evaluate(EDIT_EACH, texts[::5])

    assert told["opened"] > len(texts[::5]) / 4
    assert told["kept"] >= 0.9 * told["opened"]  # else in the words around the edit only entities are written otherwise


def test_a_text_with_scripts_opens_as_source_and_says_why(page: Page, write: Callable[[str], None]) -> None:
    write("<script>if (1 < 2 && 3) {}</script><p onclick='go()'>Run</p>")

    expect(page.get_by_role("note")).to_contain_text("It holds scripts.")
    expect(page.get_by_role("note")).to_contain_text("at a click")
    expect(page.get_by_label("HTML source", exact=True)).to_be_checked()
    page.locator(".cm-content").click()
    page.keyboard.press("Control+End")
    page.keyboard.type("<p>more")
    saved(page)

    assert source(page) == "<script>if (1 < 2 && 3) {}</script><p onclick='go()'>Run</p><p>more</p>"
    expect(page.get_by_label("Always open this text as source")).not_to_be_checked()
    write("<p>Plain</p>", raw=True)
    expect(page.get_by_label("HTML source", exact=True)).to_be_checked()
    page.get_by_label("As it looks").check()
    expect(visual(page).locator("p")).to_have_text("Plain")
    page.wait_for_timeout(1500)
    expect(page.locator(".editor-said")).to_be_empty()


def test_what_a_word_processor_pastes_is_cleaned(page: Page, write: Callable[[str], None]) -> None:
    write("<p>Here</p>")
    text = visual(page)

    text.locator("p").click()
    page.keyboard.press("Control+a")
    text.locator("body").evaluate(PASTE, WORD)
    saved(page)

    assert re.sub(r"\s*\n\s*", "", source(page)) == (
        "<h1>Seas</h1><p><strong>Deep</strong> and <strong>wide</strong></p>"
        "<ul><li>Baltic<ol><li>Gulf</li></ol></li></ul>"
        '<table><tbody><tr><td colspan="2"><p>Salt</p></td></tr></tbody></table>'
        '<p><a href="https://example.org/">Maps</a></p>'
    )
    expect(page.get_by_text("Pictures that did not come along: 1")).to_be_visible()

    text.locator("body").evaluate(PASTE_FILE, base64.b64encode(PNG).decode())
    picture = page.get_by_role("dialog", name="Image")
    expect(picture.get_by_label("What the picture tells")).to_be_focused()
    picture.get_by_label("It only decorates").check()
    picture.get_by_role("button", name="Use").click()
    expect(page.locator("#text-data")).to_have_value(
        re.compile(r'<img [^>]*src="/static/(dot|spot|picture)(-\d)?\.png" role="presentation" alt="">')
    )
    expect(picture.get_by_label("What the picture tells")).to_be_focused()  # the second one is asked about, too
    picture.get_by_label("What the picture tells").fill("A spot")
    picture.get_by_role("button", name="Use").click()
    expect(page.locator("#text-data")).to_have_value(re.compile(r'<img [^>]*src="/static/[^"]*" alt="A spot">'))


def test_what_a_page_hides_in_what_is_copied_never_runs_and_own_copies_stay_whole(
    page: Page, write: Callable[[str], None]
) -> None:
    own = '<p class="note">Here <span class="term">it</span> is.</p>'
    write(own)
    text = visual(page)

    text.locator("p").click()
    page.keyboard.press("Control+a")
    text.locator("body").evaluate(COPY, "copy")
    page.keyboard.press("Control+End")
    text.locator("body").evaluate(COPY, "paste")
    saved(page)
    assert re.sub(r"\s*\n\s*", "", source(page)) == own + own

    page.keyboard.press("Control+a")
    text.locator("body").evaluate(PASTE, HOSTILE)
    expect(page.locator("#text-data")).to_have_value(re.compile("five"))
    assert re.sub(r"\s*\n\s*", "", source(page)) == (
        '<p>One <img src="/a.png" alt="A"></p><p><a>two</a> <a>three</a> <a>four</a></p>'
        '<p class="note">&lt;img src=x onerror=top.ran=1&gt;</p><p>five</p>'
    )
    assert page.evaluate("window.ran") is None


def test_pictures_links_and_formulas_are_picked(page: Page, write: Callable[[str], None]) -> None:
    write("<p>Here</p>")
    text = visual(page)
    text.locator("p").click()
    page.keyboard.press("End")

    page.get_by_role("button", name="Image", exact=True).click()
    picture = page.get_by_role("dialog", name="Image")
    picture.locator("input[type=file]").set_input_files(
        {"name": "Blue dot.png", "mimeType": "image/png", "buffer": PNG}
    )
    expect(picture.get_by_label("Or its address")).to_have_value(re.compile(r"^/static/Blue_dot(-\d)?\.png$"))
    picture.get_by_role("button", name="Use").click()
    expect(picture.get_by_role("alert")).to_contain_text("Describe the picture")
    picture.get_by_label("What the picture tells").fill("A blue dot")
    picture.get_by_label("50%").check()
    assert violations(page) == []
    picture.get_by_role("button", name="Use").click()
    expect(text.locator("img")).to_have_attribute("src", re.compile("^/studio/course/.*/static/Blue_dot"))

    text.locator("p").click()
    page.keyboard.press("Home")
    page.get_by_role("button", name="Link", exact=True).click()
    link = page.get_by_role("dialog", name="Link")
    link.get_by_label("Place in this course").check()
    link.locator("summary").first.click()
    place = link.locator("details details label").first
    name = place.inner_text().strip()
    place.click()
    link.get_by_role("button", name="Use").click()

    page.keyboard.press("Control+End")
    page.get_by_role("button", name="Formula").click()
    formula = page.get_by_role("dialog", name="Formula")
    formula.get_by_label("Formula in TeX").fill("x")
    formula.get_by_label("Formula in TeX").press("End")
    formula.get_by_role("button", name="Power").click()
    page.keyboard.type("2")
    expect(formula.locator("mjx-container")).to_be_visible()
    formula.get_by_role("button", name="Use").click()
    expect(page.locator("#text-data")).to_have_value(re.compile(r"\\\(x\^\{2\}\\\)"))
    saved(page)

    made = source(page)
    assert re.search(rf'<a href="/jump_to_id/[\w-]+">{re.escape(name)}</a>Here', made)
    assert re.search(r'<img src="/static/Blue_dot(-\d)?\.png" alt="A blue dot" style="width: 50%;">', made)


VIDEO = f"{COURSE}/component/video@curve"
SRT = b"1\n00:00:01,000 --> 00:00:02,500\nMemory fades.\n\n2\n00:00:05,000 --> 00:00:06,000\nIt comes back.\n"


def test_a_video_gets_its_sources_and_transcripts(page: Page, log_in: Callable[[str], None]) -> None:
    log_in("carol")
    page.goto(VIDEO)
    expect(page.get_by_text("Length: 0:1")).to_be_visible()
    assert violations(page) == []

    page.get_by_role("button", name="Add an address").click()
    page.keyboard.type("https://example.org/curve.mp4")
    page.get_by_role("button", name="Earlier").last.click()
    page.get_by_role("button", name="Choose Poster").click()
    page.get_by_role("dialog").get_by_role("button", name=re.compile("curve.svg")).click()
    page.get_by_label("Stop at").fill("0:10")
    page.get_by_label("Licence").select_option("creative-commons: ver=4.0 BY SA")
    saved(page)
    page.reload()
    sources = page.get_by_label("Address of the file")
    expect(sources.first).to_have_value("https://example.org/curve.mp4")
    expect(page.get_by_label("Poster")).to_have_value("/static/curve.svg")
    shown = page.frame_locator(".editor-frame")
    expect(shown.locator("video source").nth(1)).to_have_attribute("src", re.compile("/static/curve.webm$"))
    expect(shown.get_by_role("link", name="Creative Commons BY-SA 4.0")).to_be_visible()

    # A large file travels in parts
    page.get_by_role("button", name="Upload or choose a file").click()
    large = {"name": "large.mp4", "mimeType": "video/mp4", "buffer": b"\0" * (5 << 20)}
    with page.expect_request(lambda sent: sent.headers.get("upload-offset") == str(4 << 20)):
        page.get_by_role("dialog").locator("input[type=file]").set_input_files(large)
    expect(sources.last).to_have_value(re.compile(r"^/static/large(-\d)?\.mp4$"))
    saved(page)
    page.get_by_role("button", name="Remove", exact=True).last.click()

    page.get_by_role("button", name="Remove", exact=True).first.click()
    page.get_by_label("Stop at").fill("later")
    expect(page.locator(".editor-said")).to_contain_text("Stop: “later” is no time")
    page.get_by_label("Stop at").fill("")
    saved(page)

    page.get_by_label("Language").select_option("fr")
    file = page.get_by_label("File (.srt")
    file.set_input_files({"name": "fr.srt", "mimeType": "text/plain", "buffer": SRT.replace(b"06,000", b"6")})
    page.get_by_role("button", name="Upload", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Line 6:")
    file.set_input_files({"name": "fr.srt", "mimeType": "text/plain", "buffer": SRT})
    page.get_by_role("button", name="Upload", exact=True).click()
    expect(page.get_by_role("listitem").filter(has_text="French")).to_contain_text("2 cues")
    page.get_by_label("Shown first").select_option("fr")
    saved(page)

    page.get_by_role("link", name="Edit French").click()
    player = page.frame_locator("#cues-frame").locator("video")
    first = page.get_by_role("group", name="Cue 1")
    expect(first.get_by_label("Words")).to_have_value("Memory fades.")
    page.get_by_role("group", name="Cue 2").get_by_role("button", name="Play from here").click()
    expect(player).to_have_js_property("paused", False)
    assert player.evaluate("video => video.currentTime") >= 4.9
    first.get_by_role("button", name="Add a cue after").click()
    page.keyboard.type("But how fast?")
    page.get_by_role("group", name="Cue 2").get_by_label("Ends").fill("1:x")
    expect(page.get_by_role("alert")).to_contain_text("Cue 2: “1:x” is no time")
    page.get_by_role("group", name="Cue 2").get_by_label("Ends").fill("0:04.5")
    saved(page)
    page.reload()
    expect(page.get_by_role("group", name="Cue 2").get_by_label("Words")).to_have_value("But how fast?")
    assert violations(page) == []

    page.get_by_role("link", name="Back to the video").click()
    page.get_by_role("button", name="Remove French").click()
    expect(page.get_by_role("listitem").filter(has_text="French")).to_have_count(0)
