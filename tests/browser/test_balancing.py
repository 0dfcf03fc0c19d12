"""What a browser makes of blocks whose HTML does not end where it began: nothing beyond the block."""

from __future__ import annotations

from playwright.sync_api import Browser
from web_fragments.fragment import Fragment

from lykeion.blocks.fragments import element
from tests.blocks.test_balancing import TORN, WHOLE

REACHES_OUT = """() => [...document.querySelectorAll(".reached")].flatMap((block, place) => {
    const after = block.nextElementSibling
    const apart = block.parentElement.id === "page" && after && after.className === "after"
        && after.parentElement.id === "page" && after.childElementCount === 0 && after.textContent === "after"
    return apart ? [] : [place]
})"""


def test_nothing_reaches_out_of_a_block(browser: Browser) -> None:
    fragments = [*WHOLE, *TORN]
    blocks = [f'{element("reached", {}, Fragment(html))}<p class="after">after</p>' for html in fragments]

    with browser.new_context() as context:
        page = context.new_page()
        page.set_content(f'<!doctype html><div id="page">{"".join(blocks)}</div><footer></footer>')
        reaching = [fragments[place] for place in page.evaluate(REACHES_OUT)]

        assert reaching == []
        assert page.locator("#page > .reached + .after").count() == len(fragments)
        assert page.locator("body > footer").count() == 1
