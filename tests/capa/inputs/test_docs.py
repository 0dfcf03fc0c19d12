"""The authors' page of inputs tells the truth."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lykeion.capa.api import findings, parse
from lykeion.capa.inputs.code import MODES
from lykeion.capa.inputs.kinds import BUILDERS
from lykeion.capa.types import View

PAGE = (Path(__file__).parents[3] / "docs" / "authors" / "problem-inputs.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```xml\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("xml", EXAMPLES)
def test_every_example_is_a_problem_that_is_shown(xml: str) -> None:
    problem = parse(xml, problem_id="p", seed=1)

    html = problem.render(View())

    assert all(f'id="inputtype_{entry.id}"' in html for entry in problem.inputs)


@pytest.mark.parametrize("xml", [example for example in EXAMPLES if "<editageneinput" not in example])
def test_no_example_has_a_slip(xml: str) -> None:
    assert findings(xml) == ()


def test_authors_are_warned_of_the_input_that_judges_nothing_any_more() -> None:
    (example,) = [xml for xml in EXAMPLES if "<editageneinput" in xml]

    assert [finding.message for finding in findings(example)] == [
        "<editageneinput> posts no verdict in genex_answer; let the grader read genex_dna_sequence"
    ]


def test_every_input_and_every_language_is_on_the_page() -> None:
    assert [tag for tag in BUILDERS if f"`{tag}`" not in PAGE] == []
    assert [mode for mode in MODES if f"`{mode}`" not in PAGE] == []
