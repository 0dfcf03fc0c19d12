"""Code: a text area that an editor can stand in front of."""

from __future__ import annotations

import pytest

from lykeion.capa.types import View
from tests.capa.inputs.asking import ID, custom, only, problem, shown


def test_the_author_says_language_and_size() -> None:
    page = shown(custom('<textbox mode="text/x-java" rows="8" cols="40" tabsize="2" linenumbers="false"/>'))

    editor, area = only(page, "//div[@data-controller='code']"), only(page, "//textarea")
    assert (area.get("rows"), area.get("cols")) == ("8", "40")
    assert editor.get("data-code-mode-value") == "java"
    assert (editor.get("data-code-tab-value"), editor.get("data-code-numbers-value")) == ("2", "false")


@pytest.mark.parametrize(
    ("entry", "mode"),
    [
        ("<textbox/>", "python"),
        ('<textbox mode="C"/>', "c"),
        ('<textbox mode="matlab"/>', "octave"),
        ('<textbox mode="klingon"/>', "plain"),
        ('<textbox mode=""/>', "plain"),
    ],
)
def test_a_language_that_nobody_knows_is_plain_text(entry: str, mode: str) -> None:
    assert only(shown(custom(entry)), "//div[@data-controller='code']").get("data-code-mode-value") == mode


def test_matlab_is_written_as_octave() -> None:
    page = shown(problem("<coderesponse><matlabinput/><codeparam/></coderesponse>"))

    assert only(page, "//div[@data-controller='code']").get("data-code-mode-value") == "octave"


def test_code_to_begin_with_stands_there_until_something_is_written() -> None:
    asked = custom("<textbox>\n  def f(): pass\n</textbox>")

    assert only(shown(asked), "//textarea").text == "\ndef f(): pass"
    assert only(shown(asked, "x = 1"), "//textarea").text == "\nx = 1"


def test_a_question_for_a_grader_elsewhere_may_say_what_to_begin_with() -> None:
    xml = "<coderesponse><textbox/><codeparam><initial_display>start</initial_display></codeparam></coderesponse>"

    assert only(shown(problem(xml)), "//textarea").text == "\nstart"


def test_empty_lines_and_tags_come_back_as_they_were_typed() -> None:
    page = custom("<textbox/>")

    assert ">\n\n\n  &lt;/textarea&gt;\t</textarea>" in page.render(View(answers={ID: "\n\n  </textarea>\t"}))


def test_the_way_out_of_the_editor_describes_the_field() -> None:
    page = shown(custom("<label>Write</label><textbox/>"))

    area = only(page, "//textarea")
    assert f"leave_{ID}" in (area.get("aria-describedby") or "").split()
    assert "press Escape, then Tab" in only(page, f"//p[@id='leave_{ID}']").text_content()
    assert area.get("aria-label") is None


def test_a_hidden_text_box_has_no_editor() -> None:
    page = shown(custom('<textbox hidden="true"/>'))

    assert only(page, "//textarea").get("hidden") is not None
    assert page.xpath("//div[@data-controller='code']") == []
