"""Studio: every block of others is added, opened in its own editor, changed, saved and published; learners see it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.ecosystem.hosts import RUN, Cast, Site

STUDIO = f"/studio/course/{RUN}/"
PLACES = f"""
from lykeion.content import api as content
from lykeion.content.types import NewBlock
from lykeion.core.clock import now
from lykeion.core.keys import parse_run
units = tuple(NewBlock("vertical", "edited_" + kind, {{{{"display_name": "Edited"}}}}) for kind in {{kinds}})
below = NewBlock("sequential", "edited_in", {{{{"display_name": "Edited"}}}}, units)
block = NewBlock("chapter", "edited_above", {{{{"display_name": "Edited"}}}}, (below,))
content.edit(parse_run("{RUN}"), lambda draft: draft.add("course@course", block), author="bob", at=now())
"""


def _first_input(selector: str, save: str = ".save-button") -> Callable[[Page, str], None]:
    def fill(page: Page, words: str) -> None:
        page.locator(selector).first.fill(words)
        page.locator(save).first.click()

    return fill


def _generated(page: Page, words: str) -> None:
    """The form of all fields, which saves itself."""
    if page.locator(".brought").count():
        page.get_by_role("link", name="All settings").click()
    page.get_by_label("Name", exact=True).fill(words)
    expect(page.locator(".editor-said")).to_have_text("Saved")
    page.get_by_role("link", name="Back to the unit").click()


def _dragging(page: Page, words: str) -> None:
    page.get_by_label("Title").first.fill(words)
    page.locator(".continue-button").click()
    page.locator(".continue-button").click()
    page.locator(".save-button").click()


def _annotated(page: Page, words: str) -> None:
    text = f"<annotatable><p>{words}</p></annotatable>"
    page.evaluate("text => document.querySelector('.CodeMirror').CodeMirror.setValue(text)", text)
    page.locator(".xblock-actions").get_by_text("Save").click()


def _response(page: Page, words: str) -> None:
    page.locator("#oa_edit_settings_tab a").click()
    page.locator("#openassessment_title_editor").fill(words)
    page.locator(".openassessment_save_button").click()


def _tool(page: Page, words: str) -> None:
    page.get_by_text("Review Options").click()
    MIXIN(page, words)


MIXIN = _first_input("#xb-field-edit-display_name")
EDITORS: dict[str, Callable[[Page, str], None]] = {
    "drag-and-drop-v2": _dragging,
    "poll": _first_input("#poll-question-editor"),
    "survey": _first_input("#poll-display-name"),
    "feedback": _first_input("#freeform"),
    "annotatable": _annotated,
    "pdf": _first_input("#pdf_edit_display_name", ".action-save"),
    "word_cloud": MIXIN,
    "lti": MIXIN,
    "lti_consumer": _tool,
    "edx_sga": MIXIN,
    "staffgradedxblock": MIXIN,
    "openassessment": _response,
    "scorm": _first_input("input[name=display_name]"),
    "done": _generated,
    "poll_question": _generated,
}
QUIET = {"scorm", "done", "poll_question"}  # their names are not on learners' pages


@pytest.fixture(scope="module")
def places(site: Site) -> None:
    """A unit with nothing in it for each kind."""
    site.python(PLACES.format(kinds=list(EDITORS)))


@pytest.mark.usefixtures("places")
@pytest.mark.parametrize("kind", list(EDITORS))
def test_an_editor_opens_and_saves_and_learners_see_what_it_saved(site: Site, cast: Cast, kind: str) -> None:
    bob = cast.page("bob", viewport={"width": 1280, "height": 900})
    bob.on("dialog", lambda dialog: dialog.accept())
    unit, words = f"{STUDIO}unit/vertical@edited_{kind}", f"Changed {kind}"

    component = _added(bob, unit, kind)
    EDITORS[kind](bob, words)
    bob.wait_for_url(f"**{unit}*")
    broken = bob.locator(".block-notice-broken").all_inner_texts()
    bob.get_by_role("link", name="Publish").click()
    bob.get_by_role("dialog").get_by_role("button", name="Publish").click()
    expect(bob.locator(".unit-top .badge-good")).to_be_visible()
    alice = cast.page("alice")
    alice.goto(site.unit(f"edited_{kind}"))

    assert broken == []
    if kind in QUIET:
        assert words in _kept(bob, component)
    else:
        expect(alice.locator("main")).to_contain_text(words, ignore_case=True)


def _added(page: Page, unit: str, kind: str) -> str:
    """A new component of that kind, its editor open; its ref."""
    page.goto(f"{unit}/more")
    page.locator(f'form:has(input[value="{kind}"]) button').click()
    page.wait_for_url("**/unit/**#*", wait_until="commit")
    ref = page.url.partition("#")[2]
    page.goto(f"{STUDIO}component/{ref}")
    return ref


def _kept(page: Page, ref: str) -> str:
    """The values in the form of all fields."""
    page.goto(f"{STUDIO}component/{ref}/settings")
    values = page.locator("main :is(input, textarea)").evaluate_all("all => all.map(one => one.value)")
    return "\n".join(values)
