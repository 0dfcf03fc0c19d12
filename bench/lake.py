"""Logs into the lake, and metrics on it, beside what these cores can do at all; writes ``bench/LAKE.md``.

    python -m bench.lake [--learners 6000] [--days 4] [--print]

Each figure is the best of three. GB are of raw log. The metrics run as pages get them (ibis compiles once a day, DuckDB
runs) and as SQL that was written by hand for DuckDB (``bench/lake_sql.py``), on the same files; both must give the same
rows, and both are measured in turns, on four times the events: with few, what it takes to plan a query is all there is.
A refresh is what a site does each twenty seconds, without its database; an event is written as a request writes it.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import msgspec
import orjson
import psutil
import pyarrow as pa
import pyarrow.parquet as pq

from bench.lake_sql import SQL
from lykeion.analytics import settling
from lykeion.analytics.engine import Engine, opened
from lykeion.analytics.envelope import Envelope
from lykeion.analytics.generate import Plan, generate
from lykeion.analytics.ingest import ingest
from lykeion.analytics.kinds import KINDS
from lykeion.analytics.lake import Lake
from lykeion.analytics.metrics.every import ALL, METRICS
from lykeion.analytics.metrics.tables import OUTLINE, PEOPLE, PLACES, Params

HERE = Path(__file__).resolve().parent
TIMES = 3
TIMES_LARGER = 4
LARGER = f"larger{TIMES_LARGER}"
TIMES_LONG = 16
"""So long a log shows how fast it is read: before the first line processes have to start."""
WANTED = 0.6, 4
"""GB of raw log that shall be read in a second, on so many cores."""
NEW = 1_000
"""Lines that are new at a refresh."""
EVENTS = 5_000


def main() -> None:
    """Measures and reports."""
    parser = argparse.ArgumentParser(description="Measure the lake beside its limits.")
    parser.add_argument("--learners", type=int, default=6000)
    parser.add_argument("--days", type=int, default=4)
    parser.add_argument("--print", action="store_true", help="only print, do not write LAKE.md")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lykeion-bench-") as folder:
        text = measure(Plan(options.learners, options.days, 1), Path(folder))
    print(text)
    if not options.print:
        (HERE / "LAKE.md").write_text(text)


def measure(plan: Plan, folder: Path) -> str:
    """The results as Markdown."""
    made, lines = timed(lambda: generate(plan, folder / "logs"), 1)
    data = b"".join(path.read_bytes() for path in sorted((folder / "logs").iterdir()))
    (folder / "one.log").write_bytes(data)
    size = len(data) / 1e9
    table = [("generate", made), *_limits(data, folder / "one.log")]
    cores = sorted({1, os.cpu_count() or 1})
    peaks = []
    for count in cores:
        seconds, peak = _ingested(folder, "one.log", count)
        table.append((f"lykeion lake ingest --processes {count}", seconds))
        peaks.append((f"ingest, {count} processes", size, peak))
    for times in (TIMES_LARGER, TIMES_LONG):
        name, long, seconds, peak = _larger(data, folder, cores[-1], times)
        peaks.append((name, long, peak))
        table.append((f"the same of {times} times the log, seconds for one of them", seconds * size / long))
    larger = TIMES_LARGER * size
    reached = size / table[-1][1]
    rows = "\n".join(f"| {name} | {seconds:.2f} | {size / seconds:.3f} |" for name, seconds in table)
    alone, decoded, parsed = _cpu(data, folder / "one.log")
    lake = Lake(str(folder / "lake1"))
    with opened(lake) as engine:
        settled, days = timed(lambda: settling.settle(engine), 1)
        pq.write_table(_outline(engine), folder / "outline.parquet")
    with opened(Lake(str(folder / LARGER))) as engine:
        settling.settle(engine)
        metrics = _metrics(engine, plan, TIMES_LARGER * size)
    stored = sum(one.size for one in lake.files("settled")) / 1e6
    peaks.append(("settle, and all metrics", size, _measured(folder, "lake1", plan)[1]))
    peaks.append(
        (
            f"the same, {TIMES_LARGER} times the events",
            TIMES_LARGER * size,
            _measured(folder, LARGER, plan)[1],
        )
    )
    refreshed = "\n".join(f"| {name} | {seconds:.2f} |" for name, seconds in _refreshed(data, folder, plan))
    held = "\n".join(f"| {name} | {large:.2f} | {peak / 1e6:.0f} |" for name, large, peak in peaks)
    head = f"{datetime.now(UTC):%Y-%m-%d}, {platform.system()} on {platform.machine()}, {os.cpu_count()} cores, "
    head += f"Python {platform.python_version()}, DuckDB {duckdb.__version__}, commit {_commit()}; "
    head += f"{lines} lines, {size * 1000:.0f} MB, {len(days)} days; load {os.getloadavg()[0]:.1f} at the end."
    return (
        f"# The lake\n\nWritten by `python -m bench.lake`; compare figures only within one run.\n\n{head}\n\n"
        f"| step | s | GB/s |\n|---|---|---|\n{rows}\n\n"
        f"By processor time, which neighbours disturb less: ingest {size / alone:.3f} GB per core second "
        f"({lines / alone / 1000:.0f} thousand lines), typed decoding alone {size / decoded:.3f}, "
        f"yyjson {size / parsed:.3f}, of which ingest reaches {parsed / alone:.2f}.\n\n"
        f"{_compared(size / alone, reached, cores[-1])}\n\n"
        f"An event costs the request that it happens in {_event(folder) * 1000:.3f} ms of processor time.\n\n"
        f"Settling took {settled:.2f} s for {len(days)} days; "
        f"settled days take {stored:.1f} MB.\n\n"
        f"## A refresh\n\nWhen {NEW} lines are new in a log of {larger:.2f} GB: what a worker does then, without the "
        f"tables of the site; the best of {TIMES}, with what it compiled before.\n\n"
        f"| step | s |\n|---|---|\n{refreshed}\n\n"
        "## Memory\n\nThe most that all processes of a command held together (resident).\n\n"
        f"| command | GB of log | MB |\n|---|---|---|\n{held}\n\n"
        f"## Metrics\n\nOf {TIMES_LARGER} times the events. "
        "The last columns: how many times as long as SQL by hand, by the clock and by processor time.\n\n"
        "| metric | s | to compile, once a day, s | GB/s | GB per core second | by hand, s | times | processor |\n"
        "|---|---|---|---|---|---|---|---|\n"
        f"{metrics}\n"
    )


def _compared(alone: float, reached: float, cores: int) -> str:
    """What was measured beside what is wanted, in words."""
    wanted, on = WANTED
    there = alone * on
    verdict = "enough" if there >= wanted else "not enough"
    return (
        f"{wanted} GB/s are wanted of {on} cores: at {alone:.3f} GB per core second {on} make {there:.2f}, which is "
        f"{verdict}, if nothing else holds them up. By the clock the {cores} here read the longest log at "
        f"{reached:.3f} GB/s, {reached / cores:.3f} each; {on} of these would make {reached / cores * on:.2f}."
    )


def _refreshed(data: bytes, folder: Path, plan: Plan) -> list[tuple[str, float]]:
    """Steps of a refresh with their seconds, of the larger lake, when some lines are new in its log."""
    end, last = plan.start + timedelta(days=plan.days), data.splitlines()[-NEW:]
    lake, best = Lake(str(folder / LARGER)), [float("inf")] * 3
    with opened(lake) as engine:
        given = _given(engine)
    for number in range(1 + TIMES):
        with (folder / f"{LARGER}.log").open("ab") as log:
            log.writelines(line.replace(b'"session":"', b'"session":"%d' % number) + b"\n" for line in last)
        with opened(lake) as engine:
            read, report = timed(lambda: ingest([folder / f"{LARGER}.log"], lake), 1)
            settled, days = timed(partial(settling.settle, engine), 1)
            measured, courses = timed(partial(_measure, engine, days, end, given), 1)
        assert report.days == set(days), "other days were settled than those with news"
        best = [min(pair) for pair in zip(best, (read, settled, measured), strict=True)]
    names = ("read them", f"settle their days ({len(days)})", f"all metrics of their courses ({courses})")
    return [*zip(names, best, strict=True), ("together", sum(best))]


def _measure(engine: Engine, days: list[str], end: date, given: dict[str, pa.Table]) -> int:
    """Makes what is published of courses in which something happened on these days; how many there are."""
    tables = settling.tables(engine, days=days)
    rows = engine.rows("courses", lambda: tables.activity.select("course_id").distinct())
    tables = settling.tables(engine, courses=[row["course_id"] for row in rows])
    params = Params(end, **{name: engine.given(name, table) for name, table in given.items()})
    for name in (*METRICS, "learners"):
        engine.rows((name, end), partial(ALL[name], tables, params))
    return len(rows)


def _event(folder: Path) -> float:
    """Processor seconds of an event in a request: its line is put together and written to a log."""
    (folder / "home").mkdir(exist_ok=True)
    code = (
        "import sys, time, django; django.setup(); from django.conf import settings; from pathlib import Path;"
        "from django.test import RequestFactory; from lykeion.events import api, context;"
        "settings.LYKEION_TRACKING_LOG = Path(sys.argv[1]) / 'events.log';"
        "from types import SimpleNamespace; request = RequestFactory().get('/courses/course-v1:A+B+C/courseware/');"
        "request.session = SimpleNamespace(session_key='k' * 32);"
        "request._cached_user = SimpleNamespace(pk=7, get_username=lambda: 'alice'); context.enter(request)\n"
        "def some(count):\n"
        "    used = time.process_time()\n"
        "    for _ in range(count): api.emit('edx.bookmark.added', {'bookmark_id': 'a', 'component_type': 'b'})\n"
        "    return (time.process_time() - used) / count\n"
        f"print(min(some({EVENTS}) for _ in range({TIMES})))"
    )
    environ = {**os.environ, "LYKEION_HOME": str(folder / "home"), "DJANGO_SETTINGS_MODULE": "lykeion.settings"}
    said = subprocess.run(
        [sys.executable, "-c", code, str(folder)], env=environ, capture_output=True, text=True, check=True
    )
    assert (folder / "events.log").read_bytes().count(b"\n") == TIMES * EVENTS, "not all were written"
    return float(said.stdout)


def timed(work: Callable[[], Any], times: int = TIMES) -> tuple[float, Any]:
    """The best time of several, and what came of it."""
    best, found = float("inf"), None
    for _ in range(times):
        started = time.perf_counter()
        found = work()
        best = min(best, time.perf_counter() - started)
    return best, found


def _limits(data: bytes, path: Path) -> list[tuple[str, float]]:
    lines = data.splitlines()
    typed = msgspec.json.Decoder(Envelope).decode

    def decode(one: Callable[[bytes], Any]) -> None:
        for line in lines:
            try:
                one(line)
            except ValueError:  # some lines are spoilt on purpose
                continue

    return [
        ("read from the page cache", timed(path.read_bytes)[0]),
        ("read from the disk", timed(lambda: _cold(path))[0]),
        ("typed decoding alone (msgspec), 1 core", timed(lambda: decode(typed))[0]),
        ("untyped decoding alone (orjson), 1 core", timed(lambda: decode(orjson.loads))[0]),
        ("parsing alone (yyjson, by DuckDB), 1 core", _parsed(lines)),
    ]


def _cold(path: Path) -> int:
    """Reads a file that the page cache was told to forget; how many bytes."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        return len(file.read())


