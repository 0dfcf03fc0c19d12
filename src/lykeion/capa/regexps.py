"""Authors' regular expressions on learners' answers, without letting one of them stop the site.

Python's engine tries all ways to match: `(a+)+b` takes longer than a learner lives on thirty letters. Expressions that
could do so are searched in a process of their own, which is stopped after a second; all others right here.
"""

from __future__ import annotations

import json
import math
import re
import subprocess
import sys
from dataclasses import dataclass
from functools import lru_cache
from re import _parser  # type: ignore[attr-defined]  # the only way to see an expression's parts
from typing import Any, Final

from lykeion.capa.types import ProblemError

SECONDS = 1.0
MOST_STEPS = 5e6  # of a search right here, which holds up everybody else in this process: a tenth of a second
MOST_CHOICES = 16  # small choices that can be combined at will, in bits: 65,536 ways
LONGEST_ANSWER = 2_000  # letters that are looked at
_MANY = 16
_SEARCH: Final = "import json,re,sys;p,f,t=json.load(sys.stdin);print('yes' if re.compile(p,f).search(t) else 'no')"


@dataclass(frozen=True, slots=True)
class Dangers:
    """What makes an expression slow. ``nested``: a large repeat has another one or a choice inside it; ``repeats``: how
    many large ones there are; ``choices``: bits of all small ones (``?``, ``{0,3}``, ``a|b``) together."""

    nested: bool
    repeats: int
    choices: float

    def __add__(self, other: Dangers) -> Dangers:
        """Both."""
        return Dangers(self.nested or other.nested, self.repeats + other.repeats, self.choices + other.choices)


def found(pattern: str, text: str, *, ignore_case: bool) -> bool:
    """Whether the expression is found in the text. Raises re.error, and ProblemError when it takes too long."""
    flags = re.IGNORECASE if ignore_case else 0
    compiled = _compiled(pattern, flags)
    text = text[:LONGEST_ANSWER]
    if _may_take_long(_dangers(pattern, flags), len(text)):
        return _found_elsewhere(pattern, flags, text)
    return compiled.search(text) is not None


def _may_take_long(dangers: Dangers, length: int) -> bool:
    """Repeats one after another share the text out among them: length^(n+1)/(n+1)! ways, the start being one more;
    each of them for every combination of choices."""
    ways = dangers.repeats + 1
    if dangers.nested or dangers.choices > MOST_CHOICES or ways > MOST_CHOICES:
        return True
    return bool(2**dangers.choices * length**ways / math.factorial(ways) > MOST_STEPS)


@lru_cache(maxsize=1024)
def _compiled(pattern: str, flags: int) -> re.Pattern[str]:
    return re.compile(pattern, flags)


@lru_cache(maxsize=1024)
def _dangers(pattern: str, flags: int) -> Dangers:
    return _look(_parser.parse(pattern, flags), times=1, inside=False)


def _look(parts: Any, *, times: int, inside: bool) -> Dangers:
    """What is dangerous in ``parts``, which stand in a small repeat of ``times`` or ``inside`` a large one."""
    found = Dangers(False, 0, 0.0)
    for operation, argument in parts:
        own, below = _own_dangers(str(operation), argument, times, inside)
        found += own
        deeper = below > _MANY
        for part in _parts_of(argument):
            found += _look(part, times=times if deeper else times * below, inside=inside or deeper)
    return found


def _own_dangers(name: str, argument: Any, times: int, inside: bool) -> tuple[Dangers, int]:
    """What one operation brings, and how often it repeats what is in it."""
    if name == "BRANCH":
        return Dangers(inside, 0, times * math.log2(len(argument[1]))), 1
    if name not in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        return Dangers(False, 0, 0.0), 1
    least, most = int(argument[0]), int(argument[1])
    if most > _MANY:
        return Dangers(inside, times, 0.0), most
    return Dangers(inside and most > least, 0, times * math.log2(most - least + 1)), max(1, most)


def _parts_of(argument: Any) -> list[Any]:
    """The expressions inside an operation's argument, however it keeps them."""
    if isinstance(argument, _parser.SubPattern):
        return [argument]
    if isinstance(argument, tuple | list):
        return [part for item in argument for part in _parts_of(item)]
    return []


def _found_elsewhere(pattern: str, flags: int, text: str) -> bool:
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and our own words; the expression goes in as data
            [sys.executable, "-I", "-S", "-c", _SEARCH],
            input=json.dumps([pattern, int(flags), text]),
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=True,
        )
    except subprocess.TimeoutExpired as error:
        raise ProblemError(f"The regular expression {pattern!r} takes too long; simplify its repeats.") from error
    return done.stdout.strip() == "yes"
