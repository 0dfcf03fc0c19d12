"""Tags: as fields for our own grader, as JSON for authors' graders."""

from __future__ import annotations

from tests.capa.inputs.asking import ID, custom, only, problem, shown

ENTRY = """<annotationinput><title>T</title><text>x &lt; y</text><tag_prompt>Choose:</tag_prompt>
<options><option choice="correct">yes</option><option choice="incorrect">no</option></options></annotationinput>"""
TAGGED = problem(f"<annotationresponse>{ENTRY}</annotationresponse>")


def test_the_tags_are_one_named_group() -> None:
    group = only(shown(TAGGED), "//*[@role='radiogroup']")

    label = only(shown(TAGGED), f"//*[@id='{group.get('aria-labelledby')}']")
    assert label.text == "Choose:"
    assert [radio.get("name") for radio in group.xpath(".//input")] == [f"input_{ID}{{options}}"] * 2


def test_what_was_chosen_and_written_is_there_again() -> None:
    page = shown(TAGGED, {"options": "1", "comment": "\n<me>"})

    assert [radio.get("checked") for radio in page.xpath("//input")] == [None, "checked"]
    assert only(page, "//textarea").text == "\n\n<me>"


def test_a_grader_of_the_authors_gets_json_text() -> None:
    page = shown(custom(ENTRY), '{"options": [0], "comment": "x"}')

    assert only(page, f"//input[@name='input_{ID}']").get("value") == '{"options": [0], "comment": "x"}'
    assert {radio.get("name") for radio in page.xpath("//input[@type='radio']")} == {f"tag_{ID}"}