def _parsed(lines: list[bytes]) -> float:
    """Seconds to parse all lines into trees and make nothing of them."""
    return timed(_yyjson(lines))[0]


def _yyjson(lines: list[bytes]) -> Callable[[], Any]:
    """Parses all lines on one core."""
    connection = duckdb.connect(config={"threads": 1})
    connection.register("lines", pa.table({"line": [line.decode("utf-8", "replace") for line in lines]}))
    connection.execute("CREATE TABLE held AS SELECT line FROM lines")
    return lambda: connection.execute("SELECT count(*) FILTER (json_valid(line)) FROM held").fetchall()


def _cpu(data: bytes, log: Path) -> tuple[float, float, float]:
    """Processor seconds to ingest ``log`` in one process, to decode its lines alone, and to parse them alone; the least
    of several, in turns, so that whatever disturbs one disturbs the others."""
    typed = msgspec.json.Decoder(Envelope).decode
    lines = data.splitlines()
    parse = _yyjson(lines)
    bests = Best(), Best(), Best()

    def decode() -> None:
        for line in lines:
            with suppress(ValueError):  # some lines are spoilt on purpose
                typed(line)

    for number in range(2 * TIMES):
        bests[0].take(lambda number=number: ingest([log], Lake(str(log.parent / f"cpu{number}")), processes=1))  # type: ignore[misc]
        bests[1].take(decode)
        bests[2].take(parse)
    ingested, decoded, parsed = (best.cpu for best in bests)
    return ingested, decoded, parsed


