"""A place in a picture: chosen by anybody, and nowhere told before its time."""

from __future__ import annotations

from lykeion.capa.types import View
from tests.capa.inputs.asking import ID, only, problem, shown

ASKED = problem(
    '<imageresponse><label>Where?</label><imageinput src="/static/map.png" width="600px" height="400" alt="A map" '
    'rectangle="(338,98)-(412,168);(1,2)-(3,4)" regions="[[[10,10],[20,10],[20,20]]]"/></imageresponse>'
)


def test_the_right_places_are_not_in_the_page_before_they_may_be_seen() -> None:
    before = ASKED.render(View(show_answers=False))
    after = ASKED.render(View(show_answers=True))

    assert "338" not in before
    assert "polygon" not in before
    assert '<rect x="338" y="98" width="74" height="70"/><rect x="1" y="2" width="2" height="2"/>' in after
    assert '<polygon points="10,10 20,10 20,20"/>' in after


def test_the_picture_is_described_and_its_place_can_be_written() -> None:
    page = shown(ASKED, "[300,100]")

    assert only(page, "//img").get("alt") == "A map"
    assert only(page, "//input").get("value") == "[300,100]"
    assert only(page, "//*[@data-picture-target='mark']").get("style") == "left:50.00%;top:25.00%"
    assert f"how_{ID}" in only(page, "//input").get("aria-describedby").split()
