"""The command line (a contract: scripts rely on it). ``lykeion --help`` lists it."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

from lykeion import __version__
from lykeion.core.errors import LykeionError


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; returns the exit code. A :class:`LykeionError` becomes one sentence on stderr."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lykeion.settings")
    arguments = vars(_parser().parse_args(argv))
    run: Callable[..., int | None] = arguments.pop("run")
    try:
        return run(**arguments) or 0
    except LykeionError as error:
        print(f"lykeion: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="lykeion", description="Give and take online courses.")
    parser.add_argument("--version", action="version", version=f"lykeion {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    up = _command(commands, "up", "commands.serve:up", "migrate, serve the site and run its jobs, in one go")
    up.add_argument("--port", type=int, help="port on 127.0.0.1 (default: of LYKEION_SITE_URL)")
    up.add_argument("--demo", action="store_true", help="add the demo course and its people first (development homes)")
    web = _command(commands, "web", "commands.serve:web", "serve the site (one production process group)")
    web.add_argument("--address", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    web.add_argument("--port", type=int, default=8000, help="port to listen on (default 8000)")
    _add_jobs(commands)
    sandbox = _command(commands, "sandbox", "commands.sandbox:sandbox", "run authors' Python, apart from all else")
    sandbox.add_argument("--with-parent", action="store_true", help="stop when the process that started it is gone")
    prepare = _command(
        commands, "prepare", "commands.serve:prepare", "make ready to serve, or say what does not answer"
    )
    prepare.add_argument("--migrate", dest="migrate_first", action="store_true", help="bring the database up to date")
    prepare.add_argument("--demo", action="store_true", help="add the demo course and its people (development homes)")
    migrate = _command(commands, "migrate", "commands.serve:migrate", "bring the database up to date")
    migrate.add_argument(
        "--expand-only", action="store_true", help="refuse what code of an earlier release could not bear while it runs"
    )
    _command(commands, "seed", "commands.seed:seed", "add the demo course and its people (development homes only)")

    bring = _command(
        commands, "import", "content.commands:import_command", "import a course or a library (OLX folder, tar.gz, zip)"
    )
    bring.add_argument("path", type=Path, metavar="PATH", help="folder or archive")
    for part in ("org", "course", "run"):
        bring.add_argument(
            f"--{part}", dest="run_name" if part == "run" else part, help=f"instead of the archive's {part}"
        )
    bring.add_argument("--json", action="store_true", help="print the report as JSON")
    out = _command(
        commands, "export", "content.commands:export_command", "export a course or a library as Open edX reads it"
    )
    out.add_argument("run_key", metavar="RUN_KEY", help="such as course-v1:ORG+COURSE+RUN, or lib:ORG:NAME")
    out.add_argument("-o", dest="archive", type=Path, required=True, metavar="FILE.tar.gz", help="archive to write")
    out.add_argument("--json", action="store_true", help="print the report as JSON")

    content = commands.add_parser("content", help="look after stored course content").add_subparsers(required=True)
    gc = _command(content, "gc", "content.commands:gc_command", "remove what no version in the history reaches")
    gc.add_argument("--delete", action="store_true", help="really remove it (otherwise only count)")
    gc.add_argument("--json", action="store_true", help="print the report as JSON")

    queue = commands.add_parser("queue", help="look after what waits for graders").add_subparsers(required=True)
    lengths = _command(queue, "show", "commands.queue:show", "every queue: how much waits, since when, what failed")
    lengths.add_argument("--json", action="store_true", help="print it as JSON")
    again = _command(queue, "retry", "commands.queue:retry", "let submissions be graded again (all that failed)")
    again.add_argument("ids", nargs="*", type=int, metavar="ID", help="only these, also when they wait at a grader")
    again.add_argument("--queue", help="only those of this queue")
    gone = _command(queue, "forget", "commands.queue:forget", "remove what was answered long ago, with its files")
    gone.add_argument("--days", type=int, required=True, help="older than so many days")
    may = _command(queue, "allow", "commands.queue:allow", "let an account fetch and answer the work of a queue")
    may.add_argument("name", metavar="NAME", help="user name of the grader's account")
    may.add_argument("queue", metavar="QUEUE", help="name of the queue")
    may.add_argument("--create", action="store_true", help="make the account and print its password")

    due = commands.add_parser("due", help="due dates of single learners").add_subparsers(required=True)
    later = _command(due, "set", "commands.due:set_due", "give a learner more time for a subsection")
    back = _command(due, "reset", "commands.due:reset", "take a learner's own due date back")
    for one in (later, back):
        one.add_argument("run_key", metavar="RUN", help="such as course-v1:ORG+COURSE+RUN")
        one.add_argument("user", metavar="USER", help="user name or e-mail address")
        one.add_argument("subsection", metavar="SUBSECTION", help="usage key or id of a subsection")
    later.add_argument("date", metavar="DATE", help="such as 2026-12-24T18:00Z (UTC where no zone is given)")
    given = _command(due, "list", "commands.due:show", "the due dates given to single learners of a run")
    given.add_argument("run_key", metavar="RUN", help="such as course-v1:ORG+COURSE+RUN")
    given.add_argument("--user", help="only those of this learner")
    given.add_argument("--subsection", help="only those for this subsection")
    given.add_argument("--json", action="store_true", help="print them as JSON")
    _enrol(_command(commands, "enrol", "commands.enrol:enrol", "have people take a course, or take them out of it"))
    team = commands.add_parser("team", help="who teaches a course").add_subparsers(required=True)
    for name, words in (("add", "give somebody a role in a course"), ("remove", "take a role back")):
        one = _command(team, name, f"commands.team:{name}", words)
        one.add_argument("run_key", metavar="RUN", help="such as course-v1:ORG+COURSE+RUN")
        one.add_argument("user", metavar="USER", help="user name or e-mail address")
        one.add_argument("--role", default="staff", choices=["staff", "instructor", "limited_staff", "beta_testers"])
    mail = commands.add_parser("mail", help="mail that came back").add_subparsers(required=True)
    _command(mail, "bounces", "commands.mail:bounces", "take one mail that came back, from standard input")
    unreached = _command(mail, "suppressed", "commands.mail:suppressed", "whose address mail came back from")
    unreached.add_argument("--json", action="store_true", help="print it as JSON")
    reached = _command(mail, "restore", "commands.mail:restore", "let mail go to somebody's address again")
    reached.add_argument("user", metavar="USER", help="user name or e-mail address")
    _exam(commands.add_parser("exam", help="look after exams").add_subparsers(required=True))
    _add_cohort(commands.add_parser("cohort", help="who is in which cohort").add_subparsers(required=True))
    _add_track(commands.add_parser("track", help="tracks of a course and their limits").add_subparsers(required=True))

    _add_lake(commands.add_parser("lake", help="learning analytics").add_subparsers(required=True))

    capa = commands.add_parser("capa", help="work with problems").add_subparsers(required=True)
    bulk = _command(capa, "grade", "commands.capa:grade", "grade problems in bulk: JSON lines in, JSON lines out")
    bulk.epilog = 'A line in: {"id": "a", "xml": "<problem>...</problem>", "submissions": [{"2_1": "an answer"}]}'
    markdown = _command(capa, "markdown", "commands.markdown:markdown", "turn the simple problem syntax into XML")
    markdown.add_argument("--back", action="store_true", help="turn XML into the simple problem syntax")

    check = _command(commands, "check", "commands.check:check", "say what is wrong with this site, and how to mend it")
    check.add_argument("--deploy", action="store_true", help="also what a site on the open internet needs")
    _command(commands, "settings", "commands.settings:show", "list every setting, its value and where it comes from")
    django = _command(commands, "django", "commands.django:run", "run one of Django's own commands")
    django.add_argument("arguments", nargs=argparse.REMAINDER)
    return parser


def _add_jobs(commands: Any) -> None:
    worker = _command(commands, "worker", "commands.worker:worker", "run background jobs until stopped")
    worker.add_argument("--queues", default="", metavar="A,B", help="only these: high, mail, default, reports")
    worker.add_argument("--concurrency", type=int, default=2, metavar="N", help="processes that work (default 2)")
    beat = _command(
        commands, "beat", "commands.worker:beat", "order what is planned by the clock (every worker does, too)"
    )
    for one in (worker, beat):
        one.add_argument("--with-parent", action="store_true", help="stop when the process that started it is gone")
    jobs = commands.add_parser("jobs", help="look after background jobs").add_subparsers(required=True)
    listed = _command(jobs, "list", "commands.jobs:show_all", "the newest jobs, and how much waits in each queue")
    listed.add_argument("--state", choices=["waiting", "running", "done", "failed", "cancelled"], help="only those")
    listed.add_argument("--queue", default="", help="only those of one of: high, mail, default, reports")
    listed.add_argument("--name", default="", help="only those of this name, such as courseware.regrade")
    listed.add_argument("--limit", type=int, default=20, metavar="N", help="at most so many (default 20)")
    one = _command(jobs, "show", "commands.jobs:show", "all about one job, with its log")
    stop = _command(jobs, "cancel", "commands.jobs:cancel", "end jobs that wait, or at their next sign of progress")
    again = _command(jobs, "retry", "commands.jobs:retry", "let jobs that failed or were cancelled be done again")
    one.add_argument("id", type=int, metavar="ID")
    for several in (stop, again):
        several.add_argument("ids", nargs="+", type=int, metavar="ID")
    for told in (listed, one):
        told.add_argument("--json", action="store_true", help="print it as JSON")


def _add_lake(lake: Any) -> None:
    ingest = _command(lake, "ingest", "commands.lake:ingest", "read what is new in tracking logs into the lake")
    ingest.add_argument(
        "paths", nargs="+", metavar="PATH", help="log, also packed by gzip, or folder of logs; or a URL"
    )
    ingest.add_argument("--lake", default="", metavar="URL", help="folder or URL (default: LYKEION_LAKE_URL)")
    ingest.add_argument(
        "--same-site",
        action="store_true",
        help="logs from elsewhere are of this site: its people have the same numbers",
    )
    ingest.add_argument("--processes", type=_count, metavar="N", help="how many work (default: one for each core)")
    ingest.add_argument("--json", action="store_true", help="print the report as JSON")
    again = _command(lake, "refresh", "commands.lake:refresh", "publish what the lake says of all courses, now")
    again.add_argument("--json", action="store_true", help="print what was done as JSON")
    out = _command(lake, "export", "commands.lake:export", "write what learners did for others, without their names")
    out.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="where to write it; empty, or not there")
    out.add_argument(
        "--course",
        dest="courses",
        action="append",
        default=[],
        metavar="RUN",
        help="of this course; may be repeated",
    )
    out.add_argument("--since", type=_day, metavar="DAY", help="from this day on, such as 2026-01-31")
    out.add_argument("--until", type=_day, metavar="DAY", help="before this day")
    out.add_argument("--purpose", default="", metavar="WORDS", help="the same words call learners the same again")
    out.add_argument("--texts", action="store_true", help="also answers that learners typed: they may name somebody")
    out.add_argument("--lake", default="", metavar="URL", help="folder or URL (default: LYKEION_LAKE_URL)")
    out.add_argument("--json", action="store_true", help="print what was written as JSON")
    all_of = _command(lake, "measure", "commands.lake:measure", "write each metric of all courses of a lake as Parquet")
    all_of.add_argument("--lake", default="", metavar="URL", help="folder or URL (default: LYKEION_LAKE_URL)")
    all_of.add_argument("--end", type=_day, metavar="DAY", help="first day not counted (default: tomorrow)")
    all_of.add_argument("--outline", metavar="FILE", help="Parquet: course_id, block_id, part_id (default: the site's)")
    for one, without in ((ingest, "processes here"), (again, "LYKEION_LAKE_ENGINE"), (all_of, "LYKEION_LAKE_ENGINE")):
        says = f"duckdb, or Spark: local[4], spark://host:7077, yarn (default: {without})"
        one.add_argument("--engine", default="", metavar="ENGINE", help=says)
    parts = _command(lake, "outline", "commands.lake:outline", "write in which part of its course each block is")
    parts.add_argument("out", type=Path, metavar="FILE", help="Parquet, for `measure --outline` where no site is")
    packed = _command(lake, "pack", "commands.pack:pack", "write what a managed Spark needs to run these commands")
    packed.add_argument("out", type=Path, metavar="FOLDER", help="where environment.tar.gz and job.py go")
    make = _command(lake, "generate", "commands.lake:generate", "write made-up tracking logs, to try and to measure")
    make.add_argument("--learners", type=_count, required=True, metavar="N", help="how many learners")
    make.add_argument("--days", type=_count, required=True, metavar="D", help="how many days, a log for each")
    make.add_argument("--seed", type=int, default=0, metavar="S", help="another number gives other logs (default 0)")
    make.add_argument(
        "--out", type=Path, required=True, metavar="FOLDER", help="where to write them; holds no logs yet"
    )


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 on")
    return int(text)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no day; write it as 2026-01-31") from error


def _enrol(enrol: argparse.ArgumentParser) -> None:
    enrol.add_argument("run_key", metavar="RUN", help="such as course-v1:ORG+COURSE+RUN")
    enrol.add_argument("people", nargs="+", metavar="USERNAME", help="user name or e-mail address")
    enrol.add_argument("--mode", metavar="TRACK", help="such as audit or verified (default: the one they had, or free)")
    enrol.add_argument("--unenrol", action="store_true", help="take them out instead; what they did is kept")


def _exam(exam: Any) -> None:
    listed = _command(exam, "list", "commands.exam:show", "attempts at timed exams of a run, and who has more time")
    listed.add_argument("--json", action="store_true", help="print it as JSON")
    more = _command(exam, "allow", "commands.exam:allow", "give a learner more time for a timed exam")
    again = _command(exam, "reset", "commands.exam:reset", "delete a learner's attempt with all answers in it")
    skip = _command(exam, "skip-entrance", "commands.exam:skip_entrance", "open a run without its entrance exam")
    for command in (listed, more, again, skip):
        command.add_argument("run_key", metavar="RUN", help="such as course-v1:ORG+COURSE+RUN")
    for command in (more, again, skip):
        command.add_argument("user", metavar="USER", help="user name or e-mail address")
    for command in (more, again):
        command.add_argument("subsection", metavar="SUBSECTION", help="id (url_name) or key of the exam")
    time = more.add_mutually_exclusive_group(required=True)
    time.add_argument("--minutes", type=int, help="on top of the exam's own; 0 takes them back")
    time.add_argument("--multiplier", type=float, help="times the exam's own minutes in all, such as 1.5")


def _add_cohort(cohort: Any) -> None:
    listing = _for_run(cohort, "list", "commands.cohort:show", "list the cohorts of a course")
    listing.add_argument("--json", action="store_true", help="print it as JSON")
    create = _for_run(cohort, "create", "commands.cohort:create", "make a cohort")
    create.add_argument("name", metavar="NAME")
    create.add_argument("--automatic", action="store_true", help="put learners without a cohort into it, at random")
    create.add_argument("--group", metavar="PARTITION:GROUP", help="the content group of its members")
    link = _for_run(cohort, "link", "commands.cohort:link", "put a cohort into a content group")
    link.add_argument("name", metavar="NAME")
    link.add_argument("group", metavar="PARTITION:GROUP", help="as `cohort list` shows it, or: none")
    assign = _for_run(cohort, "assign", "commands.cohort:assign", "place the people of a CSV file")
    assign.add_argument("path", type=Path, metavar="FILE.csv", help="columns: username, email, cohort")
    add = _for_run(cohort, "add", "commands.cohort:add", "put people into a cohort")
    add.add_argument("name", metavar="NAME")
    add.add_argument("people", nargs="+", metavar="PERSON", help="user name or e-mail address")
    switch = _for_run(cohort, "switch", "commands.cohort:switch", "put learners into cohorts, or not")
    switch.add_argument("state", choices=["on", "off", "course"], help="course: as its authors say")


def _add_track(track: Any) -> None:
    _for_run(track, "list", "commands.track:show", "list the tracks of a course and their limits")
    offer = _for_run(track, "offer", "commands.track:offer", "offer a course in a track")
    offer.add_argument("mode", metavar="TRACK", help="such as audit or verified")
    offer.add_argument("--until", metavar="DATE", help="last moment to choose it (ISO 8601; UTC)")
    limit = _for_run(track, "limit", "commands.track:limit", "limit those who do not pay, where others can")
    limit.add_argument("--audit-ends", choices=["on", "off"], help="free access ends some weeks after it began")
    limit.add_argument("--graded", choices=["on", "off"], help="graded content is for verified learners")
    limit.add_argument("--weeks", type=int, help="how long the course takes (free access: 4 to 18 weeks)")
    move = _for_run(track, "move", "commands.track:move", "let a learner take a course in another track")
    move.add_argument("name", metavar="PERSON", help="user name or e-mail address")
    move.add_argument("mode", metavar="TRACK")


def _for_run(commands: Any, name: str, target: str, help_text: str) -> argparse.ArgumentParser:
    """As :func:`_command`, for one that is about a course."""
    parser = _command(commands, name, target, help_text)
    parser.add_argument("run_key", metavar="RUN_KEY", help="such as course-v1:ORG+COURSE+RUN")
    return parser


def _command(commands: Any, name: str, target: str, help_text: str) -> argparse.ArgumentParser:
    """Adds a command whose module is imported only when it runs, so that ``--help`` is quick."""
    parser: argparse.ArgumentParser = commands.add_parser(name, help=help_text, description=help_text)
    parser.set_defaults(run=_lazy(target))
    return parser


def _lazy(target: str) -> Callable[..., int | None]:
    def run(**arguments: Any) -> int | None:
        module, _, function = target.partition(":")
        called: Callable[..., int | None] = getattr(import_module(f"lykeion.{module}"), function)
        from django.db import DatabaseError  # with the command, so that --help is quick

        try:
            return called(**arguments)
        except DatabaseError:
            from lykeion.commands.services import require_database

            require_database()  # what is wrong with the database as a whole, in one sentence
            raise

    return run


if __name__ == "__main__":
    sys.exit(main())
