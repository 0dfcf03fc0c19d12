"""The examples that authors copy are problems, and name every attribute there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lykeion.capa import api as capa
from lykeion.capa import lint
from lykeion.capa.types import View

AUTHORS = Path(__file__).parents[2] / "docs" / "authors"
EXAMPLES = [
    pytest.param(example, id=f"{page.stem}-{number}")
    for page in sorted(AUTHORS.glob("*.md"))
    for number, example in enumerate(re.findall(r"```xml\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL), 1)
]


def without_python(example: str) -> str:
    """The example as a whole problem whose Python is not needed to show it."""
    if not example.startswith("<problem"):
        example = f"<problem><customresponse>{example}</customresponse></problem>"
    return re.sub(r"<script.*?</script>", "", example, flags=re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_can_be_used(example: str) -> None:
    xml = without_python(example)
    problem = capa.parse(xml, problem_id="p", seed=1)

    assert problem.unsupported == ()
    assert "input_p_2_1" in problem.render(View(show_answers=True))
    assert lint.findings(xml) == ()


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

    assert lint.ATTRIBUTES[tag] - named - {"no_labels"} == set()
