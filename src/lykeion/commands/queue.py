"""``lykeion queue``: what waits for graders, and letting it be graded again; who may grade.

Results go to stdout, as a table or (``--json``) as JSON.
"""

from __future__ import annotations

import json as json_text
import secrets
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from lykeion.commands.start import start
from lykeion.core.clock import now
from lykeion.graders.types import GraderError


def show(json: bool = False) -> int:
    """``lykeion queue show``: every queue, how much waits and since when; then each submission that failed, and why."""
    graders, at = _started(), now()
    lines = [
        {
            "queue": line.queue,
            "waiting": line.waiting,
            "grading": line.grading,
            "failed": line.failed,
            "oldest": None if line.oldest is None else age(at - line.oldest),
        }
        for line in graders.lines()
    ]
    failures = [
        {"id": one.id, "queue": one.queue, "age": age(at - one.created), "usage": one.usage, "error": one.error}
        for one in graders.failures()
    ]
    if json:
        print(json_text.dumps({"queues": lines, "failures": failures}))
    else:
        table(["queue", "waiting", "grading", "failed", "oldest"], lines)
        if failures:
            print()
            table(["id", "queue", "age", "usage", "error"], failures)
    return 0


def retry(ids: Sequence[int] = (), queue: str | None = None) -> int:
    """``lykeion queue retry``: those with these ids, else all that failed (of one queue), are graded again."""
    count = _started().retry(ids=ids, queue=queue)
    print(f"{count} queued again")
    return 0


def forget(days: int) -> int:
    """``lykeion queue forget``: removes what was answered more than so many days ago, with its files."""
    count = _started().forget(now() - timedelta(days=days))
    print(f"{count} removed")
    return 0


def allow(name: str, queue: str, create: bool = False) -> int:
    """``lykeion queue allow``: lets an account fetch and answer the work of a queue; makes the account if asked to."""
    graders = _started()
    from lykeion.accounts import api as accounts  # models exist only after the start

    person = accounts.find_person(name)
    if person is None and not create:
        raise GraderError(f"There is no account {name}; add --create to make one for the grader.")
    if person is None:
        password = secrets.token_urlsafe(24)
        person = accounts.create_person(
            username=name, email=f"{name}@graders.invalid", password=password, full_name=f"Grader {name}", at=now()
        )
        print(f"password: {password}")
    graders.allow(person.id, queue)
    print(f"{person.username} may grade what is in {queue}")
    return 0


def _started() -> Any:
    """The door, once there are models."""
    start()
    from lykeion.graders import api

    return api


def age(passed: timedelta) -> str:
    """How long that is, for people."""
    minutes = int(passed.total_seconds()) // 60
    days, hours = minutes // 1440, minutes // 60 % 24
    return f"{days} d {hours} h" if days else f"{hours} h {minutes % 60} min"


def table(columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
    """Prints ``rows`` under the names of their ``columns``."""
    texts = [columns, *([_cell(row[column]) for column in columns] for row in rows)]
    widths = [max(len(line[place]) for line in texts) for place in range(len(columns))]
    for line in texts:
        print("  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip())


def _cell(value: Any) -> str:
    return "-" if value is None else printable(value)


def printable(value: Any) -> str:
    """As text for a terminal, on one line: what people wrote may not give it orders."""
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in str(value))
