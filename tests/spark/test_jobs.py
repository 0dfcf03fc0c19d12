"""What a managed Spark runs: a job that others start, in the environment that ``lykeion lake pack`` packs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from lykeion.analytics.generate import Plan, generate
from lykeion.analytics.ingest import ingest
from lykeion.analytics.lake import Lake
from lykeion.analytics.spark import SparkEngine
from lykeion.commands.pack import JOB, needed


def test_a_job_that_spark_submit_starts_reads_what_this_machine_does(spark: SparkEngine, tmp_path: Path) -> None:
    """``spark`` is asked for because it skips where Spark is not."""
    generate(Plan(learners=5, days=1), tmp_path / "logs")
    here, there = Lake(str(tmp_path / "here")), Lake(str(tmp_path / "there"))
    ingest([tmp_path / "logs"], here)
    (tmp_path / "job.py").write_text(JOB)

    done = _submit(tmp_path, "ingest", str(tmp_path / "logs"), "--lake", there.url, "--engine", "spark")

    assert done.returncode == 0, done.stderr
    assert "rows: " in done.stdout
    assert [one.base_name for one in there.files("enrol")] == [one.base_name for one in here.files("enrol")]


def test_a_job_that_cannot_be_done_fails(spark: SparkEngine, tmp_path: Path) -> None:
    (tmp_path / "job.py").write_text(JOB)

    done = _submit(tmp_path, "measure", "--lake", str(tmp_path / "nowhere"), "--engine", "spark")

    assert done.returncode == 1
    assert "There is no lake" in done.stdout


def test_the_pack_has_what_lykeion_needs_and_not_the_spark_of_services() -> None:
    pytest.importorskip("pandas", reason="what Spark needs is in an environment of its own: bin/setup --spark")

    names = {one.name.lower() for one in needed()}

    assert {"lykeion", "django", "pandas", "hdfs-native", "pyarrow"} <= names
    assert not {"pyspark", "py4j", "pytest"} & names


def _submit(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    import pyspark

    home = Path(pyspark.__file__).parent
    settings = ["--master", "local[1]", "--conf", f"spark.pyspark.python={sys.executable}"]
    environ = {name: os.environ[name] for name in ("PATH", "JAVA_HOME") if name in os.environ}
    return subprocess.run(
        [home / "bin" / "spark-submit", *settings, folder / "job.py", *words],
        capture_output=True, text=True, cwd=folder, env={**environ, "SPARK_HOME": str(home), "HOME": str(folder)},
    )  # fmt: skip
