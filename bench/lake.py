"""Logs into the lake, and metrics on it, beside what these cores can do at all; writes ``bench/LAKE.md``.

    python -m bench.lake [--learners 6000] [--days 4] [--print]

Each figure is the best of three. GB are of raw log. The metrics run as pages get them (ibis compiles once a day, DuckDB
runs) and as SQL that was written by hand for DuckDB, on the same files; both must give the same rows.
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
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import msgspec
import orjson

from lykeion.analytics import settling
from lykeion.analytics.engine import Engine, opened
from lykeion.analytics.generate import Plan, generate
from lykeion.analytics.ingest import ingest
from lykeion.analytics.lake import Lake
from lykeion.analytics.metrics import activity, enrolment, learners, problems, videos
from lykeion.analytics.metrics.tables import Params
from lykeion.analytics.parse import Envelope

HERE = Path(__file__).resolve().parent
TIMES = 3
SQL = {
    "weekly activity": """
        SELECT course_id, date_trunc('week', day)::DATE AS week, count(DISTINCT user_id) AS "any",
               count(DISTINCT user_id) FILTER (attempts > 0) AS attempted,
               count(DISTINCT user_id) FILTER (plays > 0) AS played,
               count(DISTINCT user_id) FILTER (posts > 0) AS posted
        FROM read_parquet('{root}/settled/activity/*/data.parquet') WHERE day < '{end}' GROUP BY 1, 2""",
    "answers": """
        WITH sent AS (
            SELECT course_id, problem_id, user_id, parts, time, event_id,
                   row_number() OVER w AS place, count(*) OVER (PARTITION BY course_id, problem_id, user_id) AS n,
                   row_number() OVER (PARTITION BY course_id ORDER BY time, event_id) AS rank
            FROM read_parquet('{root}/settled/problem/*/data.parquet')
            WHERE event_type = 'problem_check' AND user_id IS NOT NULL AND course_id IS NOT NULL AND len(parts) > 0
                  AND time < '{end}'
            WINDOW w AS (PARTITION BY course_id, problem_id, user_id ORDER BY time, event_id)),
        given AS (SELECT course_id, problem_id, rank, place = 1 AS f, place = n AS l, unnest(parts) AS part
                  FROM sent WHERE place = 1 OR place = n)
        SELECT course_id, problem_id, part.part_id AS part_id, coalesce(part.value_id, part.answer) AS value,
               part.variant AS variant, arg_max(part.answer, rank) AS answer, arg_max(part.correct, rank) AS correct,
               count(*) FILTER (f) AS first_count, count(*) FILTER (l) AS last_count
        FROM given GROUP BY 1, 2, 3, 4, 5""",
    "video timeline": """
        WITH told AS (
            SELECT course_id, video_id, user_id, time, event_type, event_id, nullif(duration, 0) AS length,
                   CASE event_type WHEN 'pause_video' THEN coalesce(position, 0) ELSE position END AS pos,
                   CASE event_type WHEN 'seek_video' THEN old_position WHEN 'pause_video' THEN coalesce(position, 0)
                        ELSE position END AS stops
            FROM read_parquet('{root}/settled/video/*/data.parquet')
            WHERE event_type IN ('play_video', 'pause_video', 'seek_video', 'stop_video') AND user_id IS NOT NULL
                  AND course_id IS NOT NULL AND time < '{end}'),
        ok AS (SELECT *, lead(event_type) OVER w AS nt, lead(stops) OVER w AS ns, lead(pos) OVER w AS na FROM told
               WHERE pos BETWEEN 0 AND 36000 AND stops BETWEEN 0 AND 36000
               WINDOW w AS (PARTITION BY course_id, video_id, user_id ORDER BY time, event_type, event_id)),
        plays AS (SELECT *, lag(nt) OVER w AS pt, lag(na) OVER w AS pn FROM ok WHERE event_type = 'play_video'
                  WINDOW w AS (PARTITION BY course_id, video_id, user_id ORDER BY time, event_type, event_id)),
        seen AS (SELECT course_id, video_id, user_id, length, CASE WHEN pt = 'seek_video' THEN pn ELSE pos END AS s,
                        ns AS e FROM plays WHERE nt <> 'play_video'),
        kept AS (SELECT *, floor(s)::BIGINT // 5 AS a, floor(e)::BIGINT // 5 AS b FROM seen
                 WHERE (length IS NULL OR e <= length + 1) AND e - s >= 0.25),
        spread AS (SELECT course_id, video_id, user_id, unnest(range(a, b + 1)) AS segment FROM kept),
        sums AS (SELECT course_id, video_id, segment, count(DISTINCT user_id) AS users, count(*) AS views
                 FROM spread GROUP BY 1, 2, 3),
        ends AS (SELECT course_id, video_id, max(length) AS length FROM kept GROUP BY 1, 2)
        SELECT sums.* FROM sums JOIN ends USING (course_id, video_id) WHERE segment <= floor(length)::BIGINT // 5""",
}
METRICS: dict[str, Callable[..., Any]] = {
    "weekly activity": activity.weekly_activity,
    "answers": problems.answers,
    "video timeline": videos.timeline,
    "enrolment": enrolment.enrolment,
    "questions": problems.items,
    "learners": learners.learners,
}


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
    table += [
        (f"lykeion lake ingest --processes {cores}", _ingested(folder, cores))
        for cores in sorted({1, os.cpu_count() or 1})
    ]
    rows = "\n".join(f"| {name} | {seconds:.2f} | {size / seconds:.3f} |" for name, seconds in table)
    alone, decoded = _cpu(data, folder / "one.log")
    lake = Lake(str(folder / "lake1"))
    with opened(lake) as engine:
        settled, days = timed(lambda: settling.settle(engine), 1)
        metrics = _metrics(engine, plan, size)
    stored = sum(one.size for one in lake.files("settled")) / 1e6
    head = f"{datetime.now(UTC):%Y-%m-%d}, {platform.system()} on {platform.machine()}, {os.cpu_count()} cores, "
    head += f"Python {platform.python_version()}, DuckDB {duckdb.__version__}, commit {_commit()}; "
    head += f"{lines} lines, {size * 1000:.0f} MB, {len(days)} days; load {os.getloadavg()[0]:.1f} at the end."
    return (
        f"# The lake\n\nWritten by `python -m bench.lake`; compare figures only within one run.\n\n{head}\n\n"
        f"| step | s | GB/s |\n|---|---|---|\n{rows}\n\n"
        f"By processor time, which neighbours disturb less: ingest {size / alone:.3f} GB per core second, "
        f"typed decoding alone {size / decoded:.3f}.\n\n"
        f"Settling took {settled:.2f} s for {len(days)} days; "
        f"settled days take {stored:.1f} MB.\n\n"
        "| metric | s | to compile, once a day, s | GB/s | SQL by hand, s | times |\n|---|---|---|---|---|---|\n"
        f"{metrics}\n"
    )


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
        ("typed decoding alone (msgspec), 1 core", timed(lambda: decode(typed))[0]),
        ("untyped decoding alone (orjson), 1 core", timed(lambda: decode(orjson.loads))[0]),
    ]


