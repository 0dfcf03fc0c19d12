"""The command line of course content: ``lykeion import``, ``export`` and ``content gc``.

Progress goes to stderr, results to stdout. A :class:`~lykeion.core.errors.LykeionError` is left to the caller, who
turns it into one sentence and an exit code that is not 0.
"""

from __future__ import annotations

import getpass
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import django
import orjson
from django.db import DatabaseError, connection
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
from rich.progress import Progress as Bar

from lykeion.content.types import ContentError, ExportReport, ImportReport, LibraryReport
from lykeion.core.clock import now
from lykeion.core.keys import library_of, parse_library, parse_run

_SHOWN: Final = 20  # changes in words
_ALIKE: Final = 5  # warnings of one kind
# What tells two warnings of one kind apart: whom it is about, what is quoted, paths, numbers.
_PARTICULARS: Final = re.compile(r"""\w+ '[^']*'|'[^']*'|"[^"]*"|\S*/\S*|\d+""")


def import_command(
    path: Path, org: str | None = None, course: str | None = None, run_name: str | None = None, json: bool = False
) -> int:
    """``lykeion import``: prints the run key, blocks by type, and each warning with file and line. A library, which has
    no run, is imported under ``--org`` and ``--course``."""
    api = _api()
    if api.holds_library(path):
        return _import_library(api, path, org, course, json)
    with _progress() as progress, _told("imported"):
        report = api.import_course(
            path, org=org, course=course, run_name=run_name, author=_author(), at=now(), progress=progress
        )
    facts = {
        "run": str(report.run),
        "published": report.published,
        "draft": report.draft,
        "counts": dict(report.counts),
        "files": report.files,
        "is_new": report.replaced is None,
        "changes": _changes(api, report),
        "warnings": _warnings(report),
    }
    _say(facts, json)
    return 0


def _import_library(api: Any, path: Path, org: str | None, slug: str | None, json: bool) -> int:
    if (org is None) != (slug is None):
        raise ContentError("Give both --org and --course (the name of the library in its address), or neither.")
    library = library_of(org, slug) if org and slug else None
    with _progress() as progress, _told("imported"):
        report = api.import_library(path, library=library, author=_author(), at=now(), progress=progress)
    _say(_library_facts(report) | {"is_new": report.replaced is None, "changes": _changes(api, report)}, json)
    return 0


def _library_facts(report: LibraryReport) -> dict[str, Any]:
    return {
        "run": str(report.library),
        "published": report.published,
        "draft": report.draft,
        "counts": dict(report.counts),
        "files": report.files,
        "warnings": _warnings(report),
    }


def _warnings(report: ImportReport | ExportReport | LibraryReport) -> list[dict[str, Any]]:
    return [{"message": one.message, "file": one.file, "line": one.line} for one in report.warnings]


def _changes(api: Any, report: ImportReport | LibraryReport) -> list[dict[str, Any]]:
    """What is not as it was before, of a run that was there."""
    if report.replaced is None:
        return []
    found = api.diff(report.replaced, report.published)
    return [{"kind": one.kind, "ref": one.ref, "title": one.title, "names": list(one.names)} for one in found]


def export_command(run_key: str, archive: Path, json: bool = False) -> int:
    """``lykeion export``: writes the archive, prints what went into it and what OLX cannot say."""
    api = _api()
    if run_key.startswith("lib:"):
        with _progress() as progress, _told("exported"):
            found = api.export_library(parse_library(run_key), archive, at=now(), progress=progress)
        _say(_library_facts(found) | {"archive": str(archive)}, json)
        return 0
    with _progress() as progress, _told("exported"):
        report = api.export_course(parse_run(run_key), archive, progress=progress)
    facts = {
        "run": str(report.run),
        "archive": str(archive),
        "counts": dict(report.counts),
        "files": report.files,
        "warnings": _warnings(report),
    }
    _say(facts, json)
    return 0


def gc_command(delete: bool = False, json: bool = False) -> int:
    """``lykeion content gc``: counts what no version in the history reaches, and with ``delete`` removes it."""
    api = _api()
    with _progress() as progress, _told("removed any more"):
        report = api.collect_garbage(dry_run=not delete, at=now(), progress=progress)
    facts = {name: getattr(report, name) for name in report.__slots__}
    if json:
        _say(facts, json)
        return 0
    what = f"{report.objects} objects, {report.files} files, {report.outlines} outlines, {report.log_entries} old moves"
    done = "would be removed; run again with --delete to do it" if report.dry_run else "were removed"
    print(f"{what} {done}. {report.kept} objects are in use.")
    return 0


def _api() -> Any:
    """The door, once Django is up: models exist only then."""
    django.setup()
    from lykeion.content import api
    from lykeion.content.models import Ref

    if Ref._meta.db_table not in connection.introspection.table_names():
        raise ContentError("The database has no tables yet; run `lykeion migrate` first.")
    return api


def _author() -> str:
    """Who the log names: the person on this machine."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no such user, as in some containers
        return "command line"


@contextmanager
def _told(done: str) -> Iterator[None]:
    """Say in one sentence what the disk or the database refused; the content stays as it was."""
    try:
        yield
    except (OSError, DatabaseError) as error:
        reason = getattr(error, "strerror", None) or error
        place = f" ({error.filename})" if isinstance(error, OSError) and error.filename else ""
        raise ContentError(f"{reason}{place}; nothing was {done}. Mend that and run the command again.") from error


@contextmanager
def _progress() -> Iterator[Any]:
    """A bar on stderr for each stage, where somebody can see it."""
    console = Console(file=sys.stderr)
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()
    with Bar(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=None)

        def show(done: int, total: int, what: str) -> None:
            bar.update(task, completed=done, total=total, description=what)

        yield show


def _say(facts: Mapping[str, Any], json: bool) -> None:
    if json:
        print(orjson.dumps(facts, option=orjson.OPT_INDENT_2).decode())
        return
    print(facts["run"])
    print("".join(f"{count:>8} {block_type}\n" for block_type, count in facts["counts"].items()), end="")
    print(f"{facts['files']:>8} files")
    _say_changes(facts)
    _say_warnings(facts["warnings"])


def _say_warnings(warnings: Iterable[Mapping[str, Any]]) -> None:
    """Every warning but for those of a kind that fills the screen: of them the first few, and how many there are."""
    kinds: dict[str, list[Mapping[str, Any]]] = {}
    for warning in warnings:
        kinds.setdefault(_PARTICULARS.sub("", warning["message"]), []).append(warning)
    for alike in kinds.values():
        shown = alike if len(alike) <= _ALIKE + 1 else alike[:_ALIKE]
        for warning in shown:
            place = warning["file"] + (f":{warning['line']}" if warning["line"] else "")
            print(f"warning: {place}: {warning['message']}" if place else f"warning: {warning['message']}")
        if len(shown) < len(alike):
            print(f"warning: and {len(alike) - len(shown)} more of this kind; see --json")


def _say_changes(facts: Mapping[str, Any]) -> None:
    """What an import changed of a run that was there, the first of many."""
    changes = facts.get("changes", [])
    for change in changes[:_SHOWN]:
        names = f" ({', '.join(change['names'])})" if change["names"] else ""
        print(f"{change['kind']}: {change['ref']} {change['title']!r}{names}")
    if len(changes) > _SHOWN:
        print(f"and {len(changes) - _SHOWN} more changes; --json tells them all")
    elif not changes and not facts.get("is_new", True):
        print("nothing that is published changed")
