"""What a teacher of very many learners waits for: ``python -m bench.teaching [--learners 100000] [--write]``.

Makes the course of ``bench/reports.py`` (500 problems in 50 graded subsections) with so many learners by bulk inserts,
measures pages of the dashboard beside the floor (``bench/floor.py``) on the same server program and database, and the
grade report and a regrade of everybody, each in a process of its own. ``--write`` puts the figures into RESULTS.md.

``--mariadb`` starts a MariaDB of its own (``tests/servers.py``) and keeps everything there; the figures go into a
section of their own.

``--home DIR`` keeps the site there, and takes it as it is when there is one: a course of 100,000 learners to look at
is ``python -m bench.teaching --home DIR --only seed`` and then ``LYKEION_HOME=DIR lykeion up``; the first line printed
is a session of its teacher, which is the value of the cookie ``sessionid``.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from bench import reports
from bench.__main__ import _floors as floors
from bench.__main__ import _get as get
from bench.__main__ import _make_database as make_database
from bench.__main__ import _measured as measured
from bench.__main__ import _python as python
from bench.load import Load, Request, mean, run
from bench.processes import free_port, server

HEAD: Final = "\n## A teacher's pages\n\n"
HEAD_MARIADB: Final = "\n## A teacher's pages on MariaDB\n\n"
STEPS: Final = ("seed", "pages", "report", "regrade")
COURSE: Final = "/courses/course-v1:Bench+REPORTS+2026/instructor/"
LEARNER: Final = 10_000  # the id of the first
RIVALS: Final = (
    "Beside it, from the same kind of machine, quiet (`peers.md` of 2026-11-22, CPU ms app + database): Open edX shows "
    "one learner's progress in 803 + 22 and a course outline in 647 + 28, Moodle a course page in 119 + 15; figures of "
    "their gradebooks with so many learners were not measured and are not published. A problem grade report of Open "
    "edX takes a set of queries for each learner (a course of 5,154; openedx-platform#38943); nobody publishes rows/s."
)


def main() -> None:
    """Seeds and measures."""
    parser = argparse.ArgumentParser(description="Measure the instructor's side of a course with very many learners.")
    parser.add_argument("--learners", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=4, help="of load for each page")
    parser.add_argument("--users", type=int, default=2, help="teachers at once")
    parser.add_argument("--regrade", type=int, default=0, help="stop the regrade after so many learners (0: never)")
    parser.add_argument("--home", type=Path, help="keep the site here, or take the one that is here")
    parser.add_argument("--mariadb", action="store_true", help="on a MariaDB that is started for it")
    parser.add_argument("--only", default="", help="some of: seed, pages, report, regrade; commas between")
    parser.add_argument("--note", default="", help="conditions to write beside the figures")
    parser.add_argument("--write", action="store_true", help="put the figures into RESULTS.md")
    parser.add_argument("--step", default="", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step:
        _step(options)
        return
    with tempfile.TemporaryDirectory(prefix="lykeion-bench-teaching-") as folder, _database(options) as database:
        text = _all(options, options.home or Path(folder) / "home", Path(folder), database)
    print(text)
    if options.write:
        reports.put_section(HEAD_MARIADB if options.mariadb else HEAD, text)


@contextmanager
def _database(options: argparse.Namespace) -> Iterator[dict[str, str]]:
    """Where the site and the floor keep their rows, as variables of the environment."""
    if not options.mariadb:
        yield {"FLOOR_DATABASE_URL": ""}
        return
    from tests.servers import mariadb

    with mariadb() as url:
        make_database(url)
        yield {"LYKEION_DATABASE_URL": url, "FLOOR_DATABASE_URL": f"{url.rpartition('/')[0]}/floor"}


def _all(options: argparse.Namespace, home: Path, work: Path, database: dict[str, str]) -> str:
    wanted = options.only.split(",") if options.only else STEPS
    environ = {"LYKEION_HOME": str(home), "LYKEION_WORKERS": "2", "FLOOR_HOME": str(work), **database}
    environ["LYKEION_ANALYTICS_SECONDS"] = "86400"  # bench/lake.py measures those
    session = _own_process(environ, options, "seed")
    print(session, file=sys.stderr)
    parts = [f"{measured()}, {'MariaDB' if options.mariadb else 'SQLite'}. {options.note}".rstrip(), ""]
    if "pages" in wanted:
        parts += _pages(environ, options, session)
    parts += [one for step in ("report", "regrade") if step in wanted for one in _bulk(environ, options, step)]
    return "\n".join([*parts, RIVALS, ""])


def _own_process(environ: dict[str, str], options: argparse.Namespace, step: str) -> Any:
    command = [sys.executable, "-m", "bench.teaching", "--step", step]
    command += ["--learners", str(options.learners), "--regrade", str(options.regrade)]
    environ = {**os.environ, **environ, "DJANGO_SETTINGS_MODULE": "lykeion.settings"}
    done = subprocess.run(command, cwd=reports.HERE.parent, env=environ, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def _requests(learners: int) -> dict[str, str]:
    deep, one = f"after=learner{learners // 2:07}", LEARNER + learners // 2
    found = f"text=learner{learners - 60:07}"[:-2]
    return {
        "course, with learners by track": "",
        "learners, first page": "learners",
        "learners, page in the middle": f"learners?{deep}",
        "learners, search by how a name begins": f"learners?{found}",
        "gradebook, first page (50 x 50 cells)": "gradebook",
        "gradebook, page in the middle": f"gradebook?{deep}",
        "gradebook, search by how a name begins": f"gradebook?{found}",
        "gradebook, grades from 50 %": "gradebook?low=50",
        "gradebook, grades to 0 % (nobody; asks 5,000)": "gradebook?high=0",
        "invitations, a part of an address (none; looks through 10,000)": "learners/invitations?text=nobody",
        "one learner, 500 problems": f"work/{one}",
        "one problem of one learner": f"work/{one}/problem@s0-0-1",
        "one cell of the gradebook": f"gradebook/{one}/sequential@s0-0",
        "one problem of all learners": "work/all/problem@s0-0-1",
        "due dates": "dates",
        "what was done": "log",
    }


def _pages(environ: dict[str, str], options: argparse.Namespace, session: str) -> list[str]:
    """Each page with its times; the floor is measured before and after, so that a change of pace shows."""
    people = python(["-m", "bench.floor", str(options.users)], environ).split()
    before, rows, port = floors(environ, people, options)["floor"], {}, free_port()
    command = [sys.executable, "-m", "lykeion", "up", "--port", str(port)]
    with server(command, environ, port) as up:
        for name, path in _requests(options.learners).items():
            print(f"bench: measuring {name}", file=sys.stderr, flush=True)
            rows[name] = run(up, options.users, options.seconds, _asking(COURSE + path, session))
        memory = up.memory() / 2**20
    after = floors(environ, people, options)["floor"]
    return _table({"floor": mean([before, after]), **rows}, options, memory, after.cpu / before.cpu)


def _asking(path: str, session: str) -> Callable[[int, int], Request]:
    return lambda _user, _turn: get(path, session)


def _table(rows: dict[str, Load], options: argparse.Namespace, memory: float, pace: float) -> list[str]:
    floor = rows["floor"].cpu
    return [
        f"A course of 500 problems in 50 graded subsections with {options.learners:,} learners "
        f"({options.learners * 20:,} subsection grades, {options.learners * 40:,} scores, as many invitations as "
        f"learners), read by {options.users} teachers in a closed loop for "
        f"{options.seconds:g} s a page.",
        "",
        "| page | CPU ms | times the floor | p50 / p95 ms | KB |",
        "|---|---|---|---|---|",
        *(
            f"| {name} | {load.cpu:.1f} | {load.cpu / floor:.1f} | {load.p50:.1f} / {load.p95:.1f} "
            f"| {load.size / 1024:.1f} |"
            for name, load in rows.items()
        ),
        "",
        f"All processes of the site held {memory:.0f} MB. The floor is the mean of before and after; it took "
        f"{pace:.2f} times as long the second time.",
        "",
    ]


def _bulk(environ: dict[str, str], options: argparse.Namespace, step: str) -> list[str]:
    print(f"bench: measuring the {step}", file=sys.stderr, flush=True)
    one = _own_process(environ, options, step)
    return [
        f"{one['name']}: {one['rows']:,} learners in {one['seconds']:.0f} s, **{one['rows'] / one['seconds']:,.0f} "
        f"rows/s**, {one['cpu'] / one['rows'] * 1000:.1f} ms of CPU each; peak memory {one['peak']:.0f} MB, "
        f"{one['rest']:.0f} MB before it began. Up to 128 MB of that are pages of the database's memory map.",
        "",
    ]


def _step(options: argparse.Namespace) -> None:
    import django

    django.setup()
    steps = {"seed": _seed, "report": _report, "regrade": _regrade}
    print(json.dumps(steps[options.step](options)))


def _seed(options: argparse.Namespace) -> str:
    """Makes the course unless it is there; the key of a session of its teacher."""
    from django.core.management import call_command

    from lykeion.accounts import api as accounts
    from lykeion.accounts.types import Role

    call_command("migrate", verbosity=0)
    person = accounts.find_person("teacher")
    if person is None:
        reports.seed(options.learners)
        person = accounts.create_person(
            username="teacher", email="teacher@example.com", password=None, full_name="Teacher", confirmed=True
        )
        key = reports._run()
        accounts.grant_role(person.id, Role.INSTRUCTOR, org=str(key.org), run=key)
    return _session(person.id)


def _session(user_id: int) -> str:
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(user_id)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = get_user_model().objects.get(pk=user_id).get_session_auth_hash()
    session.save()
    return str(session.session_key)


def _report(_options: argparse.Namespace) -> dict[str, Any]:
    began = time.process_time()
    made = reports._measured("grade", "csv")
    return {**made, "name": f"Grade report ({made['columns']} columns, CSV)", "cpu": time.process_time() - began}


def _regrade(options: argparse.Namespace) -> dict[str, Any]:
    """Everybody's grades anew, as after a change of the policy: subsections stay as they are, courses are written."""
    from lykeion.core.clock import now
    from lykeion.courseware.regrading import regrade

    seen = 0

    def told(done: int, _total: int, _what: str, _kept: Any) -> None:
        nonlocal seen
        seen = done
        if options.regrade and done >= options.regrade:
            raise StopIteration

    rest, began, cpu = reports._peak(), time.perf_counter(), time.process_time()
    with suppress(StopIteration):  # so many were asked for
        regrade(str(reports._run()), None, at=now(), kept=None, told=told)
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    name = "Regrade, as after a change of the grading policy"
    return {"name": name, "rows": seen, "seconds": seconds, "cpu": cpu, "peak": reports._peak(), "rest": rest}


if __name__ == "__main__":
    main()