def _ingested(folder: Path, log: str, cores: int, lake: str = "") -> tuple[float, int]:
    """Seconds of the command, as operators do it (its start is in it), and the most bytes that it held."""
    lake = lake or f"lake{cores}"
    words = ["ingest", str(folder / log), "--lake", str(folder / lake), "--processes", str(cores)]
    best, peak = float("inf"), 0
    for _ in range(TIMES):
        shutil.rmtree(folder / lake, ignore_errors=True)
        seconds, held = _run(words, folder)
        best, peak = min(best, seconds), max(peak, held)
    return best, peak


def _measured(folder: Path, lake: str, plan: Plan) -> tuple[float, int]:
    """The same of the command that settles a lake and makes all metrics of it."""
    shutil.rmtree(folder / lake / "settled", ignore_errors=True)
    (folder / lake / "settled.json").unlink(missing_ok=True)
    end = str(plan.start + timedelta(days=plan.days))
    outline = ["--outline", str(folder / "outline.parquet")]
    return _run(["measure", "--lake", str(folder / lake), "--end", end, *outline], folder)


def _run(words: list[str], folder: Path) -> tuple[float, int]:
    """Runs ``lykeion lake``; its seconds, and the most bytes that it and what it started held together."""
    environ = {**os.environ, "LYKEION_HOME": str(folder / "home")}
    (folder / "home").mkdir(exist_ok=True)
    started, peak = time.perf_counter(), 0
    with (folder / "said.log").open("w") as said:
        command = [sys.executable, "-m", "lykeion", "lake", *words]
        running = subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT, env=environ)
        while running.poll() is None:
            peak = max(peak, _held(running.pid))
            with suppress(subprocess.TimeoutExpired):
                running.wait(0.05)
    assert running.returncode == 0, (folder / "said.log").read_text()[-2000:]
    return time.perf_counter() - started, peak


