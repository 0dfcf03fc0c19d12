"""Choices may keep their verdict back; inputs may stand in a line."""

from __future__ import annotations

from lykeion.capa.api import Problem
from lykeion.capa.types import InputResult
from tests.capa.inputs.asking import ID, only, problem, shown

GROUP = '<choicegroup{0}><choice correct="true">a</choice><choice correct="false">b</choice></choicegroup>'


def _asked(attributes: str) -> Problem:
    return problem(f"<multiplechoiceresponse>{GROUP.format(attributes)}</multiplechoiceresponse>")


def test_a_verdict_kept_back_is_nowhere_beside_the_choices() -> None:
    asked = _asked(' show_correctness="never" submitted_message="&lt;b&gt;Thanks&lt;/b&gt;"')
    graded = {ID: InputResult("incorrect")}

    before, after = shown(asked), shown(asked, "choice_1", correct_map=graded, done=True)

    assert before.xpath("//*[@class='capa-received']") == []
    assert only(after, "//*[@class='capa-received']").text_content() == "Thanks"
    assert "incorrect" not in only(after, f"//*[@id='inputtype_{ID}']").get("class")
    assert only(after, f"//*[@id='status_{ID}']").text_content() == ""


def test_without_words_of_the_authors_an_answer_was_received() -> None:
    page = shown(_asked(' show_correctness="never"'), "choice_0")

    assert only(page, "//*[@class='capa-received']").text == "Answer received."


def test_choices_with_numbers_may_keep_their_verdict_back_too() -> None:
    asked = problem(
        "<choicetextresponse><radiotextgroup show_correctness='never'><choice correct='true'>a</choice>"
        "</radiotextgroup></choicetextresponse>"
    )

    page = shown(asked, {"choice": "x"}, correct_map={ID: InputResult("incorrect")}, done=True)

    assert only(page, "//*[@class='capa-received']").text == "Answer received."
    assert "incorrect" not in only(page, f"//*[@id='inputtype_{ID}']").get("class")


def test_other_choices_tell_their_verdict() -> None:
    page = shown(_asked(""), "choice_1", correct_map={ID: InputResult("incorrect")}, done=True)

    assert only(page, f"//*[@id='status_{ID}']").text_content() == "Incorrect"


def test_an_input_may_stand_in_a_line_of_text() -> None:
    xml = "<p>One <optionresponse><optioninput inline='1' options=\"('a','b')\" correct='a'/></optionresponse> two</p>"

    assert "inline" in only(shown(problem(xml)), f"//*[@id='inputtype_{ID}']").get("class").split()
