"""Whatever authors and learners send, the engine compiles it, or says what is wrong; it never falls over."""

from __future__ import annotations

import contextlib
import json
from html import escape
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from lykeion.capa.api import findings, max_score, parse, preview, search_text
from lykeion.capa.types import AnswerError, CapaError, ProblemError, View

PROBLEMS = [
    (folder / "problem.xml").read_text(encoding="utf-8")
    for folder in sorted((Path(__file__).parent.parent / "cases" / "capa").iterdir())
]
SCRAPS = ["", "<p>", "</p>", '"', "<", "&", "$seed", "&lt;", "<choice/>", 'points="x"', "<!-- -->", "]]>", "\x00"]
ANSWERS: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["choice_0", "[1,2]"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_torn_problem_is_told_or_works(data: st.DataObject) -> None:
    xml = data.draw(st.sampled_from(PROBLEMS))
    start = data.draw(st.integers(0, len(xml)))
    end = min(len(xml), start + data.draw(st.integers(0, 12)))
    torn = xml[:start] + data.draw(st.sampled_from(SCRAPS)) + xml[end:]

    max_score(torn)
    search_text(torn)
    with contextlib.suppress(CapaError):
        findings(torn)
        parse(torn, problem_id="p", seed=1).render(View(show_answers=True))


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_any_answer_is_judged_or_refused(data: st.DataObject) -> None:
    problem = parse(data.draw(st.sampled_from(PROBLEMS)), problem_id="p", seed=1)
    answers = {entry.id: data.draw(ANSWERS) for entry in problem.inputs}

    problem.render(View(answers=answers))
    with contextlib.suppress(CapaError):
        grading = problem.grade(answers)
        json.dumps([result.to_json() for result in grading.correct_map.values()])
        assert 0 <= grading.score <= grading.total


def test_a_thousand_questions_compile_in_a_second() -> None:
    question = '<stringresponse answer="a"><label>Q</label><textline/></stringresponse>'

    problem = parse(f"<problem>{question * 1000}</problem>", problem_id="p", seed=1)

    assert problem.max_score == 1000


@pytest.mark.parametrize("depth", [200, 5000])
def test_deep_nesting_is_refused_or_shown(depth: int) -> None:
    xml = "<problem>" + "<div>" * depth + "x" + "</div>" * depth + "</problem>"

    with contextlib.suppress(CapaError):
        parse(xml, problem_id="p", seed=1).render(View())


def test_a_tower_of_powers_has_no_preview() -> None:
    assert preview("2^" * 1000 + "1") is None


EVIL = "\"'><script>evil()</script>"


@pytest.mark.parametrize(
    "answer",
    [
        EVIL,
        [EVIL],
        [[EVIL]],
        {EVIL: EVIL},
        {"choice_0": EVIL, "choiceinput_0": EVIL},
        json.dumps({EVIL: [EVIL], "comment": EVIL, "options": [EVIL], "tags": EVIL}),
        json.dumps([{"type": EVIL, "coordinates": EVIL, "offset": EVIL}]),
    ],
)
@pytest.mark.parametrize("xml", PROBLEMS)
def test_what_learners_type_is_never_markup(xml: str, answer: Any) -> None:
    problem = parse(xml, problem_id="p", seed=1)
    answers = {entry.id: answer for entry in problem.inputs}

    shown = [problem.render(View(answers=answers))]
    try:
        results = problem.grade(answers).correct_map
        shown.append(problem.render(View(answers=answers, correct_map=results, done=True, show_answers=True)))
    except AnswerError as error:
        shown.append(error.html(str))

    assert not any("<script>evil" in html for html in shown)


@pytest.mark.parametrize("number", ["9" * 500, "9" * 5_000])
def test_a_point_that_is_no_place_leaves_the_picture_as_it_is(number: str) -> None:
    picture = '<imageinput src="a.png" width="9" height="9" rectangle="(1,1)-(2,2)"/>'
    problem = parse(f"<problem><imageresponse>{picture}</imageresponse></problem>", problem_id="p", seed=1)

    html = problem.render(View(answers={problem.inputs[0].id: f"[{number},1]"}))

    assert '<span class="capa-mark" data-picture-target="mark" hidden></span>' in html


NINES = "9" * 400
TOO_MUCH = {
    "points": f'<stringresponse answer="a"><textline points="{NINES}"/></stringresponse>',
    "a tolerance": f'<numericalresponse answer="1"><responseparam type="tolerance" default="{NINES}"/><textline/>'
    "</numericalresponse>",
    "a formula": f'<formularesponse answer="{NINES}*x" samples="x@1:2#2"><textline/></formularesponse>',
    "a question without a field": '<symbolicresponse answer="1"/>',
}


@pytest.mark.parametrize("name", TOO_MUCH)
def test_what_no_number_can_hold_is_told_to_the_author(name: str) -> None:
    xml = f"<problem>{TOO_MUCH[name]}</problem>"

    with pytest.raises(ProblemError):
        parse(xml, problem_id="p", seed=1).grade({"p_2_1": "1"})
    assert max_score(xml) in (0, 1)


def test_a_field_deep_in_a_choice_is_no_field_of_it() -> None:
    field = '<b><numtolerance_input answer="1"/></b>'
    group = f'<radiotextgroup><choice correct="true">a {field}</choice></radiotextgroup>'

    problem = parse(f"<problem><choicetextresponse>{group}</choicetextresponse></problem>", problem_id="p", seed=1)

    assert problem.grade({"p_2_1": {"p_2_1_choiceinput_0bc": "p_2_1_choiceinput_0bc"}}).score == 1


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]) | st.sampled_from("<>&\"'$]"), min_size=1)


@settings(max_examples=150, deadline=None)
@given(WORDS, WORDS, WORDS, WORDS)
def test_what_an_author_writes_is_what_a_learner_reads(text: str, label: str, choice: str, option: str) -> None:
    xml = (
        f"<problem><p><b/>{escape(text)}</p><multiplechoiceresponse><label>{escape(label)}</label><choicegroup>"
        f'<choice correct="true">{escape(choice)}</choice></choicegroup></multiplechoiceresponse><optionresponse>'
        f'<optioninput><option correct="true">{escape(option)}</option></optioninput></optionresponse></problem>'
    )

    page = html.fromstring(parse(xml, problem_id="p", seed=1).render(View()))

    shown = [page.xpath(path) for path in ("string(//p[b])", "string(//legend)", "string(//option[@value!=''])")]
    assert shown == [text, label, option]
    assert page.xpath("string(//*[contains(@class, 'capa-choice__text')])") == choice
