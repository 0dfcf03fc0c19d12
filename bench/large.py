"""A large log into the lake, and all metrics of it, within 2 GB of memory; writes ``bench/LARGE.md``.

    python -m bench.large [--gb 50] [--folder /var/tmp] [--print]

It takes about 0.15 GB of disk for each GB of log, and no more: days are generated once, and each is packed again and
again, of other learners in other courses, on other days. ``make bench`` leaves this out: 50 GB take half an hour.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
import zlib
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import duckdb
import psutil
import pyarrow as pa
import pyarrow.parquet as pq

from lykeion.analytics.generate import Plan, generate
from lykeion.analytics.lake import Lake
from lykeion.analytics.metrics.tables import OUTLINE

HERE = Path(__file__).resolve().parent
MOST = 2_000_000_000
"""Bytes that all processes of a command may hold."""
PLAN = Plan(learners=6000, days=4, seed=1)
SETS = 20
"""Of learners, each in courses of its own."""


@dataclass(slots=True)
class Run:
    """A command that ran: its seconds, those of processors, and the most bytes that it and what it started held."""

    seconds: float = 0.0
    peak: int = 0
    by_process: dict[int, float] = field(default_factory=dict)

    @property
    def processor(self) -> float:
        """Seconds of all cores."""
        return sum(self.by_process.values())

    def look(self, pid: int) -> None:
        """Notes what a process and those below it hold now; what several share counts once for each."""
        held = 0
        with suppress(psutil.NoSuchProcess):
            root = psutil.Process(pid)
            for one in (root, *root.children(recursive=True)):
                with suppress(psutil.NoSuchProcess):
                    held += one.memory_info().rss
                    self.by_process[one.pid] = sum(one.cpu_times()[:2])
        self.peak = max(self.peak, held)


def main() -> None:
    """Measures and reports."""
    parser = argparse.ArgumentParser(description="A large log into the lake.")
    parser.add_argument("--gb", type=float, default=50)
    parser.add_argument("--folder", default=None, help="where there is disk")
    parser.add_argument("--print", action="store_true", help="only print, do not write LARGE.md")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lykeion-large-", dir=options.folder) as folder:
        text = measure(options.gb * 1e9, Path(folder))
    print(text)
    if not options.print:
        (HERE / "LARGE.md").write_text(text)


def measure(size: float, folder: Path) -> str:
    """The results as Markdown."""
    began = time.perf_counter()
    generate(PLAN, folder / "days")
    made, days = pack(size, folder)
    packed = _size(folder / "logs")
    _say(f"{made / 1e9:.1f} GB of log, {packed / 1e9:.1f} packed, {time.perf_counter() - began:.0f} s")
    read = run(["ingest", str(folder / "logs"), "--lake", str(folder / "lake")], folder)
    lake = Lake(str(folder / "lake"))
    outline(lake, folder / "outline.parquet")
    measured = run(measuring(lake, days, folder / "outline.parquet"), folder)
    said = (folder / "said.log").read_text()
    stored = [sum(one.size for one in lake.files(name)) / 1e9 for name in ("", "settled")]
    for name, one in (("ingest", read), ("settling and metrics", measured)):
        assert one.peak < MOST, f"{name} held {one.peak / 1e6:.0f} MB"
    gb, files = made / 1e9, len(list((folder / "logs").iterdir()))
    head = f"{datetime.now(UTC):%Y-%m-%d}, {platform.system()} on {platform.machine()}, {os.cpu_count()} cores "
    head += f"(load {os.getloadavg()[2]:.1f} over the last quarter of an hour, niceness {os.nice(0)}), "
    head += f"Python {platform.python_version()}, DuckDB {duckdb.__version__}, commit {commit()}."
    rows = "\n".join(
        f"| {name} | {one.seconds:.0f} | {one.processor:.0f} | {gb / one.seconds:.3f} | {gb / one.processor:.3f} "
        f"| {one.peak / 1e6:.0f} |"
        for name, one in (("lykeion lake ingest", read), ("lykeion lake measure", measured))
    )
    return (
        f"# {gb:.0f} GB of log at once\n\nWritten by `python -m bench.large --gb {gb:.0f}`; see `bench/large.py`.\n\n"
        f"{head}\n\n{gb:.1f} GB of log, packed by gzip {packed / 1e9:.1f}; {files} files, "
        f"{days} days, {SETS * PLAN.learners} learners. What was read takes {stored[0] - stored[1]:.2f} GB, "
        f"settled days {stored[1]:.2f}. Resident is the most that all processes of the command held together.\n\n"
        "| command | s | core seconds | GB/s | GB per core second | MB resident |\n|---|---|---|---|---|---|\n"
        f"{rows}\n\n`lykeion lake measure` settles the days and makes every metric of all courses. "
        "`reach` has no rows here: it counts what parts of a course hold, which the site tells, and no `--outline`.\n\n"
        f"```text\n{said.strip()}\n```\n"
    )


def pack(size: float, folder: Path) -> tuple[int, int]:
    """Packed logs of about this size in all; how many bytes unpacked, and of how many days."""
    (folder / "logs").mkdir()
    jobs = _jobs(sorted((folder / "days").iterdir()), size)
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        made = sum(pool.map(partial(_write, folder / "logs"), jobs))
    return made, 1 + max(job.day for job in jobs)


@dataclass(frozen=True, slots=True)
class Job:
    """A day of log to be made from one that was generated: of another day, of other learners (``set``)."""

    made: Path
    day: int
    set: int


def _jobs(made: list[Path], size: float) -> list[Job]:
    jobs: list[Job] = []
    left, day = size, 0
    while left > 0:
        path = made[day % len(made)]
        for number in range(SETS):
            if left > 0:
                jobs.append(Job(path, day, number))
                left -= path.stat().st_size
        day += 1
    return jobs


def _write(folder: Path, job: Job) -> int:
    """Makes a log; its bytes unpacked."""
    there, here = (PLAN.start + timedelta(days=day) for day in (job.day % PLAN.days, job.day))
    data = job.made.read_bytes()
    for old, new in (
        (b'"time":"%s' % _word(there), b'"time":"%s' % _word(here)),
        (b'"user_id":', b'"user_id":%d0000' % (10 + job.set)),
        (b"v1:Gen+", b"v1:Gen%02d+" % job.set),
    ):
        data = data.replace(old, new)
    packer = zlib.compressobj(1, wbits=31)  # as gzip writes it
    with (folder / f"tracking-{here}-{job.set:02}.log.gz").open("wb") as out:
        out.write(packer.compress(data) + packer.flush())
    return len(data)


def _word(day: date) -> bytes:
    return day.isoformat().encode()


def outline(lake: Lake, path: Path) -> None:
    """Blocks that somebody completed, in parts by the last digit of their names; file by file, for this process is none
    of those measured, but has the same machine."""
    pairs: set[tuple[str, str]] = set()
    for one in lake.files("completion"):
        table = pq.read_table(one.path, columns=["course_id", "block_id"], partitioning=None)
        for row in table.group_by(["course_id", "block_id"]).aggregate([]).to_pylist():
            if row["course_id"]:
                pairs.add((row["course_id"], row["block_id"]))
    rows = [{"course_id": course, "block_id": block, "part_id": f"part{block[-1]}"} for course, block in sorted(pairs)]
    pq.write_table(pa.Table.from_pylist(rows, OUTLINE), path)


def measuring(lake: Lake, days: int, file: Path) -> list[str]:
    """The command that settles the days of a lake and makes every metric; ``file`` is what :func:`outline` wrote."""
    end = str(PLAN.start + timedelta(days=days))
    return ["measure", "--lake", lake.url, "--end", end, "--outline", str(file)]


def run(words: list[str], folder: Path) -> Run:
    """Runs ``lykeion lake``; what it says goes to ``said.log``."""
    environ = {**os.environ, "LYKEION_HOME": str(folder / "home")}
    (folder / "home").mkdir(exist_ok=True)
    command = [sys.executable, "-m", "lykeion", "lake", *words]
    seen, started = Run(), time.perf_counter()
    with (folder / "said.log").open("w") as said, (folder / "shown.log").open("w") as shown:
        running = subprocess.Popen(command, stdout=said, stderr=shown, env=environ)
        while running.poll() is None:
            seen.look(running.pid)
            with suppress(subprocess.TimeoutExpired):
                running.wait(0.1)
    seen.seconds = time.perf_counter() - started
    assert running.returncode == 0, (folder / "shown.log").read_text()[-2000:]
    _say(f"{words[0]}: {seen.seconds:.0f} s, {seen.processor:.0f} core seconds, {seen.peak / 1e6:.0f} MB")
    return seen


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.iterdir())


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def commit() -> str:
    found = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    return found.stdout.strip()


if __name__ == "__main__":
    main()
