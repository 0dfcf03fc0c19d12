"""``lykeion jobs``: background jobs, what became of them, ending and repeating them.

Results go to stdout, as a table or (``--json``) as JSON.
"""

from __future__ import annotations

import json as json_text
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from lykeion.commands.queue import age, printable, table
from lykeion.commands.start import start
from lykeion.core.clock import now
from lykeion.core.errors import LykeionError
from lykeion.jobs.types import Backlog, JobStatus, State


def show_all(state: str | None, queue: str, name: str, limit: int, json: bool = False) -> int:
    """``lykeion jobs list``: the newest first; then how much waits in each queue, and since when.

    As JSON also since how many seconds, and how many jobs failed within an hour: what alerts go by. Raises
    :class:`LykeionError` for an unknown queue.
    """
    jobs, at = _started(), now()
    if queue and queue not in jobs.QUEUES:
        raise LykeionError(f"There is no queue {queue!r}; --queue takes one of: {', '.join(jobs.QUEUES)}.")
    found = jobs.find(state=State(state) if state else None, queue=queue, name=name, limit=limit)
    waiting = [_waiting(one, at) for one in jobs.backlog(at)]
    if json:
        failed = jobs.failed_since(at - timedelta(hours=1))
        told = {"jobs": [_plain(one) for one in found], "waiting": waiting, "failed_within_hour": failed}
        print(json_text.dumps(told))
        return 0
    table(["id", "queue", "name", "state", "progress", "age", "title"], [_row(one, at) for one in found])
    if waiting:
        print()
        table(["queue", "waiting", "oldest"], waiting)
    return 0


def show(id: int, json: bool = False) -> int:
    """``lykeion jobs show``: all about one job. Raises :class:`JobError` when it is not known."""
    jobs = _started()
    one, lines = jobs.status(id), jobs.lines(id)
    if json:
        print(json_text.dumps({**_plain(one), "log": [[line.at.isoformat(), line.text] for line in lines]}))
        return 0
    for field, value in _plain(one).items():
        if value not in (None, "", {}):
            print(f"{field:10} {printable(_words(value))}")
    for line in lines:
        print(f"{line.at:%Y-%m-%d %H:%M:%S}  {printable(line.text)}")
    return 0


def cancel(ids: Sequence[int]) -> int:
    """``lykeion jobs cancel``: the exit code is 1 when one of them was over already."""
    jobs, at = _started(), now()
    return _each(ids, lambda job_id: jobs.cancel(job_id, at=at), "cancelled", "is over, or not known")


def retry(ids: Sequence[int]) -> int:
    """``lykeion jobs retry``: the exit code is 1 when one of them did not fail."""
    jobs, at = _started(), now()
    return _each(ids, lambda job_id: jobs.retry_failed(job_id, at=at), "waits again", "did not fail, or is forgotten")


def _each(ids: Sequence[int], deed: Callable[[int], bool], done: str, refused: str) -> int:
    wrong = 0
    for job_id in ids:
        well = deed(job_id)
        wrong += not well
        print(f"{job_id} {done if well else refused}", file=sys.stdout if well else sys.stderr)
    return 1 if wrong else 0


def _started() -> Any:
    """The door, once there are models."""
    start()
    from lykeion.jobs import api

    return api


def _waiting(one: Backlog, at: datetime) -> dict[str, Any]:
    waited = at - one.oldest
    return {"queue": one.queue, "waiting": one.count, "oldest": age(waited), "seconds": int(waited.total_seconds())}


def _row(one: JobStatus, at: datetime) -> dict[str, Any]:
    progress = f"{one.done}/{one.total}" if one.total else None
    words = one.title or one.error
    return {**asdict(one), "progress": progress, "age": age(at - one.created), "title": words[:60] or None}


def _words(value: Any) -> Any:
    """A value of a job for people: what holds others as ``name: value``, commas between."""
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_words(one)}" for name, one in value.items() if one not in (None, "", [], {}))
    return ", ".join(str(_words(one)) for one in value) if isinstance(value, list | tuple) else value


def _plain(one: JobStatus) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in asdict(one).items()
        if name != "payload"  # may hold what is nobody's business
    }
