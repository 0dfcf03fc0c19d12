"""``lykeion due``: due dates that single learners were given. Results go to stdout, as lines or as JSON."""

from __future__ import annotations

import json as json_text
import sys
from datetime import UTC, datetime
from typing import Any

from lykeion.commands.start import start
from lykeion.core.clock import now
from lykeion.core.errors import LykeionError
from lykeion.core.keys import BadKey, CourseLocator, parse_run, parse_usage, ref_of


class BadArgument(LykeionError):
    """Something on the command line that names nothing."""


def set_due(run_key: str, user: str, subsection: str, date: str) -> int:
    """``lykeion due set``: gives a learner more time for a subsection."""
    courseware, run = _started(), parse_run(run_key)
    line = courseware.set_due(run, _person(user), _ref(run, subsection), _date(date), by=None, at=now())
    print(f"{line.username}: {line.title} is due on {_text(line.due)}")
    if line.due <= now():
        print("note: that is in the past, so it gives no time; give a date to come", file=sys.stderr)
    return 0


def reset(run_key: str, user: str, subsection: str) -> int:
    """``lykeion due reset``: the learner's date is that of everybody again."""
    courseware, run = _started(), parse_run(run_key)
    had = courseware.reset_due(run, _person(user), _ref(run, subsection))
    print("reset" if had else "there was nothing to reset")
    return 0


def show(run_key: str, user: str | None = None, subsection: str | None = None, json: bool = False) -> int:
    """``lykeion due list``: the dates that were given, by learner."""
    courseware, run = _started(), parse_run(run_key)
    asked = {"user_id": _person(user) if user else None, "ref": _ref(run, subsection) if subsection else None}
    lines = courseware.own_dues(run, **asked)
    if json:
        print(json_text.dumps([{"user": one.username, "subsection": one.ref, "due": _text(one.due)} for one in lines]))
        return 0
    for one in lines:
        print(f"{_text(one.due)}  {one.username}  {one.ref}  {one.title}")
    return 0


def _started() -> Any:
    """The door, once there are models."""
    start()
    from lykeion.courseware import api

    return api


def _person(name: str) -> int:
    from lykeion.accounts import api as accounts  # models exist only after the start

    found = accounts.find_person(name)
    if found is None:
        raise BadArgument(f"There is no account {name}. Give a user name or an e-mail address.")
    return found.id


def _ref(run: CourseLocator, name: str) -> str:
    """The ref that a usage key, a ref or the id of a subsection stands for."""
    if not name.startswith("block-v1:"):
        return name if "@" in name else f"sequential@{name}"
    key = parse_usage(name)
    if key.course_key != run:
        raise BadKey(f"{name} is of another course than {run}.")
    return ref_of(key)


def _date(text: str) -> datetime:
    try:
        read = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadArgument(f"{text!r} is no date. Write it like 2026-12-24T18:00Z.") from error
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def _text(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
