"""The same log by Spark with one core, two, four, as many as there are, and by DuckDB; writes ``bench/SPARK.md``.

    .venv-spark/bin/python -m bench.spark [--gb 4] [--folder /var/tmp] [--print]

A small log goes first: what it takes is mostly what does not grow (Java and Spark begin, plans are made, small files
written one by one), so what a GB more takes is told apart from it. A run with one core has one of the machine, also for
what Java does beside its tasks: on the others that would go on, and one core would seem to do the work of two.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.large import HERE, PLAN, Run, commit, measuring, outline, pack, run
from lykeion.analytics.generate import generate
from lykeion.analytics.lake import Lake

SMALL = 0.2  # GB
_CORES = (1, 2, 4, 8, 16)


@dataclass(frozen=True, slots=True)
class Log:
    """Packed logs of one size (``gb``, unpacked) in a folder of their own."""

    folder: Path
    gb: float
    days: int


@dataclass(frozen=True, slots=True)
class Row:
    """What one engine took for one log: to read it, and to settle its days and make all metrics."""

    engine: str
    log: Log
    read: Run
    made: Run

    @property
    def seconds(self) -> float:
        """Of both."""
        return self.read.seconds + self.made.seconds


def main() -> None:
    """Measures and reports."""
    parser = argparse.ArgumentParser(description="How Spark scales with cores.")
    parser.add_argument("--gb", type=float, default=4)
    parser.add_argument("--folder", default=None, help="where there is disk")
    parser.add_argument("--print", action="store_true", help="only print, do not write SPARK.md")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lykeion-spark-", dir=options.folder) as folder:
        text = measure(options.gb, Path(folder))
    print(text)
    if not options.print:
        (HERE / "SPARK.md").write_text(text)


def measure(gb: float, folder: Path) -> str:
    """The results as Markdown."""
    generate(PLAN, folder / "days")
    small, large = (_log(size, folder, name) for name, size in (("small", SMALL), ("large", gb)))
    rows = []
    for cores in (cores for cores in _CORES if cores <= len(os.sched_getaffinity(0))):
        with _only(cores):
            rows.append((_row(f"local[{cores}]", small), _row(f"local[{cores}]", large)))
    duckdb = _row("duckdb", small), _row("duckdb", large)
    head = f"{datetime.now(UTC):%Y-%m-%d}, {platform.system()} on {platform.machine()}, {os.cpu_count()} cores "
    head += f"(load {os.getloadavg()[2]:.1f} over the last quarter of an hour), commit {commit()}."
    return (
        "# How Spark scales with cores\n\nWritten by `python -m bench.spark`; see `bench/spark.py`. "
        f"Two logs, of {small.gb:.2f} and {large.gb:.2f} GB, each by one command that reads it and one that "
        "settles its days and makes all metrics; the start of Java and of Spark is in the figures. "
        "A run has no more cores of the machine than its name says; DuckDB has all. "
        f"The last column: what each GB more takes, compared with one core.\n\n{head}\n\n"
        "| engine | GB | read, s | settle, and all metrics, s | core seconds | s for each GB more | times one core |\n"
        "|---|---|---|---|---|---|---|\n" + "".join(_told(pair, rows[0]) for pair in rows) + _told(duckdb, None)
    )


def _log(gb: float, folder: Path, name: str) -> Log:
    there = folder / name
    there.mkdir()
    (there / "days").symlink_to(folder / "days")
    made, days = pack(gb * 1e9, there)
    return Log(there, made / 1e9, days)


@contextmanager
def _only(cores: int) -> Iterator[None]:
    """What is begun meanwhile has so many cores of this machine."""
    all_of_them = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(all_of_them)[:cores])
    try:
        yield
    finally:
        os.sched_setaffinity(0, all_of_them)


def _row(engine: str, log: Log) -> Row:
    lake, file = Lake(str(log.folder / "lake")), log.folder / "outline.parquet"
    shutil.rmtree(log.folder / "lake", ignore_errors=True)
    words = [] if engine == "duckdb" else ["--engine", engine]
    read = run(["ingest", str(log.folder / "logs"), "--lake", lake.url, *words], log.folder)
    outline(lake, file)
    return Row(engine, log, read, run([*measuring(lake, log.days, file), *words], log.folder))


def _told(pair: tuple[Row, Row], first: tuple[Row, Row] | None) -> str:
    more = _for_each_gb(pair)
    ends = ("| | |", f"| {more:.1f} | {_for_each_gb(first) / more:.2f} |" if first else f"| {more:.1f} | |")
    return "".join(
        f"| {row.engine} | {row.log.gb:.2f} | {row.read.seconds:.0f} | {row.made.seconds:.0f} "
        f"| {row.read.processor + row.made.processor:.0f} {end}\n"
        for row, end in zip(pair, ends, strict=True)
    )


def _for_each_gb(pair: tuple[Row, Row]) -> float:
    small, large = pair
    return (large.seconds - small.seconds) / (large.log.gb - small.log.gb)


if __name__ == "__main__":
    main()
