"""Courses damaged in a few hundred ways: read with what is left, or refused with a reason; never anything else."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from lykeion.olx.api import read_course, unpack, with_portable_links, write_course
from lykeion.olx.types import OlxError
from tests.olx.damage import damage, mend


def met(folder: Path, out: Path) -> str:
    """What becomes of the course: a reason, or "read" when it also comes back the same from an export."""
    try:
        course = with_portable_links(read_course(folder))
        write_course(course, out)
        return "read" if with_portable_links(read_course(out)) == course else "changed by an export"
    except OlxError as error:
        return "refused" if error.message else "refused without a reason"
    finally:
        shutil.rmtree(out, ignore_errors=True)


@pytest.mark.parametrize(("name", "times"), [("mitx-grading-library", 60), ("supported-components", 200)])
def test_a_damaged_course_is_read_or_refused(shared: Path, tmp_path: Path, name: str, times: int) -> None:
    archive = shared / "courses" / f"{name}.tar.gz"
    if not archive.is_file():
        pytest.skip(f"needs {archive.name} in ../shared/courses")
    folder = unpack(archive, tmp_path / "in")
    found: dict[str, list[int]] = {}

    for seed in range(times):
        rng = random.Random(seed)
        before = damage(rng, folder, rng.choice([1, 2, 5, 20]))
        found.setdefault(met(folder, tmp_path / "out"), []).append(seed)
        mend(before)

    assert found.keys() == {"read", "refused"}, {fate: seeds[:5] for fate, seeds in found.items()}
    assert len(found["read"]) > times / 3
