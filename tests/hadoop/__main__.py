"""``make test-hadoop``: logs into a lake on HDFS and every metric of them on YARN, while things break; then the same by
DuckDB from a folder, and both must be the same to the last digit. Writes ``bench/HADOOP.md``.

    make test-hadoop                                    a small log, about five minutes
    make test-hadoop ARGS="--learners 30000 --days 14"  some GB
    make test-hadoop ARGS=--jobs                        what services do: see jobs.py

An executor is killed while the logs are read, and a node manager with all that runs on it while metrics are made.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from lykeion.analytics.generate import Plan, generate
from lykeion.analytics.kinds import KINDS
from lykeion.analytics.lake import Lake
from lykeion.analytics.metrics.every import ALL
from lykeion.analytics.metrics.tables import OUTLINE
from lykeion.core import places
from tests.hadoop import jobs
from tests.hadoop.cluster import NODE_MB, NODES, Cluster, running, until

ROOT = Path(__file__).resolve().parents[2]
_STEP = 3600  # seconds that one command may take


@dataclass(slots=True)
class Told:
    """What is reported."""

    steps: list[tuple[str, float]] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    metrics: dict[str, dict[str, float]] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Takes the time of a step."""
        print(f"test-hadoop: {name}", file=sys.stderr, flush=True)
        started = time.monotonic()
        yield
        self.steps.append((name, time.monotonic() - started))


def main() -> None:
    """Runs it all; an error or a difference is an exit code of 1."""
    parser = argparse.ArgumentParser(description="Ingest and measure on a real Hadoop while parts of it break.")
    parser.add_argument("--learners", type=int, default=4000)
    parser.add_argument("--days", type=int, default=4)
    parser.add_argument("--print", action="store_true", help="only print, do not write bench/HADOOP.md")
    parser.add_argument("--jobs", action="store_true", help="send a small log's jobs to YARN as services run them")
    options = parser.parse_args()
    if options.jobs:
        with tempfile.TemporaryDirectory(prefix="lykeion-jobs-") as folder:
            print(prove_jobs(Path(folder)))
        return
    with tempfile.TemporaryDirectory(prefix="lykeion-hadoop-") as folder:
        text = prove(Plan(options.learners, options.days, 1), Path(folder))
    print(text)
    if not options.print:
        (ROOT / "bench" / "HADOOP.md").write_text(text)


def prove(plan: Plan, folder: Path) -> str:
    """What was done and what it took, as Markdown. Raises ``RuntimeError`` when anything is not as it should be."""
    told, logs, here = Told(), folder / "logs", Lake(str(folder / "lake"))
    end = plan.start + timedelta(days=plan.days)
    lines = generate(plan, logs)
    size = sum(one.stat().st_size for one in logs.iterdir())
    with told.step("DuckDB: ingest"):
        lykeion(["ingest", str(logs), "--lake", here.url], folder, {})
    outline = outline_of(here, folder)
    with told.step("DuckDB: settle, and all metrics"):
        told.metrics["DuckDB"] = measured(start(["measure", *measure(here.url, end, outline)], folder, {}))
    (folder / "hadoop").mkdir()
    with running(folder / "hadoop") as cluster:
        with told.step("put the logs into HDFS"):
            upload(logs, f"{cluster.url}/logs")
        there = Lake(f"{cluster.url}/lake")
        environ = {**cluster.environ, "SPARK_CONF_DIR": str(spark_conf(folder))}
        with told.step("YARN: ingest, an executor killed"):
            command = start(["ingest", f"{cluster.url}/logs", "--lake", there.url, "--engine", "yarn"], folder, environ)
            told.broken.append(kill_executor(cluster, command, lambda: len(there.files("problem")) >= 2))
            finished(command)
        with told.step("YARN: settle, and all metrics, a node manager killed"):
            command = start(["measure", *measure(there.url, end, outline), "--engine", "yarn"], folder, environ)
            told.broken.append(kill_node(cluster, command, lambda: len(there.files("results")) >= 3))
            told.metrics["YARN"] = measured(command)
        rows = compare(here, there)
    return report(plan, lines, size, told, rows)


