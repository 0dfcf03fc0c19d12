from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from lykeion.blocks.mako import MakoTemplates, NoSuchTemplate


@pytest.fixture
def block_class(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[type]:
    """A block's class in a package with a template."""
    package = tmp_path / "leafy"
    (package / "templates").mkdir(parents=True)
    (package / "__init__.py").write_text("class Leaf: pass\n")
    (package / "templates" / "leaf.html").write_text("<b>${name | h}</b>")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield __import__("leafy").Leaf
    del sys.modules["leafy"]


def test_templates_of_the_blocks_package_are_rendered(block_class: type) -> None:
    assert MakoTemplates(block_class).render_template("leaf.html", {"name": "<Oak>"}) == "<b>&lt;Oak&gt;</b>"


def test_templates_of_open_edx_are_not_here(block_class: type) -> None:
    with pytest.raises(NoSuchTemplate, match="no template"):
        MakoTemplates(block_class).render_lms_template("staff_problem_info.html", {})
