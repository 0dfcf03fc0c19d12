"""``lykeion lake``: tracking logs into the lake of learning analytics; logs to try it with.

Results go to stdout, as words or (``--json``) as JSON; progress goes to stderr.
"""

from __future__ import annotations

import hmac
import json as json_text
import secrets
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from lykeion.commands.start import start
from lykeion.core.errors import LykeionError

if TYPE_CHECKING:
    from pyarrow import Table

    from lykeion.analytics.ingest import Progress, Report, Work
    from lykeion.analytics.lake import Lake
    from lykeion.analytics.sources import Passed

_MINUTE: Final = 60.0


def ingest(
    paths: Sequence[str],
    lake: str = "",
    same_site: bool = False,
    processes: int | None = None,
    engine: str = "",
    json: bool = False,
) -> int:
    """``lykeion lake ingest``: reads what is new in these logs.

    ``lake``: a folder or URL; the site's own without one, which takes logs from elsewhere as ``same_site`` only.
    ``engine``: Spark, whose executors read then. The exit code is 1 when a log could not be read to its end, or no line
    was an event.
    """
    from lykeion.analytics.ingest import ingest as take  # Arrow is loaded where it is used
    from lykeion.analytics.lake import Lake

    if not lake and not same_site:
        _refuse_others(paths)
    place = Lake(lake or _own("LYKEION_LAKE_URL"))
    with _said(place.url), _shown(in_bytes=True) as progress, _cluster(place, engine) as cluster:
        report = take(paths, place, processes=processes, cluster=cluster, progress=progress)
    _tell(report, json)
    mend = "what comes before is kept. Give the whole log again, and the rest is read"
    for path, why in sorted(report.broken.items()):
        print(f"lykeion: {path} could not be read to its end ({why}); {mend}.", file=sys.stderr)
    nothing = 0 < report.lines == report.aside.total()
    if nothing:
        print(
            "lykeion: None of these lines is an event. Is it a tracking log, and packed by gzip if at all?",
            file=sys.stderr,
        )
    return 1 if report.broken or nothing else 0


def _refuse_others(paths: Sequence[str]) -> None:
    """The site's own lake takes the site's own logs: numbers of people mean others in those of another site."""
    folder = Path(_own("LYKEION_TRACKING_LOG")).resolve().parent
    others = [path for path in paths if "://" in path or not Path(path).resolve().is_relative_to(folder)]
    if others:
        raise LykeionError(
            f"{others[0]} is not in {folder}, where this site writes its logs. In another site's the numbers of people"
            " are others': its lake is another one (--lake FOLDER). Is it this site's log, moved or of another host,"
            " say --same-site. Nothing was read."
        )


@contextmanager
def _cluster(lake: Lake, engine: str) -> Iterator[Work | None]:
    """Who reads the logs: Spark's executors, or (None) processes of this machine."""
    if engine in ("", "duckdb"):
        yield None
        return
    from lykeion.analytics.spark import opened_spark  # a second and Java

    with opened_spark(lake, engine) as spark:
        yield spark.spread


def refresh(engine: str = "", json: bool = False) -> int:
    """``lykeion lake refresh``: reads the site's tracking log and publishes the results of all runs, now."""
    lake = _own("LYKEION_LAKE_URL")
    from lykeion.analytics import refreshing  # models exist only after start()
    from lykeion.core.clock import now

    with _said(lake), _shown() as progress:
        done = refreshing.refresh(
            at=now(), forced=True, engine=engine, shown=lambda so_far, total, _what: progress(so_far, total)
        )
    if done is None:  # what is forced always does something
        return 1
    if json:
        print(json_text.dumps(asdict(done)))
    else:
        print(f"{done.lines} lines read; {done.days} days changed; results published of courses: {done.runs}")
    return 0