def prove_jobs(folder: Path) -> str:
    """The same with a small log in jobs of which nothing runs here: driver and executors have the pack and no more, and
    Spark is the one that services have."""
    plan, here = Plan(60, 1, 1), Lake(str(folder / "lake"))
    generate(plan, folder / "logs")
    lykeion(["ingest", str(folder / "logs"), "--lake", here.url], folder, {})
    outline = outline_of(here, folder)
    words = measure(here.url, plan.start + timedelta(days=plan.days), outline)
    lykeion(["measure", *words], folder, {})
    lykeion(["pack", str(folder / "pack")], folder, {})
    (folder / "hadoop").mkdir()
    with running(folder / "hadoop") as cluster:
        upload(folder / "logs", f"{cluster.url}/logs")
        there = Lake(f"{cluster.url}/lake")
        jobs.send(cluster, folder / "pack", outline, ["ingest", f"{cluster.url}/logs", "--lake", there.url])
        jobs.send(
            cluster, folder / "pack", outline, ["measure", "--lake", there.url, *words[2:4], "--outline", outline.name]
        )
        rows = compare(here, there)
    return f"{len(rows)} tables, {sum(rows.values())} rows, the same as DuckDB's by {jobs.SPARK} in jobs on YARN"


def outline_of(lake: Lake, folder: Path) -> Path:
    """Which part of its course each block that somebody completed is in: here, by the last digit of its name."""
    found = {(row["course_id"], row["block_id"]) for row in rows_of(lake, "completion", ["course_id", "block_id"])}
    rows = [{"course_id": of, "block_id": block, "part_id": f"part{block[-1]}"} for of, block in sorted(found) if of]
    path = folder / "outline.parquet"
    pq.write_table(pa.Table.from_pylist(rows, OUTLINE), path)
    return path


def rows_of(lake: Lake, name: str, columns: list[str] | None = None) -> list[dict[str, object]]:
    """The rows of a table of the lake."""
    files = [one.path for one in lake.files(name)]
    return [row for file in files for row in read(lake, file, columns).to_pylist()]


def read(lake: Lake, path: str, columns: list[str] | None = None) -> pa.Table:
    """A file of the lake."""
    with lake.fs.open_input_file(path) as stream:
        return pq.ParquetFile(stream).read(columns)


def measure(lake: str, end: date, outline: Path) -> list[str]:
    """The words of a command that measures."""
    return ["--lake", lake, "--end", end.isoformat(), "--outline", str(outline)]


def upload(logs: Path, url: str) -> None:
    """Puts logs into HDFS."""
    place, root = places.opened(url)
    place.create_dir(root)
    for one in sorted(logs.iterdir()):
        with one.open("rb") as source, place.open_output_stream(f"{root}/{one.name}") as sink:
            while piece := source.read(8 << 20):
                sink.write(piece)


def spark_conf(folder: Path) -> Path:
    """The settings of Spark that an operator would write, in a folder."""
    import pyspark

    conf = folder / "spark"
    conf.mkdir()
    settings = {
        "spark.submit.deployMode": "client",
        "spark.yarn.jars": f"local:{Path(pyspark.__file__).parent}/jars/*",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.memory": "1g",
        "spark.executor.instances": str(NODES),
        "spark.executor.cores": "1",
        "spark.executor.memory": "1g",
        "spark.executor.memoryOverhead": "1g",
        "spark.yarn.am.memory": "512m",
        "spark.sql.shuffle.partitions": "8",
        "spark.ui.enabled": "false",
        "spark.network.timeout": "60s",
    }
    (conf / "spark-defaults.conf").write_text("".join(f"{name} {value}\n" for name, value in settings.items()))
    return conf


def lykeion(words: list[str], folder: Path, environ: Mapping[str, str]) -> None:
    """Runs a command of ours to its end."""
    finished(start(words, folder, environ))


def start(words: list[str], folder: Path, environ: Mapping[str, str]) -> subprocess.Popen[str]:
    """Starts ``lykeion lake ...``."""
    home = folder / "home"
    home.mkdir(exist_ok=True)
    return subprocess.Popen(
        [sys.executable, "-m", "lykeion", "lake", *words], text=True, stdout=subprocess.PIPE, cwd=ROOT,
        env={**os.environ, **environ, "LYKEION_HOME": str(home)},
    )  # fmt: skip


def finished(command: subprocess.Popen[str]) -> str:
    """What a command printed. Raises ``RuntimeError`` when it failed."""
    said, _none = command.communicate(timeout=_STEP)
    if command.returncode != 0:
        raise RuntimeError(f"{command.args} failed with {command.returncode}: {said}")
    return said


def measured(command: subprocess.Popen[str]) -> dict[str, float]:
    """Seconds of each metric, as ``lake measure`` prints them."""
    lines = [line.rpartition(" in ") for line in finished(command).splitlines()]
    return {before.partition(":")[0]: float(after.removesuffix(" s")) for before, _in, after in lines}


