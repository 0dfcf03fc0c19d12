"""The chance that old problems were written with: Python 2's way to shuffle and to draw.

Open edX seeds its variants with a copy of Python 2's random module, so the order of choices that a learner saw years
ago can only be shown again with the same arithmetic. Python's own generator underneath has not changed.
"""

import random
from collections.abc import MutableSequence
from typing import Any


class Chance:
    """A seeded source of chance with the sequences of Python 2."""

    __slots__ = ("_random",)

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed).random  # noqa: S311 - the order of choices is no secret

    def below(self, count: int) -> int:
        """A whole number from 0 to count - 1."""
        return int(self._random() * count)

    def shuffle(self, items: MutableSequence[Any]) -> None:
        """Put the items in a chance order, in place."""
        for last in range(len(items) - 1, 0, -1):
            other = self.below(last + 1)
            items[last], items[other] = items[other], items[last]
