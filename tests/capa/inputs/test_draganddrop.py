"""Things to place in a picture."""

import json

import pytest
from lxml import html

from lykeion.capa import api as capa
from lykeion.capa.types import ProblemError, View

TREE = """<drag_and_drop_input img="/static/tree.png" {more}>
  <draggable id="c" label="H&lt;sub&gt;2&lt;/sub&gt;O"/>
  <draggable id="i" icon="/static/i.png" can_reuse="True"><target id="f" x="1" y="2.5" w="3" h="4"/></draggable>
  <draggable id="bare"/>
  <target id="t" x="10" y="20px" w="30" h="40"/><target id="u" x="0" y="0" w="1" h="1" label="Ground"/>
</drag_and_drop_input>"""


def shown(more: str = "", value: object = None, correct: str = "") -> html.HtmlElement:
    answer = f"correct_answer='{correct}'" if correct else ""
    inside = TREE.format(more=f"{more} {answer}")
    xml = f"<problem><customresponse>{inside}<answer>x</answer></customresponse></problem>"
    problem = capa.parse(xml, problem_id="p", seed=1)
    return html.fromstring(problem.render(View(answers={"p_2_1": value}, show_answers=bool(correct))))


def board(found: html.HtmlElement) -> object:
    return json.loads(found.find(".//*[@data-controller='drag-and-drop']").get("data-drag-and-drop-board-value"))


def test_the_script_learns_of_things_and_places() -> None:
    assert board(shown('one_per_target="false" target_outline="TRUE" label_bg_color="#ffe"')) == {
        "things": [
            {"id": "c", "name": "H2O", "reuse": False, "fields": []},
            {"id": "i", "name": "i", "reuse": True, "fields": [{"id": "f", "x": 1, "y": 2.5, "w": 3, "h": 4}]},
            {"id": "bare", "name": "bare", "reuse": False, "fields": []},
        ],
        "targets": [
            {"id": "t", "x": 10, "y": 20, "w": 30, "h": 40},
            {"id": "u", "x": 0, "y": 0, "w": 1, "h": 1, "label": "Ground"},
        ],
        "onePerTarget": False,
        "outline": True,
        "colour": "#ffe",
    }


def test_things_look_as_their_author_says_and_are_named_by_their_id_otherwise() -> None:
    faces = [html.tostring(face, encoding="unicode") for face in shown().iterfind(".//span[@class='dnd-face']")]

    assert "H<sub>2</sub>O" in faces[0]
    assert 'src="/static/i.png" alt="i"' in faces[1]
    assert "dnd-words" not in faces[1]
    assert ">bare<" in faces[2]


@pytest.mark.parametrize("colour", ["red;position:fixed", "url(x)", "expression(1)", ""])
def test_only_a_colour_is_taken_for_a_colour(colour: str) -> None:
    assert board(shown(f'label_bg_color="{colour}"'))["colour"] == ""  # type: ignore[index]


def test_the_field_holds_what_was_placed() -> None:
    field = shown(value='[{"c": "t"}]').find(".//input[@name='input_p_2_1']")

    assert (field.get("value"), field.get("data-empty")) == ('[{"c": "t"}]', "[]")


@pytest.mark.parametrize(
    ("correct", "words"),
    [
        ('{"c": "t", "bare": "u"}', ["H2O: 1", "bare: Ground"]),
        ('[{"c": "u"}]', ["H2O: Ground"]),
        ('[{"draggables": ["c", "i"], "targets": ["t", "u"], "rule": "anyof"}]', ["H2O, i: 1, Ground"]),
        ('{"c": [[30, 40], 10]}', ["H2O: [[30, 40], 10]"]),
    ],
)
def test_the_right_places_are_told_in_words(correct: str, words: list[str]) -> None:
    lines = shown(correct=correct).findall(".//div[@class='capa-answer']//li")

    assert [line.text_content() for line in lines] == words


def test_a_right_answer_in_the_authors_own_words_stays_as_it_is() -> None:
    assert shown(correct="Water on top").find(".//div[@class='capa-answer']").text_content() == "Answer: Water on top"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('img="/static/tree.png"', "", "line 2: <drag_and_drop_input> is missing its required attribute img."),
        ('id="bare"', "", "line 5: <draggable> is missing its required attribute id."),
        ('w="30"', 'w="wide"', "line 6: <target> has w='wide'; it must be a number of pixels."),
    ],
)
def test_an_author_reads_what_is_missing(old: str, new: str, message: str) -> None:
    inside = TREE.format(more="").replace(old, new)

    with pytest.raises(ProblemError) as raised:
        capa.parse(
            f"<problem><customresponse>\n{inside}<answer>x</answer></customresponse></problem>", problem_id="p", seed=1
        )

    assert str(raised.value) == message
