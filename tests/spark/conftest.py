"""Spark on this machine, begun once for all tests of a process."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from lykeion.analytics.lake import Lake
from lykeion.analytics.spark import SparkEngine, opened_spark
from lykeion.core import places

# One quick compiler: these tests are over before the thorough one pays.
os.environ.setdefault("PYSPARK_SUBMIT_ARGS", "--driver-java-options -XX:TieredStopAtLevel=1 pyspark-shell")


@pytest.fixture(scope="session")
def spark(tmp_path_factory: Any) -> Iterator[SparkEngine]:
    """An engine over a lake without anything in it."""
    pytest.importorskip("pyspark", reason="Spark is in an environment of its own: bin/setup --spark, .venv-spark")
    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        pytest.skip("Spark needs Java 17: on Debian apt install openjdk-17-jre-headless")
    with opened_spark(Lake(str(tmp_path_factory.mktemp("spark") / "lake")), "local[2]") as engine:
        session = engine.session
        session.conf.set("spark.sql.shuffle.partitions", "2")
        session.conf.set("spark.sql.codegen.wholeStage", "false")  # compiling takes longer than these data
        session.conf.set("spark.sql.adaptive.enabled", "false")  # a job for each stage, to learn how few rows there are
        yield engine


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The URL of an empty bucket, with the place of something in it as ``{}``."""
    moto = pytest.importorskip("moto.server", reason="moto is in an environment of its own: bin/setup --spark")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "somebody")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "something")
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    options = f"scheme=http&endpoint_override={host}%3A{port}&region=us-east-1"
    place, root = places.opened(f"s3://lykeion?{options}&allow_bucket_creation=true")
    place.create_dir(root)
    yield f"s3://lykeion/{{}}?{options}"
    server.stop()
