"""Jobs as EMR Serverless and Dataproc Serverless run them: their Spark, our pack, `spark-submit` in cluster mode."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.hadoop.cluster import HERE, Cluster, java_home

SPARK = "Spark 3.5.5"
"""Of EMR 7.10; Dataproc 2.3 has 3.5 too."""
_HOME = Path(sys.prefix) / "spark-of-services"
_STEP = 3600


def send(cluster: Cluster, pack: Path, outline: Path, words: list[str]) -> None:
    """Sends ``lykeion lake`` with these words as a job, and waits until it is done. Raises ``RuntimeError``."""
    home = fetch()
    settings = {
        "spark.yarn.jars": f"local:{home}/jars/*",
        "spark.pyspark.python": "./environment/bin/python",
        "spark.driver.memory": "1g",
        "spark.driver.memoryOverhead": "1g",
        "spark.executor.instances": "1",
        "spark.executor.memory": "1g",
        "spark.executor.memoryOverhead": "1g",
        "spark.sql.shuffle.partitions": "8",
        "spark.sql.codegen.wholeStage": "false",
        "spark.ui.enabled": "false",
    }
    done = subprocess.run(
        [
            home / "bin" / "spark-submit", "--master", "yarn", "--deploy-mode", "cluster",
            "--archives", f"{pack}/environment.tar.gz#environment", "--files", outline,
            *(word for name, value in settings.items() for word in ("--conf", f"{name}={value}")),
            pack / "job.py", *words, "--engine", "spark",
        ],
        env={"PATH": os.environ["PATH"], "JAVA_HOME": java_home(), "SPARK_HOME": str(home), **cluster.environ},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=_STEP, cwd=cluster.folder,
    )  # fmt: skip
    if done.returncode != 0:
        raise RuntimeError(
            f"{words}: {done.stdout[-3000:]}\n{cluster.words_of_containers()}\n{cluster.words_of('node1')}"
        )


def fetch() -> Path:
    """Where Spark of that version is; installed unless it is there."""
    home = _HOME / "pyspark"
    if not (home / "bin" / "spark-submit").exists():
        uv = [str(Path(sys.prefix, "bin", "uv")), "pip", "install", "--quiet", "--python", sys.executable]
        how = ["--no-deps", "--no-build-isolation", "--require-hashes", "--target", str(_HOME)]
        subprocess.run([*uv, *how, "-r", str(HERE / "requirements.lock")], check=True)
    return home
