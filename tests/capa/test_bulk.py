"""Grading in bulk."""

from __future__ import annotations

import json

import pytest

from lykeion.capa.bulk import grade_lines

CASE = {
    "id": "x",
    "seed": 1,
    "show": True,
    "xml": '<problem><stringresponse answer="a"><textline/></stringresponse><solution>why</solution></problem>',
    "submissions": [{"2_1": "a"}, {"p_2_1": "b"}, {"input_2_1": "a"}, {"2_1": 5}],
}


def test_a_line_comes_back_for_every_case() -> None:
    verdict = {"total": 1, "overall_message": "", "shown": {"targetedfeedback": [], "solution": ["solution_1"]}}
    right = {"score": 1, "success": "correct", "correct_map": {"2_1": {"correctness": "correct"}}} | verdict
    wrong = {"score": 0, "success": "incorrect", "correct_map": {"2_1": {"correctness": "incorrect"}}} | verdict

    lines = [json.loads(line) for line in grade_lines([json.dumps(CASE), "", json.dumps({"id": "y", "xml": "<a"})])]

    *results, refused = lines[0].pop("results")
    assert results == [right, wrong, right]
    assert refused["error"]["message"] == "The answer must be text."
    assert lines[0] == {
        "id": "x",
        "seed": 1,
        "max_score": 1,
        "inputs": [{"id": "2_1", "response": "stringresponse", "input": "textline", "max": 1}],
        "expected": {"2_1": "a", "solution_1": '<solution id="p_solution_1">why</solution>'},
        "shown": {"targetedfeedback": [], "solution": ["solution_1"]},
    }
    assert lines[1]["error"]["kind"] == "ProblemError"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{nope", "line 2: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
        ('{"id": "a"}', 'line 2: a case is an object with the problem as text in "xml"'),
        ("[]", 'line 2: a case is an object with the problem as text in "xml"'),
        (
            '{"xml": "<problem/>", "submissions": {"2_1": "a"}}',
            'line 2: "submissions" is a list of objects, each from input ids such as "2_1" to answers',
        ),
    ],
)
def test_a_line_that_is_no_case_says_what_it_lacks_and_the_next_is_graded(line: str, said: str) -> None:
    before, refused, after = map(json.loads, grade_lines([json.dumps(CASE), line, json.dumps(CASE)]))

    assert refused["error"]["message"] == said
    assert before == after
