"""The command line (a contract: scripts rely on it). ``lykeion --help`` lists it."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
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
    worker = _command(commands, "worker", "commands.serve:worker", "run background jobs until stopped")
    worker.add_argument("--with-parent", action="store_true", help="stop when the process that started it is gone")
    sandbox = _command(commands, "sandbox", "commands.sandbox:sandbox", "run authors' Python, apart from all else")
    sandbox.add_argument("--with-parent", action="store_true", help="stop when the process that started it is gone")
    prepare = _command(
        commands, "prepare", "commands.serve:prepare", "make ready to serve, or say what does not answer"
    )
    prepare.add_argument("--migrate", dest="migrate_first", action="store_true", help="bring the database up to date")
    prepare.add_argument("--demo", action="store_true", help="add the demo course and its people (development homes)")
    _command(commands, "migrate", "commands.serve:migrate", "bring the database up to date")
    _command(commands, "seed", "commands.seed:seed", "add the demo course and its people (development homes only)")

    bring = _command(commands, "import", "content.commands:import_command", "import a course (OLX folder or tar.gz)")
    bring.add_argument("path", type=Path, metavar="PATH", help="folder or archive")
    for part in ("org", "course", "run"):
        bring.add_argument(
            f"--{part}", dest="run_name" if part == "run" else part, help=f"instead of the archive's {part}"
        )
    bring.add_argument("--json", action="store_true", help="print the report as JSON")
    out = _command(commands, "export", "content.commands:export_command", "export a course as OLX that Open edX reads")
    out.add_argument("run_key", metavar="RUN_KEY", help="such as course-v1:ORG+COURSE+RUN")
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


def _command(commands: Any, name: str, target: str, help_text: str) -> argparse.ArgumentParser:
    """Adds a command whose module is imported only when it runs, so that ``--help`` is quick."""
    parser: argparse.ArgumentParser = commands.add_parser(name, help=help_text, description=help_text)
    parser.set_defaults(run=_lazy(target))
    return parser


def _lazy(target: str) -> Callable[..., int | None]:
    def run(**arguments: Any) -> int | None:
        module, _, function = target.partition(":")
        called: Callable[..., int | None] = getattr(import_module(f"lykeion.{module}"), function)
        return called(**arguments)

    return run


if __name__ == "__main__":
    sys.exit(main())
