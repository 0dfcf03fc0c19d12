"""The developers' page of blocks tells the truth."""

from __future__ import annotations

import re
from pathlib import Path

from lykeion.blocks.registry import OURS, installed_entry_points
from lykeion.blocks.services import PROVIDERS

PAGE = (Path(__file__).parents[2] / "docs" / "developers" / "blocks.md").read_text(encoding="utf-8")


def named_in(heading: str) -> set[str]:
    """The names in the first column of the table below ``heading``."""
    table = PAGE.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    return {name for row in rows for name in re.findall(r"`([^`]+)`", row)}


def test_every_built_in_kind_is_named() -> None:
    assert named_in("Our own kinds") == {
        point.name for point in installed_entry_points() if point.value.startswith(OURS)
    }


def test_every_service_is_named() -> None:
    assert named_in("Services") == {*PROVIDERS, "field-data"}


def test_every_kind_has_a_readme() -> None:
    folder = Path(__file__).parents[2] / "src" / "lykeion" / "blocks" / "builtin"
    kinds = [one for one in folder.iterdir() if (one / "block.py").exists()]

    assert [one.name for one in kinds if not (one / "README.md").exists()] == []
