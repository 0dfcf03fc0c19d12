"""The examples that authors copy are problems, and name every attribute there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lykeion.capa import api as capa
from lykeion.capa.lint.check import findings
from lykeion.capa.lint.vocabulary import ATTRIBUTES
from lykeion.capa.types import View

COURSE_PARTS = ("<course", "<itembank", "<split_test", "<conditional", "<sequential")  # for tests/olx
AUTHORS = Path(__file__).parents[2] / "docs" / "authors"
EXAMPLES = [
    pytest.param(example, id=f"{page.stem}-{number}")
    for page in sorted(AUTHORS.glob("*.md"))
    for number, example in enumerate(re.findall(r"```xml\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL), 1)
    if not example.startswith(COURSE_PARTS)
]


def whole(example: str) -> str:
    """The example as a problem."""
    if example.startswith("<problem"):
        return example
    answer = '<answer type="loncapa/python">correct = ["correct"]</answer>'
    return f"<problem><customresponse><label>Look</label>{example}{answer}</customresponse></problem>"


def without_python(xml: str) -> str:
    """The problem without what is only needed to grade it."""
    return re.sub(r"<script.*?</script>", "", xml, flags=re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_can_be_used(example: str) -> None:
    xml = whole(example)
    problem = capa.parse(without_python(xml), problem_id="p", seed=1)

    assert "input_p_2_1" in problem.render(View(show_answers=True))
    assert [slip for slip in findings(xml) if slip.level != "warning"] == []


@pytest.mark.parametrize(
    ("page", "tag"),
    [
        ("jsinput", "jsinput"),
        ("drag-and-drop", "drag_and_drop_input"),
        ("drag-and-drop", "draggable"),
        ("drag-and-drop", "target"),
    ],
)
def test_every_attribute_is_explained(page: str, tag: str) -> None:
    rows = re.findall(r"^\|.*\|$", (AUTHORS / f"{page}.md").read_text(encoding="utf-8"), re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"`(\w+)`", "|".join(row.split("|")[:3]))}

    assert ATTRIBUTES[tag] - named == set()