def _cpu(data: bytes, log: Path) -> tuple[float, float]:
    """Processor seconds to ingest ``log`` in one process, and to decode its lines alone; the least of three."""
    typed = msgspec.json.Decoder(Envelope).decode
    lines = data.splitlines()
    best = [float("inf"), float("inf")]
    for number in range(TIMES):
        started = time.process_time()
        ingest([log], Lake(str(log.parent / f"cpu{number}")), processes=1)
        between = time.process_time()
        for line in lines:
            with suppress(ValueError):  # some lines are spoilt on purpose
                typed(line)
        best = [min(best[0], between - started), min(best[1], time.process_time() - between)]
    return best[0], best[1]


def _ingested(folder: Path, cores: int) -> float:
    """By the command, as operators do it: its start is in it."""
    command = [sys.executable, "-m", "lykeion", "lake", "ingest", str(folder / "one.log"), "--processes", str(cores)]
    best = float("inf")
    for _ in range(TIMES):
        shutil.rmtree(folder / f"lake{cores}", ignore_errors=True)
        run = partial(
            subprocess.run, [*command, "--lake", str(folder / f"lake{cores}")], check=True, capture_output=True
        )
        best = min(best, timed(run, 1)[0])
    return best


def _metrics(engine: Engine, plan: Plan, size: float) -> str:
    params = Params(plan.start + timedelta(days=plan.days))
    tables = settling.tables(engine)
    lines = []
    for name, metric in METRICS.items():
        ask = partial(metric, tables, params)
        compiling, _sql = timed(lambda ask=ask: engine.compiled(object(), ask))  # type: ignore[misc]
        whole, rows = timed(lambda name=name, ask=ask: engine.rows(name, ask), 2 * TIMES)  # type: ignore[misc]
        by_hand = _by_hand(name, engine.lake.root, params.end, rows) if name in SQL else None
        told = ("", "") if by_hand is None else (f"{by_hand:.3f}", f"{whole / by_hand:.2f}")
        lines.append(f"| {name} | {whole:.3f} | {compiling:.3f} | {size / whole:.2f} | {told[0]} | {told[1]} |")
    return "\n".join(lines)


def _by_hand(name: str, root: str, end: date, rows: list[dict[str, Any]]) -> float:
    connection = duckdb.connect()
    sql = SQL[name].format(root=root, end=end)
    seconds, found = timed(lambda: connection.execute(sql).to_arrow_table().to_pylist(), 2 * TIMES)
    assert _plain(found) == _plain(rows), f"{name}: SQL by hand says otherwise"
    return seconds


def _plain(rows: list[dict[str, Any]]) -> list[str]:
    return sorted(str(sorted((key, str(value)) for key, value in row.items())) for row in rows)


def _commit() -> str:
    found = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    return found.stdout.strip()


if __name__ == "__main__":
    main()
