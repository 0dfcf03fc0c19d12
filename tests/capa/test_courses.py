"""Problems that were made elsewhere can be shown here."""

from __future__ import annotations

import tarfile
from collections import Counter
from pathlib import Path

import pytest

from lykeion.capa.api import parse
from lykeion.capa.types import ProblemError, ScriptsUnavailable, View


@pytest.mark.parametrize(
    "course", ["demo-course", "engineering-structures", "mitx-grading-library", "supported-components"]
)
def test_every_problem_of_a_course_is_shown_or_waits_for_its_script(shared: Path, course: str) -> None:
    outcomes: Counter[str] = Counter()
    with tarfile.open(shared / "courses" / f"{course}.tar.gz") as archive:
        for member in archive:
            if member.isfile() and "/problem/" in member.name and member.name.endswith(".xml"):
                data = archive.extractfile(member)
                assert data is not None
                outcomes[_outcome(data.read().decode("utf-8"))] += 1

    assert outcomes["shown"] + outcomes["waits"] > 0
    assert outcomes["broken"] == 0


def _outcome(xml: str) -> str:
    try:
        problem = parse(xml, problem_id="p", seed=1)
    except ScriptsUnavailable:
        return "waits"
    except ProblemError:
        return "broken"
    html = problem.render(View(show_answers=True))
    return "shown" if html else "broken"
