"""What a compiled problem shows, and that one value serves all learners."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from lykeion.capa.api import parse
from lykeion.capa.types import InputResult, View

CHOICE = """<problem><p>Look:</p><multiplechoiceresponse><label>Which?</label><choicegroup>
<choice correct="true">a &lt; b</choice><choice correct="false"><i>c</i></choice></choicegroup>
<solution><p>Because.</p></solution></multiplechoiceresponse></problem>"""
TEXT = '<problem><stringresponse answer="a &amp; b"><textline label="Word"/></stringresponse></problem>'


def _html(xml: str, **view: object) -> str:
    return parse(xml, problem_id="p", seed=1).render(View(**view))  # type: ignore[arg-type]


def test_choices_are_a_named_group_of_radio_buttons() -> None:
    html = _html(CHOICE)

    assert "<p>Look:</p>" in html
    assert "<legend>Which?</legend>" in html
    assert 'type="radio" name="input_p_2_1" id="input_p_2_1_choice_0" value="choice_0">' in html
    assert '<span class="capa-choice__text">a &lt; b</span>' in html
    assert "Because" not in html


def test_an_answer_is_kept_and_told_right_or_wrong() -> None:
    html = _html(CHOICE, answers={"p_2_1": "choice_1"}, correct_map={"p_2_1": InputResult("incorrect")}, done=True)

    assert 'value="choice_1" checked>' in html
    assert 'class="capa-input capa-input--choicegroup incorrect"' in html
    assert ">Incorrect</p>" in html


def test_withheld_results_say_no_more_than_submitted() -> None:
    html = _html(
        CHOICE,
        answers={"p_2_1": "choice_1"},
        correct_map={"p_2_1": InputResult("incorrect", msg="secret")},
        done=True,
        statuses=False,
        submitted=True,
    )

    assert ">Submitted</p>" in html
    assert "ncorrect" not in html
    assert "secret" not in html


def test_answers_and_solutions_are_shown_when_asked_for() -> None:
    html = _html(CHOICE, show_answers=True)

    assert html.count("is-answer") == 1
    assert '<section class="capa-solution" id="p_solution_1"><p>Because.</p></section>' in html


def test_what_a_learner_typed_is_escaped_and_what_the_author_wrote_is_not() -> None:
    html = _html(TEXT, answers={"p_2_1": '"><script>alert(1)</script>'}, show_answers=True)

    assert "<script>" not in html
    assert "&quot;&gt;&lt;script&gt;" in html
    assert "a &amp; b" in html


def test_a_learners_dollar_signs_are_left_alone() -> None:
    html = _html(TEXT, answers={"p_2_1": "$seed"})

    assert 'value="$seed"' in html


def test_authors_variables_are_replaced_in_the_page() -> None:
    assert "Variant 7" in parse("<problem><p>Variant $seed</p></problem>", problem_id="p", seed=7).render(View())


def test_secrets_of_the_author_never_reach_the_page() -> None:
    xml = """<problem><stringresponse answer="hemlock"><additional_answer answer="poison"/>
    <correcthint>yes</correcthint><stringequalhint answer="wine">no</stringequalhint><textline/></stringresponse>
    <numericalresponse answer="42"><responseparam type="tolerance" default="13%"/><textline/></numericalresponse>
    <demandhint><hint>demanded</hint></demandhint></problem>"""

    html = _html(xml)

    assert [word for word in ("hemlock", "poison", "yes", "wine", "42", "13%", "demanded") if word in html] == []


def test_an_input_in_a_sentence_stands_in_a_paragraph_that_html_allows() -> None:
    html = _html('<problem><stringresponse answer="x"><p id="q">So <textline/> it is.</p></stringresponse></problem>')

    assert '<div class="capa-paragraph" id="q">So <div' in html
    assert "<p id" not in html


def test_targeted_feedback_comes_with_its_choice_and_only_after_submission() -> None:
    xml = """<problem><multiplechoiceresponse targeted-feedback="alwaysShowCorrectChoiceExplanation"><choicegroup>
    <choice correct="false" explanation-id="w">W</choice><choice correct="true" explanation-id="r">R</choice>
    </choicegroup></multiplechoiceresponse><targetedfeedbackset>
    <targetedfeedback explanation-id="w">about w</targetedfeedback>
    <targetedfeedback explanation-id="r">about r</targetedfeedback></targetedfeedbackset>
    <solutionset><solution explanation-id="r">the solution</solution></solutionset></problem>"""
    answers = {"p_2_1": "choice_0"}

    before, after = _html(xml, answers=answers), _html(xml, answers=answers, done=True)

    words = ("about w", "about r", "the solution")
    assert [word for word in words if word in before] == []
    assert [word for word in words if word in after] == ["about w", "the solution"]


def test_a_pool_shows_one_right_choice_and_its_solution() -> None:
    xml = """<problem><multiplechoiceresponse><choicegroup answer-pool="2">
    <choice correct="true" explanation-id="a">A</choice><choice correct="true" explanation-id="b">B</choice>
    <choice correct="false">C</choice><choice correct="false">D</choice></choicegroup></multiplechoiceresponse>
    <solutionset><solution explanation-id="a">of a</solution>
    <solution explanation-id="b">of b</solution></solutionset></problem>"""

    for seed in range(10):
        problem = parse(xml, problem_id="p", seed=seed)
        shown = [name for name, _ in problem.inputs[0].choices()]
        right = [name for name in shown if name in ("choice_0", "choice_1")]
        assert len(shown) == 2
        assert len(right) == 1
        assert [solution.explanation_id for solution in problem.solutions] == ["a" if right == ["choice_0"] else "b"]


def test_shuffled_choices_keep_their_order_for_a_seed_and_fixed_ones_their_place() -> None:
    xml = """<problem><multiplechoiceresponse><choicegroup shuffle="true">
    <choice correct="true" fixed="true">first</choice>
    <choice correct="false">1</choice><choice correct="false">2</choice><choice correct="false">3</choice>
    <choice correct="false" fixed="true">last</choice></choicegroup></multiplechoiceresponse></problem>"""

    orders = {
        seed: [html for _, html in parse(xml, problem_id="p", seed=seed).inputs[0].choices()] for seed in range(9)
    }

    assert {(order[0], order[-1]) for order in orders.values()} == {("first", "last")}
    assert len({tuple(order) for order in orders.values()}) > 2
    assert orders[3] == _order(xml, 3)


def _order(xml: str, seed: int) -> list[str]:
    return [html for _, html in parse(xml, problem_id="p", seed=seed).inputs[0].choices()]


def test_one_compiled_problem_grades_for_many_learners_at_once() -> None:
    problem = parse(CHOICE, problem_id="p", seed=1)

    with ThreadPoolExecutor(8) as pool:
        scores = list(pool.map(lambda n: problem.grade({"p_2_1": f"choice_{n % 2}"}).score, range(200)))

    assert scores == [1, 0] * 100
