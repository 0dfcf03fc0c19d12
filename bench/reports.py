"""How fast a grade report is made, and in how much memory: ``python -m bench.reports [--learners 2000]``.

Seeds a course of 500 problems in 50 graded subsections and so many learners by bulk inserts, makes reports of it in a
process of its own, and prints rows per second and the highest resident memory. ``--write`` puts them into RESULTS.md.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
HEAD = "\n## Reports\n\n"
SECTIONS, SUBSECTIONS, PROBLEMS = 10, 5, 10
BATCH = 1_000
ATTEMPTED = 20  # subsections of each learner
SCORED = 2  # problems of each of them
RIVALS = (
    "What others report of themselves: Open edX makes its problem grade report with a set of queries for each learner "
    "(a course of 5,154 learners; openedx-platform#38943), and reports there were killed for lack of memory until they "
    "got a worker of their own (ol-infrastructure#5187). Nobody publishes rows per second, so there is none to compare."
)


def main() -> None:
    """Seeds and measures."""
    parser = argparse.ArgumentParser(description="Measure reports over a course with many learners.")
    parser.add_argument("--learners", type=int, default=2_000)
    parser.add_argument("--kinds", default="grade:csv,grade:xlsx,grade:parquet,problem_grade:csv,profiles:csv")
    parser.add_argument("--note", default="", help="conditions to write beside the figures")
    parser.add_argument("--write", action="store_true", help="put the figures into RESULTS.md")
    parser.add_argument("--step", default="", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step:
        _step(options)
        return
    with tempfile.TemporaryDirectory(prefix="lykeion-bench-reports-") as home:
        seconds = json.loads(_python(home, options, "seed"))
        rows = [json.loads(_python(home, options, one)) for one in options.kinds.split(",")]
    text = _table(options, seconds, rows)
    print(text)
    if options.write:
        put_section(HEAD, text)


def put_section(head: str, text: str) -> None:
    """Writes a section of RESULTS.md in the place of the one with this head, or at the end; others stay."""
    page = HERE / "RESULTS.md"
    before, _head, old = page.read_text().partition(head)
    _section, mark, after = old.partition("\n## ")
    page.write_text(f"{before.rstrip()}\n{head}{text.rstrip()}\n{mark}{after}")


def _python(home: str, options: argparse.Namespace, step: str) -> str:
    command = [sys.executable, "-m", "bench.reports", "--learners", str(options.learners), "--step", step]
    environ = {**os.environ, "LYKEION_HOME": home, "DJANGO_SETTINGS_MODULE": "lykeion.settings"}
    done = subprocess.run(command, cwd=HERE.parent, env=environ, check=True, stdout=subprocess.PIPE, text=True)
    last = done.stdout.splitlines()[-1]
    print(f"{step}: {last}", file=sys.stderr, flush=True)
    return last


def _table(options: argparse.Namespace, seconds: float, rows: list[dict[str, Any]]) -> str:
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False, cwd=HERE
    ).stdout.strip()
    lines = [
        f"Written by `python -m bench.reports --learners {options.learners} --write`: {datetime.now(UTC):%Y-%m-%d}, "
        f"commit {commit}, {platform.system()} on {platform.machine()}, {os.cpu_count()} cores, Python "
        f"{platform.python_version()}, SQLite. {options.note}".rstrip(),
        "",
        f"A course of {SECTIONS * SUBSECTIONS * PROBLEMS} problems in {SECTIONS * SUBSECTIONS} graded subsections, "
        f"{options.learners:,} learners who attempted {ATTEMPTED} subsections each; seeded in {seconds:.0f} s. "
        "`at rest` is the resident memory of the process before the report began.",
        "",
        "| report | columns | rows | s | rows/s | file MB | peak MB | at rest MB |",
        "|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {one['name']} | {one['columns']} | {one['rows']:,} | {one['seconds']:.1f} | "
        f"{one['rows'] / one['seconds']:,.0f} | {one['size'] / 1e6:.1f} | {one['peak']:.0f} | {one['rest']:.0f} |"
        for one in rows
    ]
    return "\n".join([*lines, "", RIVALS, ""])


def _step(options: argparse.Namespace) -> None:
    import django

    django.setup()
    if options.step == "seed":
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        began = time.perf_counter()
        seed(options.learners)
        print(json.dumps(time.perf_counter() - began))
        return
    print(json.dumps(_measured(*options.step.split(":"))))


def _measured(kind: str, form: str) -> dict[str, Any]:
    from lykeion.catalog import api as catalog
    from lykeion.core.clock import now
    from lykeion.teaching.reports.kinds import KINDS
    from lykeion.teaching.reports.making import write
    from lykeion.teaching.reports.types import Asked

    asked = Asked(catalog.run(str(_run())), now())
    columns = len(KINDS[kind].make(asked).columns)
    rest = _peak()
    with tempfile.TemporaryDirectory() as folder, (Path(folder) / "report").open("w+b") as file:
        began = time.perf_counter()
        rows, size = write(KINDS[kind], form, asked, file, Path(folder))
        seconds = time.perf_counter() - began
    return {
        "name": f"{kind} ({form})", "columns": columns, "rows": rows, "seconds": seconds, "size": size,
        "peak": _peak(), "rest": rest,
    }  # fmt: skip


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _run() -> Any:
    from lykeion.core.keys import run_of

    return run_of("Bench", "REPORTS", "2026")


def seed(learners: int) -> None:
    """Makes the course, and so many learners with grades, by bulk inserts; goes on where it was ended."""
    from lykeion.catalog import api as catalog
    from lykeion.catalog.types import RosterQuery
    from lykeion.core.clock import now

    refs = _publish(now())
    run = catalog.run(str(_run()))
    for first in range(catalog.roster_size(run.id, RosterQuery()), learners, BATCH):
        _seed_learners(run.id, refs, range(first, min(first + BATCH, learners)), now())


def _publish(at: datetime) -> dict[str, list[str]]:
    """Publishes the course; the refs of the problems of each subsection."""
    from lykeion.catalog import api as catalog
    from lykeion.content import api as content
    from lykeion.content.types import LogEntry, Node

    store, refs = content.store(), {}
    text = "<problem><numericalresponse answer='{}'><formulaequationinput/></numericalresponse></problem>"
    chapters = []
    for section in range(SECTIONS):
        subsections = []
        for place in range(SUBSECTIONS):
            name = f"s{section}-{place}"
            problems = []
            for number in range(PROBLEMS):
                fields = {"display_name": f"Problem {number}", "data": text.format(number)}
                problems.append((f"{name}-{number}", store.put_many([Node("problem", fields, ())])[0]))
            refs[f"sequential@{name}"] = [f"problem@{one}" for one, _ in problems]
            unit = store.put_many([Node("vertical", {"display_name": name}, tuple(problems))])[0]
            fields = {"display_name": f"Week {name}", "graded": True, "format": "Homework" if place else "Exam"}
            subsections.append((name, store.put_many([Node("sequential", fields, ((f"v{name}", unit),))])[0]))
        chapter = Node("chapter", {"display_name": f"Section {section}"}, tuple(subsections))
        chapters.append((f"c{section}", store.put_many([chapter])[0]))
    grading = {
        "GRADER": [
            {"type": "Homework", "min_count": 40, "drop_count": 2, "weight": 0.6},
            {"type": "Exam", "min_count": 10, "drop_count": 0, "weight": 0.4},
        ],
        "GRADE_CUTOFFS": {"Pass": 0.5},
    }
    fields = {"display_name": "Reports", "start": "2020-01-01T00:00:00Z", "grading_policy": grading}
    course = store.put_many([Node("course", fields, tuple(chapters))])[0]
    [root] = store.put_many([Node("run", {}, (("course", course),))])
    for branch in ("published", "draft"):
        name = f"{_run()}/{branch}"
        store.compare_and_set_ref(name, LogEntry(name, store.read_ref(name), root, "bench", at, "Seeded"))
    catalog.catch_up()
    return refs


def _seed_learners(run_id: int, refs: dict[str, list[str]], numbers: range, at: datetime) -> None:
    """Plain statements: Django's ``bulk_create`` takes ten times as long, and there are 63 rows for each learner."""
    from django.db import transaction

    from lykeion.accounts.words import words_of

    subsections, people, words, grades, totals, scores = list(refs), [], [], [], [], []
    enrolments = [
        (10_000 + n, run_id, "audit" if n % 4 else "verified", True, at, at, False, f"learner{n:07}") for n in numbers
    ]
    invitations = [(f"invited{n:07}@example.org", run_id, True, "", at) for n in numbers]
    for number in numbers:
        user_id, name = 10_000 + number, f"learner{number:07}"
        people.append((user_id, name, name, f"{name}@example.org", f"Learner {number}", "!", at))
        found_by = words_of(username=name, email=f"{name}@example.org", full_name=f"Learner {number}")
        words += [(word, user_id) for word in found_by]
        grades.append((user_id, run_id, (number % 100 + 1) / 100, "", False, "", "", at))
        for place in range(ATTEMPTED):
            ref = subsections[(number * 7 + place) % len(subsections)]
            earned = min((number + place) % (PROBLEMS + 1), SCORED)
            totals.append((user_id, run_id, ref, earned, PROBLEMS, earned, PROBLEMS, at, at, "", ""))
            scores += [
                (user_id, run_id, problem, float(index < earned), 1.0, at, at)
                for index, problem in enumerate(refs[ref][:SCORED])
            ]
    person = [(*one, "", "", "", "", "", "all_users", "", True, False, False) for one in people]
    with transaction.atomic():
        _insert(
            "accounts_user",
            f"id {_NAMES} date_joined bio country gender education language profile_visibility time_zone is_active "
            "is_staff is_superuser",
            person,
        )
        _insert("accounts_nameword", "word user_id", sorted(words))
        _insert("catalog_enrolmentallowed", "email run_id auto_enroll mode created", invitations)
        _insert("catalog_enrolment", "user_id run_id mode is_active created modified own_dates name_key", enrolments)
        _insert("grades_coursegrade", "user_id run_id percent letter passed policy_hash root modified", grades)
        _insert(
            "grades_subsectiongrade",
            f"user_id run_id ref {_TOTALS} first_attempted modified override_reason override_system",
            totals,
        )
        _insert("grades_blockscore", "user_id run_id ref raw_earned raw_possible first_attempted modified", scores)


_NAMES = "username username_key email full_name password"
_TOTALS = "earned_all possible_all earned_graded possible_graded"


def _insert(table: str, columns: str, rows: list[tuple[Any, ...]]) -> None:
    from django.db import connection

    names = columns.split()
    adapt = connection.ops.adapt_datetimefield_value
    marks = ", ".join(["%s"] * len(names))
    values = [tuple(adapt(one) if isinstance(one, datetime) else one for one in row) for row in rows]
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", values)


if __name__ == "__main__":
    main()
