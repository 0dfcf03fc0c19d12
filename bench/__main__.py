"""``make bench``: measures, in one run on one machine, and writes ``bench/RESULTS.md``.

    python -m bench [--seconds 10] [--real] [--studio] [--print]

``--real`` adds the column of MariaDB, MongoDB and Redis (started as the tests start them). ``--studio`` measures the
floor and what authors do (``bench/studio.py``) and leaves the other figures as they are. CPU is charged by the
operating system's accounts to the server and everything below it; ratios are to a bare Django view on the same server
program and database.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.load import Load, Request, mean, run
from bench.processes import free_port, server
from bench.reports import HEAD as REPORTS
from bench.studio import section

HERE = Path(__file__).resolve().parent
TARGETS = {
    "unit page, 10 blocks": 3,
    "course home, 100 blocks": 4,
    "course home, 5,000 blocks": 4,
    "answer": 5,
    "progress": 5,
}
CSRF = "b" * 32
STUDIO = "\n## Studio\n\n"
UNITS = "course-v1:Bench+U10+bench"


def main() -> None:
    """Measures and reports."""
    parser = argparse.ArgumentParser(description="Measure Lykeion beside a bare Django view.")
    parser.add_argument("--seconds", type=float, default=8, help="of load for each row")
    parser.add_argument("--users", type=int, default=4)
    parser.add_argument("--real", action="store_true", help="also on MariaDB, MongoDB and Redis")
    parser.add_argument("--studio", action="store_true", help="only what authors wait for")
    parser.add_argument("--print", action="store_true", help="only print, do not write RESULTS.md")
    options = parser.parse_args()
    parts = [_column("SQLite, memory, folders", {}, "", options)]
    if options.real:
        parts.append(_real(options))
    others = _without_studio() if options.studio else "\n".join([_conditions(options), *(part for part, _ in parts)])
    studio = "".join(section for _, section in parts)
    text = f"{others}{STUDIO}{_measured()}; the floor is that of the same run.\n{studio}"
    print(text)
    if not options.print:
        (HERE / "RESULTS.md").write_text(text + _reports())


def _reports() -> str:
    """The section of reports (``bench/reports.py`` writes it), kept as it is."""
    _before, head, section = (HERE / "RESULTS.md").read_text().partition(REPORTS)
    return f"{head}{section}"


def _without_studio() -> str:
    """The results but for the last section, which is that of authors."""
    return (HERE / "RESULTS.md").read_text().partition(STUDIO)[0]


def _real(options: argparse.Namespace) -> tuple[str, str]:
    from tests.servers import running

    with running() as servers:
        environ = {
            "LYKEION_DATABASE_URL": servers.environ["LYKEION_TEST_MYSQL_URL"],
            "LYKEION_CONTENT_URL": servers.environ["LYKEION_TEST_MONGO_URL"],
            "LYKEION_CACHE_URL": servers.environ["LYKEION_TEST_REDIS_URL"],
        }
        floor = environ["LYKEION_DATABASE_URL"].replace("/lykeion", "/floor").replace("//floor", "//lykeion")
        _make_database(environ["LYKEION_DATABASE_URL"])
        return _column("MariaDB, MongoDB, Redis", environ, floor, options)


def _make_database(url: str) -> None:
    import MySQLdb

    host, _, port = url.rpartition("@")[2].partition("/")[0].partition(":")
    with MySQLdb.connect(host=host, port=int(port), user="lykeion", passwd="lykeion") as connection:
        connection.cursor().execute("CREATE DATABASE floor CHARACTER SET utf8mb4")


def _column(name: str, environ: dict[str, str], floor_url: str, options: argparse.Namespace) -> tuple[str, str]:
    """A column of the results, and what authors wait for in it."""
    with tempfile.TemporaryDirectory(prefix="lykeion-bench-") as folder:
        work = Path(folder)
        environ = {
            **environ,
            "LYKEION_HOME": str(work / "home"),
            "LYKEION_WORKERS": "2",
            "LYKEION_ANALYTICS_SECONDS": "86400",  # bench/lake.py measures those
            "FLOOR_HOME": str(work),
            "FLOOR_DATABASE_URL": floor_url,
        }
        floor_sessions = _python(["-m", "bench.floor", str(options.users)], environ).split()
        if options.studio:
            floors = _floors(environ, floor_sessions, options)
            return "", _studio(name, work, environ, floors["floor"].cpu)
        _say(f"{name}: filling the site")
        site = json.loads(_python(["-m", "bench.site", str(work)], environ))
        rows = _loads(environ, site, floor_sessions, options)
        return _report(name, rows, site["courses"]), _studio(name, work, environ, rows["floor"].cpu)


def _studio(name: str, work: Path, environ: dict[str, str], floor: float) -> str:
    _say("measuring what authors do")
    return section(name, json.loads(_python(["-m", "bench.studio", str(work)], environ)), floor)


def _loads(
    environ: dict[str, str], site: dict[str, Any], floor_sessions: list[str], options: argparse.Namespace
) -> dict[str, Any]:
    """Every row. The floor is measured before and after the site, so that a machine that changes its pace shows."""
    before = _floors(environ, floor_sessions, options)
    rows = _rows(environ, site["sessions"], options)
    after = _floors(environ, floor_sessions, options)
    rows["pace"] = after["floor"].cpu / before["floor"].cpu
    return {name: mean([load, after[name]]) for name, load in before.items()} | rows


def _floors(environ: dict[str, str], sessions: list[str], options: argparse.Namespace) -> dict[str, Load]:
    found = {}
    for name, keep in (("floor", "no"), ("floor that keeps its connections", "yes")):
        port = free_port()
        with server(_granian("bench.floor:application", port), {**environ, "FLOOR_KEEP": keep}, port) as floor:
            _say(f"measuring the {name}")
            found[name] = run(floor, options.users, options.seconds, lambda user, _: _get("/", sessions[user]))
    return found


def _rows(environ: dict[str, str], sessions: list[str], options: argparse.Namespace) -> dict[str, Any]:
    rows: dict[str, Any] = {}
    port = free_port()
    command = [sys.executable, "-m", "lykeion", "up", "--port", str(port)]
    with server(command, environ, port) as up:
        rows["start"] = up.start_seconds
        for name, request in _requests(sessions, options.users).items():
            _say(f"measuring {name}")
            rows[name] = run(up, options.users, options.seconds, request)
        rows["memory"] = up.memory() / 2**20
    return rows


def _requests(sessions: list[str], users: int) -> dict[str, Callable[[int, int], Request]]:
    """What is asked, answers first: the pages are those of learners who have answered everything."""
    small, large = "course-v1:Bench+S100+bench", "course-v1:Bench+M5000+bench"

    def page(path: str) -> Callable[[int, int], Request]:
        return lambda user, _: _get(path, sessions[user])

    return {
        "answer": _answers(sessions, users),
        "unit page, 10 blocks": page(f"/courses/{UNITS}/courseware/c0/s0/3/"),
        "course home, 100 blocks": page(f"/courses/{small}/course/"),
        "course home, 5,000 blocks": page(f"/courses/{large}/course/"),
        "progress": page(f"/courses/{UNITS}/progress"),
        "about page": page(f"/courses/{UNITS}/about"),
    }


def _answers(sessions: list[str], users: int) -> Callable[[int, int], Request]:
    """Each loop answers the 60 problems of the course one after the other, as one of its learners after the other, and
    never the same twice in a row: that would count as sent twice."""
    attempts: Counter[tuple[str, str]] = Counter()

    def answer(user: int, turn: int) -> Request:
        unit, place = divmod(turn % 60, 3)
        session = sessions[(user + users * (turn // 60)) % len(sessions)]
        name = f"p{unit}_{place}"
        attempts[session, name] += 1
        value = attempts[session, name] % 3
        usage = f"block-v1:Bench+U10+bench+type@problem+block@{name}"
        path = f"/courses/{UNITS}/xblock/{usage}/handler/xmodule_handler/problem_check"
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        body = f"input_{name}_2_1={value if place == 1 else f'choice_{value}'}"  # see bench/courses.py
        return Request("POST", path, _headers(session) | form, body)

    return answer


def _get(path: str, session: str) -> Request:
    return Request("GET", path, _headers(session))


def _headers(session: str) -> dict[str, str]:
    return {
        "Cookie": f"sessionid={session}; csrftoken={CSRF}",
        "X-CSRFToken": CSRF,
        "Accept": "*/*",
    }


def _granian(target: str, port: int) -> list[str]:
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", "2", "--blocking-threads", "4", "--no-ws", "--log-level", "warning", target,
    ]  # fmt: skip


def _python(arguments: list[str], environ: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], env={**os.environ, **environ}, cwd=HERE.parent, check=True, stdout=subprocess.PIPE
    )
    return done.stdout.decode()


def _measured() -> str:
    """When, of what, on what machine."""
    command = ["git", "rev-parse", "--short", "HEAD"]
    commit = subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=True).stdout.strip()
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, commit {commit}, {platform.system()} on {platform.machine()}, "
        f"{os.cpu_count()} cores, Python {platform.python_version()}"
    )


def _conditions(options: argparse.Namespace) -> str:
    return (
        "# Results\n\nWritten by `make bench`; compare figures only within one run.\n\n"
        f"{_measured()}; a closed loop of {options.users} "
        f"logged-in learners for {options.seconds:g} s a row, client on the same machine; "
        "2 web processes of 4 threads.\n"
    )


def _report(name: str, rows: dict[str, Any], courses: dict[str, Any]) -> str:
    floor: Load = rows["floor"]
    lines = [
        f"\n## {name}\n",
        "| request | CPU ms | times the floor | target | requests/s | p50 / p95 ms | KB |",
        "|---|---|---|---|---|---|---|",
    ]
    for row, load in rows.items():
        if isinstance(load, Load):
            target = f"<= {TARGETS[row]}" if row in TARGETS else ""
            lines.append(
                f"| {row} | {load.cpu:.1f} | {load.cpu / floor.cpu:.1f} | {target} | {load.rate:.0f} "
                f"| {load.p50:.1f} / {load.p95:.1f} | {load.size / 1024:.1f} |"
            )
    ratio = rows["course home, 5,000 blocks"].cpu / rows["course home, 100 blocks"].cpu
    lines += [
        f"\nCourse home of 5,000 blocks costs {ratio:.2f} times that of 100 (target 1.5). "
        f"`lykeion up` answers after {rows['start']:.1f} s and holds {rows['memory']:.0f} MB in all its processes. "
        f"The floor is the mean of before and after; it took {rows['pace']:.2f} times as long the second time.\n",
        "| course | blocks | files | import s | first outline s | export s | peak MB so far |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {name} | {course['blocks']} | {course['files']} | {course['import']:.1f} | {course['outline']:.2f} "
        f"| {course['export']:.1f} | {course['peak_mb']:.0f} |"
        for name, course in courses.items()
    ]
    return "\n".join(lines) + "\n"


def _say(what: str) -> None:
    print(f"bench: {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