def _held(pid: int) -> int:
    """Bytes that a process and those below it hold; what several share counts once for each."""
    with suppress(psutil.NoSuchProcess):
        root = psutil.Process(pid)
        total = 0
        for one in (root, *root.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                total += one.memory_info().rss
        return total
    return 0


def _larger(data: bytes, folder: Path, cores: int, times: int) -> tuple[str, float, float, int]:
    """The log several times, each time of other learners: what is held must not grow with it."""
    log = folder / f"larger{times}.log"
    with log.open("wb") as out:
        for number in range(times):
            out.write(data.replace(b'"user_id":', b'"user_id":%d00' % number if number else b'"user_id":'))
    size = log.stat().st_size / 1e9
    return f"ingest, {cores} processes", size, *_ingested(folder, log.name, cores, f"larger{times}")


def _metrics(engine: Engine, plan: Plan, size: float) -> str:
    end = plan.start + timedelta(days=plan.days)
    tables = settling.tables(engine)
    given = _given(engine)
    params = Params(end, **{name: engine.given(name, table) for name, table in given.items()})
    lines = []
    for name, metric in ALL.items():
        ask = partial(metric, tables, params)
        compiling, _sql = timed(lambda ask=ask: engine.compiled(object(), ask))  # type: ignore[misc]
        ours, hand = _in_turns(partial(engine.rows, (name, end), ask), _by_hand(name, engine.lake, end, given))
        assert _plain(hand.rows) == _plain(ours.rows), f"{name}: SQL by hand says otherwise"
        lines.append(
            f"| {name} | {ours.wall:.3f} | {compiling:.3f} | {size / ours.wall:.2f} | {size / ours.cpu:.2f} "
            f"| {hand.wall:.3f} | {ours.wall / hand.wall:.2f} | {ours.cpu / hand.cpu:.2f} |"
        )
    return "\n".join(lines)


def _given(engine: Engine) -> dict[str, pa.Table]:
    """What metrics want beside the lake."""
    outline = _outline(engine)
    return {"outline": outline, "places": _places(outline), "people": _people(engine)}


@dataclass(slots=True)
class Best:
    """The least time and processor time of several, in seconds, and what came of it."""

    wall: float = float("inf")
    cpu: float = float("inf")
    rows: Any = None

    def take(self, work: Callable[[], Any]) -> None:
        """Does it once more."""
        started, used = time.perf_counter(), time.process_time()
        self.rows = work()
        self.wall = min(self.wall, time.perf_counter() - started)
        self.cpu = min(self.cpu, time.process_time() - used)


def _in_turns(one: Callable[[], Any], other: Callable[[], Any]) -> tuple[Best, Best]:
    """Both, one after the other, several times: whatever disturbs one disturbs the other."""
    bests = Best(), Best()
    for _ in range(5 * TIMES):
        for best, work in zip(bests, (one, other), strict=True):
            best.take(work)
    return bests


def _outline(engine: Engine) -> pa.Table:
    """Blocks that somebody completed, in parts by the last digit of their names."""
    told = settling.tables(engine).completion
    blocks = engine.rows("blocks", lambda: told.select("course_id", "block_id").distinct())
    rows = [{**row, "part_id": f"part{row['block_id'][-1]}"} for row in blocks if row["course_id"]]
    return pa.Table.from_pylist(rows, OUTLINE)


def _people(engine: Engine) -> pa.Table:
    """What everybody told of themselves, by their number."""
    told = settling.tables(engine).enrol
    numbers = [row["user_id"] for row in engine.rows("people", lambda: told.select("user_id").distinct())]
    genders, schools, countries = ("f", "m", "o", ""), ("b", "m", "p_se", None), ("GR", "", "DE", "BR")
    rows = [
        {
            "user_id": number, "gender": genders[number % 4], "year_of_birth": 1960 + number % 50,
            "education": schools[number // 4 % 4], "country": countries[number // 8 % 4],
        }
        for number in numbers
        if number
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, PEOPLE)


def _places(outline: pa.Table) -> pa.Table:
    """Problems in the parts that their numbers end in, and the videos."""
    courses = sorted(set(outline["course_id"].to_pylist()))
    rows = [
        {"course_id": course, "part_id": f"part{number % 10}", "kind": kind, "entity": entity}
        for course in courses
        for number in range(24)
        for kind, entity in (
            ("problem", f"{course.replace('course-v1', 'block-v1')}+type@problem+block@problem{number}"),
            ("video", f"video{number}"),
            ("page", f"week{number // 5}/lesson{number}/"),
        )
    ]
    return pa.Table.from_pylist(rows, PLACES)


def _by_hand(name: str, lake: Lake, end: date, given: dict[str, pa.Table]) -> Callable[[], list[dict[str, Any]]]:
    connection = duckdb.connect()
    for of, table in given.items():
        connection.register(of, table)
    kinds = (*KINDS, *settling.PARTIALS)
    files = {kind: f"read_parquet('{lake.root}/settled/{kind}/*/*.parquet')" for kind in kinds}
    sql = SQL[name].format(end=end, **files)
    return lambda: connection.execute(sql).to_arrow_table().to_pylist()  # type: ignore[no-any-return]


def _plain(rows: list[dict[str, Any]]) -> list[str]:
    """Rows as texts, in order; fractions to nine digits, for DuckDB's own percentiles round in another way."""
    return sorted(str(sorted((name, _word(value)) for name, value in row.items())) for row in rows)


def _word(value: Any) -> str:
    return f"{value:.9g}" if isinstance(value, float) else str(value)


def _commit() -> str:
    found = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    return found.stdout.strip()


if __name__ == "__main__":
    main()
