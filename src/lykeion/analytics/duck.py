"""DuckDB: the engine that every site has, in the process that asks, within a limit of memory (beyond it, it uses the
disk)."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import ibis
import pyarrow as pa

from lykeion.analytics.engine import Engine, table_of
from lykeion.analytics.lake import Lake

if TYPE_CHECKING:
    import ibis.expr.types as ir


class DuckEngine(Engine):
    """DuckDB over a lake."""

    compiled_before = {}

    def __init__(self, lake: Lake, connection: Any) -> None:
        super().__init__(lake)
        self._connection = connection

    def read(
        self,
        name: str,
        files: Sequence[str],
        schema: pa.Schema,
        *,
        courses: Collection[str] | None = None,
        older: bool = False,
    ) -> ir.Table:
        held = f"{name}_files"
        if not files or not self.lake.is_local:
            self._connection.con.register(held, self.lake.table(files, schema) if files else schema.empty_table())
            source = held
        elif older:
            self._connection.con.register(held, schema.empty_table())
            found = f"read_parquet([{_listed(files)}], hive_partitioning = false, union_by_name = true)"
            source = f"(FROM {held} UNION ALL BY NAME FROM {found})"
        else:
            source = f"read_parquet([{_listed(files)}], hive_partitioning = false)"
        columns = ", ".join(f'"{column}"' for column in schema.names)
        chosen = "" if courses is None else f" WHERE course_id IN ({_listed(courses) or 'NULL'})"
        view = f"SELECT {columns} FROM {source}{chosen}"  # noqa: S608  # names of ours, texts quoted
        self._connection.con.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {view}")
        return table_of(name, schema)

    def given(self, name: str, table: pa.Table) -> ir.Table:
        self._connection.con.register(name, table)
        return table_of(name, table.schema)

    def batches(self, what: Hashable, ask: Callable[[], ir.Table]) -> Iterator[pa.RecordBatch]:
        sql, schema = self.compiled(what, ask)
        for batch in self._connection.con.execute(sql).to_arrow_reader(50_000):
            yield batch.cast(schema)

    def save(self, what: Hashable, ask: Callable[[], ir.Table], schema: pa.Schema, *folder: str) -> None:
        same = (batch.select(schema.names).cast(schema) for batch in self.batches(what, ask))
        self.lake.write_batches(schema, same, *folder, "data.parquet")
        self.lake.keep_only(["data.parquet"], *folder)

    def words(self, table: ir.Table) -> str:
        return str(self._connection.compile(table))


def _listed(texts: Iterable[str]) -> str:
    return ", ".join("'" + text.replace("'", "''") + "'" for text in texts)


@contextmanager
def opened_duck(lake: Lake, *, memory_mb: int, threads: int | None) -> Iterator[DuckEngine]:
    """DuckDB over ``lake``; see :func:`lykeion.analytics.engine.opened`."""
    with tempfile.TemporaryDirectory(prefix="lykeion-engine-") as folder:
        options: dict[str, Any] = {"memory_limit": f"{memory_mb}MB", "temp_directory": folder}
        if threads:
            options["threads"] = threads
        connection = ibis.duckdb.connect(**options)
        try:
            connection.raw_sql("SET preserve_insertion_order = false; SET enable_progress_bar = false")
            # The system keeps files in memory that it can take back; kept here, they would fill the limit.
            connection.raw_sql("SET enable_external_file_cache = false")
            yield DuckEngine(lake, connection)
        finally:
            connection.disconnect()
