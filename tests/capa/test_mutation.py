"""A short run of the spoiled problems; `python -m tests.capa.mutation` is the long one."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.capa.mutation import own_problems, problems_of, spoiled, try_problem

pytestmark = [
    pytest.mark.timeout(120),
    pytest.mark.filterwarnings("ignore::FutureWarning"),  # Python's, about authors' regular expressions
]


@pytest.mark.parametrize("seed", range(8))
def test_spoiled_problems_of_our_own_work_or_say_what_is_wrong(seed: int) -> None:
    _try(own_problems(), seed)


@pytest.mark.parametrize("seed", range(8))
def test_spoiled_problems_of_courses_work_or_say_what_is_wrong(shared: Path, seed: int) -> None:
    _try([xml for name in ("made", "real") for xml in problems_of(shared / f"capa/{name}.cases.jsonl")], seed)


def _try(problems: list[str], seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(100):
        try_problem(spoiled(chance.choice(problems), chance), chance)
