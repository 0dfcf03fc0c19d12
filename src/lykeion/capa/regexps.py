"""Authors' regular expressions on learners' answers, without letting one of them stop the site.

Python's engine tries all ways to match: `(a+)+b` takes longer than a learner lives on thirty letters. Expressions that
could do so are searched in a process of their own, which is stopped after a second; all others right here.
"""

import json
import re
import subprocess
import sys
from functools import lru_cache
from re import _parser  # type: ignore[attr-defined]  # the only way to see an expression's parts
from typing import Any, Final

from lykeion.capa.types import ProblemError

SECONDS = 1.0
SHORT_ANSWER = 200  # up to here, repeats one after another are harmless
LONGEST_ANSWER = 10_000
_MANY = 16
_SEARCH: Final = "import json,re,sys;p,f,t=json.load(sys.stdin);print('yes' if re.compile(p,f).search(t) else 'no')"


def found(pattern: str, text: str, *, ignore_case: bool) -> bool:
    """Whether the expression is found in the text. Raises re.error, and ProblemError when it takes too long."""
    flags = re.IGNORECASE if ignore_case else 0
    compiled = _compiled(pattern, flags)
    text = text[:LONGEST_ANSWER]
    nested, repeats = _dangers(pattern, flags)
    if nested or (repeats > 1 and len(text) > SHORT_ANSWER):
        return _found_elsewhere(pattern, flags, text)
    return compiled.search(text) is not None


@lru_cache(maxsize=1024)
def _compiled(pattern: str, flags: int) -> re.Pattern[str]:
    return re.compile(pattern, flags)


@lru_cache(maxsize=1024)
def _dangers(pattern: str, flags: int) -> tuple[bool, int]:
    """Whether a repeat has another one (or a choice) inside it, and how many repeats there are."""
    return _look(_parser.parse(pattern, flags), inside=False)


def _look(parts: Any, *, inside: bool) -> tuple[bool, int]:
    nested, count = False, 0
    for operation, argument in parts:
        name = str(operation)
        again = name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT") and int(argument[1]) > _MANY
        nested = nested or (inside and (again or name == "BRANCH"))
        count += again
        for below in _parts_of(argument):
            deeper, more = _look(below, inside=inside or again)
            nested, count = nested or deeper, count + more
    return nested, count


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
