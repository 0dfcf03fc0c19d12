"""Authors' texts become problems, or a sentence that tells what is wrong and where."""

from __future__ import annotations

import pytest

from lykeion.capa.api import max_score, parse, search_text
from lykeion.capa.types import ProblemError, ScriptsUnavailable

TWO_QUESTIONS = """<problem>
  <p>Read this.</p>
  <stringresponse answer="a"><label>First</label><description>Short.</description><textline/></stringresponse>
  <optionresponse><optioninput options="('x','y')" correct="x" points="2"/><optioninput options="('x')" correct="x"/>
  </optionresponse>
  <solution><p>Why.</p></solution>
  <demandhint><hint>Think.</hint><hint>Think <b>harder</b>.</hint></demandhint>
</problem>"""


def test_inputs_are_numbered_by_question_from_two() -> None:
    problem = parse(TWO_QUESTIONS, problem_id="p", seed=1)

    assert [entry.id for entry in problem.inputs] == ["p_2_1", "p_3_1", "p_3_2"]
    assert [solution.id for solution in problem.solutions] == ["p_solution_1"]
    assert problem.max_score == 4
    assert problem.inputs[0].labels.label == "First"
    assert problem.inputs[0].labels.descriptions == (("description_p_2_1_0", "Short."),)


def test_hints_on_demand_come_around() -> None:
    problem = parse(TWO_QUESTIONS, problem_id="p", seed=1)

    hints = [problem.demand_hint(index) for index in (0, 1, 2)]

    assert [(hint.index, hint.count, hint.html) for hint in hints if hint] == [
        (0, 2, "Think."),
        (1, 2, "Think <b>harder</b>."),
        (0, 2, "Think."),
    ]


@pytest.mark.parametrize(
    ("xml", "line", "message"),
    [
        ("<problem>\n<p></problem>", 2, "The problem is not XML: Opening and ending tag mismatch"),
        ("<problem>\n\n<p>&nbsp;</p></problem>", 3, "The problem is not XML: Entity 'nbsp' not defined"),
        ("<problem>\n<stringresponse><textline/></stringresponse></problem>", 2, "required attribute answer"),
        ("<problem>\n<stringresponse answer='a'/></problem>", 2, "has no input field"),
        (
            "<problem><stringresponse answer='a'>\n<choicegroup/></stringresponse></problem>",
            2,
            "Response stringresponse: cannot have input field choicegroup",
        ),
        (
            "<problem><multiplechoiceresponse><choicegroup>\n<choice>a</choice></choicegroup></multiplechoiceresponse></problem>",
            2,
            "does not say whether it is correct",
        ),
        (
            "<problem><multiplechoiceresponse><choicegroup>\n<choise/></choicegroup></multiplechoiceresponse></problem>",
            2,
            "may have <choice> inside, not <choise>",
        ),
        (
            "<problem><stringresponse answer='a'>\n<textline points='many'/></stringresponse></problem>",
            2,
            'has points="many"',
        ),
        ("", None, "The problem is not XML"),
        ("just words", 1, "The problem is not XML"),
    ],
)
def test_a_mistake_is_told_with_its_line(xml: str, line: int | None, message: str) -> None:
    with pytest.raises(ProblemError) as refused:
        parse(xml, problem_id="p", seed=1)

    assert message in refused.value.message
    if line is not None:
        assert refused.value.line == line


@pytest.mark.parametrize(
    "xml",
    [
        "<problem><p " + " ".join(f"a{number}='='" for number in range(1_001)) + "/></problem>",
        '<!DOCTYPE problem [<!ENTITY a "b">]><problem>&a;</problem>',
        '<!DOCTYPE problem SYSTEM "http://127.0.0.1:1/x"><problem/>',
        "<problem>" + "x" * 3_000_000 + "</problem>",
    ],
)
def test_hostile_xml_is_refused(xml: str) -> None:
    with pytest.raises(ProblemError):
        parse(xml, problem_id="p", seed=1)


def test_a_script_without_a_runner_is_said_honestly() -> None:
    with pytest.raises(ScriptsUnavailable):
        parse("<problem><script>x = 1</script></problem>", problem_id="p", seed=1)


def test_scripts_for_the_browser_need_no_runner() -> None:
    problem = parse("<problem><script type='text/javascript'>x()</script></problem>", problem_id="p", seed=1)

    assert problem.max_score == 0


def test_the_maximum_is_found_without_compiling() -> None:
    assert max_score(TWO_QUESTIONS) == 4
    assert max_score("<problem><annotationresponse><annotationinput/></annotationresponse></problem>") == 2
    assert max_score("<problem><script>x</script><customresponse><textline/></customresponse></problem>") == 1
    assert max_score("<problem><broken") == 0


def test_search_finds_questions_and_no_answers() -> None:
    assert search_text(TWO_QUESTIONS) == "Read this. First Short."
    assert search_text("<broken") == ""
