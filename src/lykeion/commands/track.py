"""``lykeion track``: the enrolment tracks of a course, and what those who do not pay may not do."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from lykeion.commands.start import start
from lykeion.core.clock import now
from lykeion.core.errors import LykeionError
from lykeion.core.keys import CourseLocator
from lykeion.courseware.types import TRACK_GROUPS

_SWITCH = {"on": True, "off": False, None: None}


def show(run_key: str) -> int:
    """``lykeion track list``: the tracks of a course with their deadlines, and its limits."""
    catalog = _started()
    run = catalog.run(run_key)
    for mode, until in catalog.modes(run):
        print(f"{mode}: until {until.isoformat()}" if until else f"{mode}: no deadline")
    print(f"free access ends: {'yes' if run.audit_ends else 'no'}, weeks: {run.weeks_to_complete or 'not set'}")
    print(f"graded content is for verified learners: {'yes' if run.gates_graded else 'no'}")
    return 0


def offer(run_key: str, mode: str, until: str | None = None) -> int:
    """``lykeion track offer``: offers a course in a track; ``until`` is the last moment to choose it."""
    catalog = _started()
    if mode not in TRACK_GROUPS:
        raise LykeionError(f"There is no track {mode}; there are: {', '.join(TRACK_GROUPS)}.")
    catalog.set_mode(run_key, mode, expiration=_moment(until))
    return show(run_key)


def limit(run_key: str, audit_ends: str | None = None, graded: str | None = None, weeks: int | None = None) -> int:
    """``lykeion track limit``: what those who do not pay may not do where a verified track is offered."""
    if weeks is not None and not 1 <= weeks <= 500:
        raise LykeionError(f"A course takes from 1 to 500 weeks, not {weeks}.")
    _started().set_limits(
        run_key,
        at=now(),
        audit_ends=_SWITCH[audit_ends],
        gates_graded=_SWITCH[graded],
        weeks_to_complete=weeks,
    )
    return show(run_key)


def move(run_key: CourseLocator | str, name: str, mode: str) -> int:
    """``lykeion track move``: lets a learner take a course in another track; what they see changes at once."""
    catalog = _started()
    from lykeion.accounts import api as accounts

    person = accounts.find_person(name)
    if person is None:
        raise LykeionError(f"There is no account {name}.")
    enrolment = catalog.enrol(person.id, run_key, mode=mode, at=now(), by=person.id)
    print(f"{person.username} takes {run_key} in the track {enrolment.mode}")
    return 0


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise LykeionError(f"{text} is no date; write 2026-12-31 or 2026-12-31T18:00+00:00.") from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _started() -> Any:
    """The door of ``catalog``, once there are models."""
    start()
    from lykeion.catalog import api

    return api
