"""``lykeion exam``: more time for some, another try, and the entrance exam skipped.

Results go to stdout, as a table or (``--json``) as JSON.
"""

from __future__ import annotations

import json as json_text
import sys
from datetime import datetime
from typing import Any, Final

from lykeion.commands.start import start
from lykeion.core.clock import now
from lykeion.core.keys import CourseLocator, parse_run

COLUMNS: Final = (
    "user", "subsection", "status", "started", "ends", "completed", "allowed_minutes", "extra_minutes",
)  # fmt: skip


def show(run_key: str, json: bool = False) -> int:
    """``lykeion exam list``: every attempt at a timed exam of a run, and everybody who has more time."""
    courseware = _started()
    lines = [_line(one) for one in courseware.exam_lines(_run(run_key))]
    if json:
        print(json_text.dumps(lines))
        return 0
    print("\t".join(COLUMNS))
    for line in lines:
        print("\t".join(str(value) if value is not None else "-" for value in line.values()))
    return 0


def allow(run_key: str, user: str, subsection: str, minutes: int | None = None, multiplier: float | None = None) -> int:
    """``lykeion exam allow``: gives a learner more time; 0 minutes take it back. Not for an exam that has begun."""
    courseware = _started()
    granted = courseware.allow_exam_time(
        _run(run_key), _person(user), subsection, minutes=minutes, multiplier=multiplier, at=now()
    )
    instead = f", instead of {granted.before}" if granted.before not in {0, granted.minutes} else ""
    print(
        f"{user} has {granted.minutes} {'minute' if granted.minutes == 1 else 'minutes'} more for {subsection}{instead}"
    )
    if granted.begun:
        print(
            "note: they have begun already; this counts only for an attempt after `lykeion exam reset`", file=sys.stderr
        )
    return 0


def reset(run_key: str, user: str, subsection: str) -> int:
    """``lykeion exam reset``: deletes a learner's attempt with all that they answered in it."""
    found = _started().reset_exam(_run(run_key), _person(user), subsection, at=now())
    print(f"{user} may start {subsection} again" if found else f"{user} has not started {subsection}")
    return 0


def skip_entrance(run_key: str, user: str) -> int:
    """``lykeion exam skip-entrance``: opens a run for a learner without its entrance exam."""
    _started().skip_entrance_exam(_run(run_key), _person(user), at=now())
    print(f"{user} need not pass the entrance exam")
    return 0


def _line(one: Any) -> dict[str, str | int | None]:
    attempt = one.attempt
    values = (
        one.username,
        one.ref.partition("@")[2],
        attempt.status if attempt else None,
        _text(attempt.started if attempt else None),
        _text(attempt.ends if attempt else None),
        _text(attempt.completed if attempt else None),
        attempt.allowed_minutes if attempt else None,
        one.extra,
    )
    return dict(zip(COLUMNS, values, strict=True))


def _text(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat(timespec="seconds")


def _started() -> Any:
    """The door, once there are models."""
    start()
    from lykeion.courseware import api

    return api


def _run(text: str) -> CourseLocator:
    return parse_run(text)


def _person(name: str) -> int:
    from lykeion.accounts import api as accounts  # models exist only after the start
    from lykeion.courseware.types import ExamError

    person = accounts.find_person(name)
    if person is None:
        raise ExamError(f"There is no account {name}.")
    return person.id