def export(
    out: Path,
    courses: Sequence[str] = (),
    since: date | None = None,
    until: date | None = None,
    purpose: str = "",
    texts: bool = False,
    lake: str = "",
    json: bool = False,
) -> int:
    """``lykeion lake export``: what learners did, for others to research with, under words instead of names.

    ``purpose``: exports for the same one call a learner the same, others call them otherwise; without one the key is
    thrown away, and nobody can tell who is who.
    """
    start()
    from django.conf import settings  # settings exist only after start()

    from lykeion.analytics import settling
    from lykeion.analytics.exporting import Wanted
    from lykeion.analytics.exporting import export as write
    from lykeion.analytics.lake import existing

    key = secrets.token_bytes(32)
    if purpose:
        key = hmac.digest(settings.SECRET_KEY.encode(), f"lykeion lake export {purpose}".encode(), "sha256")
    wanted, there = Wanted(set(courses) or None, since, until, texts), existing(lake or settings.LYKEION_LAKE_URL)
    _make(out)
    if late := settling.waiting(there):
        days = late[0] if len(late) == 1 else f"{len(late)} days from {late[0]} to {late[-1]}"
        words = f"{days} changed since the lake was settled: what is new there is not exported."
        mend = f"`lykeion lake measure{f' --lake {lake}' if lake else ''}` settles it."
        print(f"lykeion: {words} {mend}", file=sys.stderr)
    with _said(there.url), _shown() as progress:
        rows = write(there, out, key, wanted, progress)
    if not any(rows.values()):
        print("lykeion: The lake holds nothing of these courses and days.", file=sys.stderr)
        return 1
    if json:
        print(json_text.dumps({"rows": rows}))
    else:
        print(f"{sum(rows.values())} rows in {out}: " + ", ".join(f"{name} {count}" for name, count in rows.items()))
    return 0


def measure(lake: str = "", engine: str = "", end: date | None = None, outline: str | None = None) -> int:
    """``lykeion lake measure``: settles the lake and writes each metric of all its courses as Parquet, to ``results``.

    ``end``: the first day that is not counted; ``outline``: a Parquet file that says in which part of its course each
    block is, for courses that this site does not have.
    """
    place, engine = lake or _own("LYKEION_LAKE_URL"), engine or _own("LYKEION_LAKE_ENGINE")
    start()
    from lykeion.analytics import measuring, publish  # models exist only after start()
    from lykeion.analytics.engine import opened
    from lykeion.analytics.lake import existing
    from lykeion.analytics.metrics.tables import PLACES
    from lykeion.core.clock import now

    there = existing(place)
    blocks = _outline(outline) if outline else publish.outline_of_all()
    places = PLACES.empty_table() if outline else publish.places_of_all()
    people = measuring.nobody_known if outline else publish.people_of
    tomorrow = now().astimezone(UTC).date() + timedelta(days=1)
    with _said(place), opened(there, engine) as running, _shown() as progress:
        for name, count, seconds in measuring.measure(running, end or tomorrow, blocks, places, people, progress):
            print(f"{name}: {count} rows in {seconds:.1f} s", flush=True)
    return 0


def outline(out: Path) -> int:
    """``lykeion lake outline``: the outline of all courses of the site, for ``measure`` where the site is not."""
    import pyarrow.parquet as pq  # loaded where it is used

    start()
    from lykeion.analytics import publish  # models exist only after start()

    table = publish.outline_of_all()
    try:
        pq.write_table(table, out)
    except OSError as error:
        raise LykeionError(f"{out} cannot be written ({error.strerror or error}): name another file.") from error
    print(f"{table.num_rows} blocks in {out}")
    return 0


def _outline(path: str) -> Table:
    """The Parquet file that says in which part of its course each block is."""
    import pyarrow.parquet as pq  # loaded where it is used
    from pyarrow import ArrowException

    from lykeion.analytics.metrics.tables import OUTLINE

    try:
        return pq.read_table(path, columns=OUTLINE.names).cast(OUTLINE)
    except (OSError, ArrowException, ValueError) as error:
        words = " ".join(str(error).split())
        raise LykeionError(
            f"{path} tells no outline ({words}): it wants a Parquet file with the columns"
            f" {', '.join(OUTLINE.names)}, which are texts."
        ) from error