def kill_executor(cluster: Cluster, command: subprocess.Popen[str], when: Callable[[], bool]) -> str:
    """Kills one of Spark's executors, once something holds."""
    until(when, _STEP, "the lake fills", going=lambda: command.poll() is None)
    node = next(name for name in nodes() if cluster.executors(name))
    cluster.executors(node)[0].kill()
    return f"an executor on {node} was killed while the logs were read"


def kill_node(cluster: Cluster, command: subprocess.Popen[str], when: Callable[[], bool]) -> str:
    """Kills a node manager and all that it runs, once something holds; one where work is done, if there is one without
    the master of the application."""
    until(when, _STEP, "metrics are made", going=lambda: command.poll() is None)
    busy = sorted((name for name in nodes() if cluster.executors(name)), key=cluster.has_master)
    executors, master = len(cluster.executors(busy[0])), cluster.has_master(busy[0])
    cluster.kill_node(busy[0])
    return f"{busy[0]} was killed with {executors} executors{' and the master of the application' if master else ''}"


def compare(here: Lake, there: Lake) -> dict[str, int]:
    """Rows of each table. Raises ``RuntimeError`` unless both lakes hold the same, to the last digit."""
    rows = {}
    for kind in (*KINDS, "activity"):
        rows[f"settled/{kind}"] = _compare_days(here, there, kind)
    for name in (f"results/{name}" for name in ALL):
        one, other = (sorted(map(repr, rows_of(lake, name))) for lake in (here, there))
        if one != other:
            differ = next((pair for pair in zip(one, other, strict=False) if pair[0] != pair[1]), None)
            raise RuntimeError(f"{name}: {len(one)} and {len(other)} rows; the first that differ: {differ}")
        rows[name] = len(one)
    return rows


def _compare_days(here: Lake, there: Lake, kind: str) -> int:
    keys = ("day", "course_id", "user_id") if kind == "activity" else ("event_id",)
    tables = []
    for lake in (here, there):
        parts = [read(lake, one.path) for one in lake.files("settled", kind)]
        tables.append(pa.concat_tables(parts).sort_by([(key, "ascending") for key in keys]))
    if not tables[0].equals(tables[1].cast(tables[0].schema)):
        raise RuntimeError(f"settled/{kind}: {len(tables[0])} and {len(tables[1])} rows, which are not the same")
    return len(tables[0])


def report(plan: Plan, lines: int, size: int, told: Told, rows: dict[str, int]) -> str:
    """The results as Markdown."""
    head = f"{datetime.now(UTC):%Y-%m-%d}, {platform.system()} on {platform.machine()}, {os.cpu_count()} cores; "
    head += f"{lines} lines, {size / 1e9:.2f} GB of raw log of {plan.learners} learners, {plan.days} days. "
    head += f"One name node, one data node, one resource manager, {NODES} node managers of {NODE_MB} MB; two executors "
    head += f"of one core and 1 GB. Load of the machine at the end: {os.getloadavg()[0]:.0f}."
    steps = "\n".join(f"| {name} | {seconds:.0f} | {size / 1e9 / seconds:.3f} |" for name, seconds in told.steps)
    names = told.metrics["DuckDB"]
    metrics = "\n".join(
        f"| {name} | {rows.get(f'results/{name}', '')} | {names[name]:.1f} | {told.metrics['YARN'][name]:.1f} |"
        for name in names
    )
    return (
        "# The lake on Hadoop\n\nWritten by `make test-hadoop`: HDFS and YARN as processes of this machine, our "
        "command as their client (`--engine yarn`: `spark-submit --master yarn`), and the same log by DuckDB from a "
        "folder. All share the cores of one machine, so the figures show that it works, not how fast a "
        f"cluster is.\n\n{head}\n\n"
        + "".join(f"- {one}.\n" for one in told.broken)
        + f"- All {len(rows)} tables ({sum(rows.values())} rows) are the same as DuckDB's, to the last digit.\n\n"
        f"| step | s | GB/s |\n|---|---|---|\n{steps}\n\n"
        "`reach` has no rows here: it counts what parts of a course hold, which the site tells, and no `--outline`.\n\n"
        f"| metric | rows | DuckDB, s | YARN, s |\n|---|---|---|---|\n{metrics}\n"
    )


def nodes() -> list[str]:
    """The names of the node managers."""
    return [f"node{number}" for number in range(1, NODES + 1)]


if __name__ == "__main__":
    main()
