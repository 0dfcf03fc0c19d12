"""What authors begin a new problem with works as it stands, with its Python."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lykeion.capa.api import TEMPLATES, check, new_problem, parse, read_visual
from lykeion.capa.authoring.types import BeyondVisual
from lykeion.sandbox.api import Sandbox, SandboxRunner

HALVES = json.dumps([{"sky": "above"}, {"ground": "below"}])
CIRCUIT = json.dumps([["dc", {"output": 0.5}]])
RIGHT: dict[str, Any] = {
    "single": "choice_0",
    "multi": ["choice_0", "choice_1"],
    "dropdown": "A right answer",
    "number": "103",
    "text": "a RIGHT answer",
    "number_script": "$total",
    "formula": "0.5*m*v*v",
    "python": {"p_2_1": "4", "p_2_2": "6"},
    "drag_and_drop": HALVES,
    "image": "[440,120]",
    "choice_numbers": {
        "p_2_1": {"p_2_1_choiceinput_0bc": "choiceinput_0", "p_2_1_choiceinput_0_numtolerance_input_0": "3"}
    },
    "targeted": "choice_2",
    "partial_credit": "choice_0",
    "pool": "choice_0",
    "chemistry": "O2 + 2H2 -> 2H2O",
    "circuit": CIRCUIT,
    "program": "def double(n):\n    return n * 2",
    "page": json.dumps({"answer": "7", "state": "{}"}),
}


@pytest.mark.parametrize(
    "template", [template for template in TEMPLATES if template.name != "blank"], ids=lambda one: one.name
)
def test_the_right_answer_to_a_template_earns_its_point(template: Any, sandbox: Sandbox) -> None:
    problem = parse(new_problem(template.name), problem_id="p", seed=3, runner=SandboxRunner(sandbox))
    right = RIGHT[template.name]
    if isinstance(right, str):
        right = right.replace("$total", str(problem.context.get("total")))

    grading = problem.grade(right if isinstance(right, dict) else {"p_2_1": right})

    assert grading.score == grading.total


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda one: one.name)
def test_a_template_is_without_a_slip_and_simple_ones_open_visually(template: Any) -> None:
    xml = new_problem(template.name)

    assert check(xml) == ()
    if template.kind is not None:
        (question,) = read_visual(xml).questions
        assert question.kind == template.kind
    elif template.name != "blank":
        with pytest.raises(BeyondVisual):
            read_visual(xml)
