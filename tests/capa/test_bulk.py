"""Grading in bulk, and how far we agree with Open edX's engine on the reference cases."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

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


@pytest.mark.parametrize(("name", "least"), [("made", 0.999), ("real", 1.0)])
def test_problems_without_scripts_are_graded_as_open_edx_does(shared: Path, name: str, least: float) -> None:
    """Where Open edX itself crashed, there is no verdict to agree with; scripts wait for their sandbox."""
    cases, expected = (_lines(shared / f"capa/{name}.{kind}.jsonl") for kind in ("cases", "expected"))
    results = {row["id"]: row for row in map(json.loads, grade_lines(json.dumps(case) for case in cases))}

    pairs = [pair for row in expected for pair in _pairs(row, results[row["id"]])]
    agreeing = sum(_agree(*pair) for pair in pairs)

    assert len(pairs) > 500
    assert agreeing / len(pairs) >= least


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _pairs(expected: dict[str, Any], found: dict[str, Any]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    if _left_out(expected) or _waits(found):
        return []
    if "error" in expected or "error" in found:
        return [(expected, found)]
    pairs = zip(expected["results"], found["results"], strict=True)
    return [(one, other) for one, other in pairs if not _left_out(one) and not _waits(other)]


def _left_out(row: dict[str, Any]) -> bool:
    error = row.get("error")
    return isinstance(error, dict) and error["class"] == "crash"


def _waits(row: dict[str, Any]) -> bool:
    return "error" in row and row["error"]["kind"] in ("ScriptsUnavailable", "NotSupported")


def _agree(expected: dict[str, Any], found: dict[str, Any]) -> bool:
    if "error" in expected or "error" in found:
        return "error" in expected and "error" in found
    verdicts = [{key: item["correctness"] for key, item in row["correct_map"].items()} for row in (expected, found)]
    return verdicts[0] == verdicts[1] and abs(expected["score"] - found["score"]) < 1e-9
