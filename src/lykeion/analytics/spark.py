"""Spark: the engine for lakes that outgrow one machine. On this one (``local[4]``), on a cluster of its own
(``spark://``), or on Hadoop's (``yarn``).

Settings of the cluster (memory, queues) are Spark's own: ``spark-defaults.conf`` in ``SPARK_CONF_DIR``, or
``PYSPARK_SUBMIT_ARGS``. ``PYSPARK_PYTHON`` is the Python of its machines, which must find Lykeion; ours if unset.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Collection, Hashable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Final

import ibis
import pyarrow as pa

from lykeion.analytics.engine import Came, Engine, EngineError, Thing, table_of
from lykeion.analytics.lake import Lake
from lykeion.core.env import engine as known_engine

if TYPE_CHECKING:
    import ibis.expr.types as ir

SPARK: Final = "spark"
_SETTINGS: Final = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.parquet.compression.codec": "zstd",
    "spark.sql.execution.arrow.maxRecordsPerBatch": "50000",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    "spark.ui.showConsoleProgress": "false",
}
_HERE: Final = {
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.sql.shuffle.partitions": "8",
    "spark.ui.enabled": "false",
}
"""On this machine alone: nothing listens outside, and small data are not cut into 200 pieces."""


class SparkEngine(Engine):
    """Spark over a lake."""

    compiled_before = {}

    def __init__(self, lake: Lake, session: Any) -> None:
        super().__init__(lake)
        self.session = session
        self._ibis = ibis.pyspark.connect(session)

    def read(
        self,
        name: str,
        files: Sequence[str],
        schema: pa.Schema,
        *,
        courses: Collection[str] | None = None,
        older: bool = False,  # read as of a schema, files may always lack a column
    ) -> ir.Table:
        from pyspark.sql.functions import col, lit
        from pyspark.sql.pandas.types import from_arrow_schema

        wanted = from_arrow_schema(schema, prefer_timestamp_ntz=True)
        if files:
            frame = self.session.read.schema(wanted).parquet(*map(self.lake.address, files))
        else:  # not of an empty list: that would be an RDD of Python, which executors may not have
            frame = self.session.range(0).select(*(lit(None).cast(one.dataType).alias(one.name) for one in wanted))
        if courses is not None:
            frame = frame.where(col("course_id").isin(list(courses)))
        frame.createOrReplaceTempView(name)
        return table_of(name, schema)

    def given(self, name: str, table: pa.Table) -> ir.Table:
        from pandas import ArrowDtype
        from pyspark.sql.pandas.types import from_arrow_schema

        wanted = from_arrow_schema(table.schema, prefer_timestamp_ntz=True)
        frame = table.to_pandas(types_mapper=ArrowDtype)  # Spark 3.5, which services have, takes no table of Arrow
        self.session.createDataFrame(frame, wanted).createOrReplaceTempView(name)
        return table_of(name, table.schema)

    def batches(self, what: Hashable, ask: Callable[[], ir.Table]) -> Iterator[pa.RecordBatch]:
        sql, schema = self.compiled(what, ask)
        yield from self.session.sql(sql).toArrow().cast(schema).to_batches(50_000)

    def save(self, what: Hashable, ask: Callable[[], ir.Table], schema: pa.Schema, *folder: str) -> None:
        from pyspark.sql.functions import col
        from pyspark.sql.pandas.types import from_arrow_schema

        sql, _types = self.compiled(what, ask)
        wanted = from_arrow_schema(schema, prefer_timestamp_ntz=True)
        frame = self.session.sql(sql).select(*(col(one.name).cast(one.dataType) for one in wanted))
        with self.lake.aside() as aside:
            frame.write.parquet(self.lake.address(aside))
            self.lake.adopt(aside, *folder)

    def words(self, table: ir.Table) -> str:
        return str(self._ibis.compile(table))

    def each(self, do: Callable[[Engine, Thing], Came], things: Sequence[Thing]) -> Iterator[tuple[Thing, Came]]:
        idle: SimpleQueue[SparkEngine] = SimpleQueue()
        for _ in range(_AT_ONCE):
            idle.put(self._beside())

        def work(one: Thing) -> Came:
            engine = idle.get()
            try:
                return do(engine, one)
            finally:
                idle.put(engine)

        with ThreadPoolExecutor(_AT_ONCE) as pool:
            running = {pool.submit(work, one): one for one in things}
            try:
                for future in as_completed(running):
                    yield running[future], future.result()
            finally:
                pool.shutdown(cancel_futures=True)

    def _beside(self) -> SparkEngine:
        """Another one, with tables of its own names, on the same cluster."""
        return SparkEngine(self.lake, self.session.newSession())

    def spread(self, do: Callable[[Any], Any], tasks: Sequence[Any]) -> Iterator[tuple[Any, Any]]:
        """Has executors do each of some tasks (``ingest.Work``), some at a time, so that what is done can be noted down
        before all is. A task is done again when its executor is lost."""
        context = self.session.sparkContext
        wave = max(1, _WAVE * context.defaultParallelism)
        for start in range(0, len(tasks), wave):
            some = tasks[start : start + wave]
            yield from context.parallelize(some, len(some)).map(lambda task: (task, do(task))).collect()


_WAVE: Final = 8  # tasks for each core
_AT_ONCE: Final = 4
"""Jobs of small days keep few cores busy, and each begins and ends with work of the driver alone."""


@contextmanager
def opened_spark(lake: Lake, url: str) -> Iterator[SparkEngine]:
    """Spark over ``lake``; see :func:`lykeion.analytics.engine.opened`. A session that is there already serves, and is
    left open."""
    master = _master(url)
    try:
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise EngineError(
            "For Spark install Java 17 and what it needs: .venv/bin/uv pip install -e '.[spark]' in Lykeion's folder."
        ) from error
    logging.getLogger("py4j").setLevel(logging.WARNING)  # it says when each connection closes
    before = SparkSession.getActiveSession()
    try:
        session = before or _begun(SparkSession.builder, master)
    except (Py4JError, PySparkException, OSError) as error:
        words = str(error).strip().partition("\n")[0]
        raise EngineError(f"Spark does not begin with {url} ({words}). Is Java 17 there, and the master?") from error
    try:
        yield SparkEngine(lake, session)
    finally:
        if before is None:
            session.stop()


def _master(url: str) -> str:
    try:
        return known_engine(url)
    except ValueError as error:
        raise EngineError(f"There is no engine {url}: {error}.") from error


def _begun(builder: Any, url: str) -> Any:
    settings = dict(_SETTINGS)
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # else executors take any python3 that they find
    if url.startswith("local"):
        settings |= _HERE
    if url != SPARK:
        builder = builder.master(url)
    for name, value in settings.items():
        builder = builder.config(name, value)
    return builder.appName("lykeion").getOrCreate()
