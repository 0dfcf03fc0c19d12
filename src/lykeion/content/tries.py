"""Trying again, when somebody else moved a ref first."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from typing import Final

TRIES: Final = 60
_FIRST: Final = 0.004  # seconds, as long as a change takes, about
_GROWTH: Final = 1.4
_LONGEST: Final = 0.5


def attempts(tries: int = TRIES) -> Iterator[int]:
    """Counts down to 0 the tries that are left, each after a pause: a random one, so that those who were in one
    another's way are not again, and a longer one each time, so that many get through."""
    pause = _FIRST
    for left in reversed(range(tries)):
        yield left
        time.sleep(random.uniform(0, pause))  # noqa: S311  # no secret
        pause = min(pause * _GROWTH, _LONGEST)
