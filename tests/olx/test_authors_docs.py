"""The examples of course XML that authors copy can be imported."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lykeion.olx.api import read_course
from tests.olx.making import messages, write_files

AUTHORS = Path(__file__).parents[2] / "docs" / "authors"
PARTS = ("itembank", "split_test", "conditional", "sequential")  # no problems: see tests/capa/test_authors_docs.py
EXAMPLES = [
    pytest.param(example, id=f"{page.stem}-{number}")
    for page in sorted(AUTHORS.glob("*.md"))
    for number, example in enumerate(re.findall(r"```xml\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL), 1)
    if example.startswith(tuple(f"<{part}" for part in PARTS))
]


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_can_be_imported(example: str, tmp_path: Path) -> None:
    unit = not example.startswith("<sequential")
    inner = f'<sequential url_name="s"><vertical url_name="v">{example}</vertical></sequential>' if unit else example
    closed = inner if "</sequential>" in inner else f"{inner}</sequential>"
    named = {f"{tag}/{name}.xml": f"<{tag}/>" for tag, name in re.findall(r'<(\w+) url_name="(\w+)"/>', example)}
    course = f'<course><chapter url_name="c">{closed}</chapter></course>'

    course_read = read_course(write_files(tmp_path, {"course/2026.xml": course, **named}))

    assert messages(course_read) == []
    [section] = course_read.root.children
    assert all("xml_attributes" not in block.fields for block in section.walk())