def generate(learners: int, days: int, seed: int, out: Path) -> int:
    """``lykeion lake generate``: writes made-up logs, one for each day; the same words give the same bytes."""
    from lykeion.analytics.generate import Plan
    from lykeion.analytics.generate import generate as make

    _make(out)
    if any(out.glob("*.log")):
        raise LykeionError(f"{out} holds logs already; made-up ones go into a folder of their own.")
    print(f"{make(Plan(learners, days, seed), out)} lines in {days} logs in {out}")
    return 0


def _make(folder: Path) -> None:
    """A folder to write to."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LykeionError(f"The folder {folder} cannot be made ({error.strerror}): name another for --out.") from error


@contextmanager
def _said(lake: str) -> Iterator[None]:
    """What the system does not let us do (a full disk, a store that went away) is told in one sentence."""
    try:
        yield
    except OSError as error:
        from lykeion.core.places import told  # Arrow is loaded by now

        raise LykeionError(
            f"The lake {told(lake)} or what goes with it could not be read or written ({error}). See that it can be"
            " reached, and that there is room; then do it again: what was done stays, and nothing is counted twice."
        ) from error


def _own(name: str) -> str:
    """A setting of the site."""
    start()
    from django.conf import settings  # settings exist only after start()

    return str(getattr(settings, name))


def _tell(report: Report, json: bool) -> None:
    if json:
        names = ("found", "sources", "chunks", "bytes", "lines", "rows", "aside")
        known = {name: getattr(report, name) for name in names}
        passed = {"copies": len(report.passed.copies), "passed_over": len(report.passed.others)}
        print(json_text.dumps({**known, **passed, "days": sorted(report.days), "broken": report.broken}))
        return
    _tell_passed(report.passed)
    if not report.found:
        print("There is no log with anything in it.")
        return
    read = f"{report.lines} lines ({report.bytes / 1e6:.1f} MB) read"
    print(f"{read}; {report.sources} of {report.found} logs had new ones")
    if report.rows:
        print("rows: " + ", ".join(f"{kind} {count}" for kind, count in sorted(report.rows.items())))
    if report.aside:
        told = ", ".join(f"{reason} {count}" for reason, count in sorted(report.aside.items()))
        print(f"set aside: {told}; see aside/ in the lake")


def _tell_passed(passed: Passed) -> None:
    for files, why in (
        (passed.copies, "not read, for a longer log begins with the same event"),
        (passed.others, "not read, for of folders only names with .log are; name it itself to read it"),
    ):
        if files:
            print(f"{files[0]}{f' and {len(files) - 1} more' if len(files) > 1 else ''}: {why}")


@contextmanager
def _shown(*, in_bytes: bool = False) -> Iterator[Progress]:
    if not sys.stderr.isatty():
        yield _each_minute(in_bytes=in_bytes)
        return
    from rich.console import Console  # a tenth of a second that other commands of this file need not wait
    from rich.progress import BarColumn, DownloadColumn, TaskProgressColumn, TransferSpeedColumn
    from rich.progress import Progress as Bar

    how = (DownloadColumn(), TransferSpeedColumn()) if in_bytes else (TaskProgressColumn(),)
    with Bar(BarColumn(), *how, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _each_minute(*, in_bytes: bool) -> Progress:
    """A line now and then for whoever reads it in a log, of what takes long."""
    told = time.monotonic()

    def tell(done: int, total: int) -> None:
        nonlocal told
        if time.monotonic() < told + _MINUTE:
            return
        told = time.monotonic()
        how_far = f"{done / 1e6:.0f} of {total / 1e6:.0f} MB" if in_bytes else f"{done} of {total}"
        print(f"lykeion: {how_far} done", file=sys.stderr, flush=True)

    return tell
