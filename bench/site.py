"""A Lykeion site to measure: courses imported, learners enrolled and logged in. Run as a process of its own.

Prints one JSON document: what each import and export took, and the session keys of the learners.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

LEARNERS = 16


def main(work: Path) -> None:
    """Fills the site of this environment."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lykeion.settings")
    from lykeion.commands.serve import migrate  # the environment is read on import

    migrate()
    print(json.dumps({"courses": _courses(work), "sessions": _learners()}))


def _courses(work: Path) -> dict[str, Any]:
    from bench.courses import write_course

    sizes = {"S100": (9, 8), "M5000": (450, 10), "L20000": (1800, 10)}
    figures: dict[str, Any] = {}
    for name, (units, per_unit) in sizes.items():
        folder = write_course(work / name, name=name, units=units, per_unit=per_unit)
        figures[name] = _import(folder, f"course-v1:Bench+{name}+bench", work)
        shutil.rmtree(folder)
    figures["U10"] = _import(
        write_course(work / "U10", name="U10", units=20, per_unit=10), "course-v1:Bench+U10+bench", work
    )
    demo = Path(__file__).resolve().parent.parent.parent / "shared" / "courses" / "demo-course.tar.gz"
    if demo.exists():
        figures["open-edx-demo"] = _import(demo, "course-v1:Bench+Demo+bench", work)
    return figures


def _import(source: Path, key: str, work: Path) -> dict[str, Any]:
    from lykeion.content import api as content
    from lykeion.core.clock import now
    from lykeion.core.keys import parse_run

    run = parse_run(key)
    report, took = _timed(
        lambda: content.import_course(source, run=run, author="bench", at=now(), progress=lambda *_: None)
    )
    _, outline = _timed(lambda: content.outline(run))
    _, export = _timed(lambda: content.export_course(run, work / "out.tar.gz", progress=lambda *_: None))
    return {
        "key": key,
        "blocks": sum(report.counts.values()),
        "files": report.files,
        "import": took,
        "outline": outline,
        "export": export,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def _timed(call: Callable[[], Any]) -> tuple[Any, float]:
    began = time.monotonic()
    return call(), time.monotonic() - began


def _learners() -> list[str]:
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
    from django.contrib.sessions.backends.db import SessionStore

    from lykeion.accounts import api as accounts
    from lykeion.catalog import api as catalog
    from lykeion.core.clock import now
    from lykeion.core.keys import parse_run

    keys = []
    for number in range(LEARNERS):
        name = f"learner{number}"
        person = accounts.create_person(
            username=name, email=f"{name}@example.com", password=None, full_name=name, confirmed=True
        )
        for course in ("S100", "M5000", "U10"):
            catalog.enrol(person.id, parse_run(f"course-v1:Bench+{course}+bench"), at=now())
        user = get_user_model().objects.get(pk=person.id)
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        keys.append(session.session_key)
    return keys


if __name__ == "__main__":
    main(Path(sys.argv[1]))
