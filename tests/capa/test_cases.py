"""Whole problems with what their answers are worth: one folder a problem in tests/cases/capa."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from lykeion.capa.api import parse
from lykeion.capa.types import AnswerError

CASES = sorted((Path(__file__).parent.parent / "cases" / "capa").iterdir())


def _full(short: dict[str, Any]) -> dict[str, Any]:
    return {f"p_{key}": value for key, value in short.items()}


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_the_problem_is_worth_what_its_case_says(folder: Path) -> None:
    case = tomllib.loads((folder / "case.toml").read_text(encoding="utf-8"))
    problem = parse((folder / "problem.xml").read_text(encoding="utf-8"), problem_id="p", seed=case.get("seed", 1))

    assert problem.max_score == case["total"]
    if "expected" in case:
        assert problem.expected == _full(case["expected"])
    for submission in case["submission"]:
        _check(problem, submission)


def _check(problem: Any, submission: dict[str, Any]) -> None:
    answers = _full(submission["answers"])
    if "error" in submission:
        with pytest.raises(AnswerError) as refused:
            problem.grade(answers)
        assert refused.value.message == submission["error"]
        return

    grading = problem.grade(answers)

    assert grading.score == submission["score"]
    assert {key: result.correctness for key, result in grading.correct_map.items()} == _full(submission["correctness"])
    messages = {key: result.msg for key, result in grading.correct_map.items() if result.msg}
    assert messages == _full(submission.get("messages", {}))
