"""What runs metrics: DuckDB through ibis, in this process, within a limit of memory (beyond it, it uses the disk).

ibis and DuckDB are loaded when an engine is opened, not with this module: they cost 80 MB and a second.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from lykeion.analytics.lake import Lake

if TYPE_CHECKING:
    import ibis.expr.types as ir

MEMORY_MB = 1_024


class Engine:
    """DuckDB over a lake. Not for several threads at once."""

    def __init__(self, lake: Lake, connection: Any) -> None:
        self.lake = lake
        self._connection = connection
        self._count = 0

    def read(self, files: Sequence[str], schema: pa.Schema) -> ir.Table:
        """These files (full paths) as one table; an empty one when there are none."""
        if not files:
            return self.given(schema.empty_table())
        if not self.lake.is_local:
            return self._known(self.lake.table(files, schema), schema)
        name = self._name()
        listed = ", ".join(_quoted(file) for file in files)
        columns = ", ".join(f'"{column}"' for column in schema.names)
        read = f"SELECT {columns} FROM read_parquet([{listed}], hive_partitioning = false)"  # noqa: S608  # ours, quoted
        self._connection.con.execute(f"CREATE VIEW {name} AS {read}")
        return _table(name, schema)

    def given(self, table: pa.Table) -> ir.Table:
        """A table that is in memory already."""
        return self._known(table, table.schema)

    def batches(self, table: ir.Table) -> pa.RecordBatchReader:
        """The rows of an expression, a batch at a time."""
        return self._connection.con.execute(self.sql(table)).to_arrow_reader(50_000)

    def rows(self, table: ir.Table) -> list[dict[str, Any]]:
        """The rows of an expression, all at once, in the types that it says (sums of whole numbers are whole)."""
        found = self._connection.con.execute(self.sql(table)).to_arrow_table()
        return list(found.cast(table.schema().to_pyarrow()).to_pylist())

    def sql(self, table: ir.Table) -> str:
        """What the expression is in the engine's own words."""
        return str(self._connection.compile(table))

    def _known(self, source: Any, schema: pa.Schema) -> ir.Table:
        name = self._name()
        self._connection.con.register(name, source)
        return _table(name, schema)

    def _name(self) -> str:
        self._count += 1
        return f"lake_{self._count}"


def _table(name: str, schema: pa.Schema) -> ir.Table:
    """What an expression calls a table: its columns are known here, so the engine is not asked for them."""
    import ibis  # see above

    return ibis.table(ibis.Schema.from_pyarrow(schema), name=name)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


@contextmanager
def opened(lake: Lake, *, memory_mb: int = MEMORY_MB, threads: int | None = None) -> Iterator[Engine]:
    """An engine over ``lake`` that takes ``memory_mb`` and ``threads`` (all cores without) at most."""
    import ibis  # see above

    with tempfile.TemporaryDirectory(prefix="lykeion-engine-") as folder:
        options: dict[str, Any] = {"memory_limit": f"{memory_mb}MB", "temp_directory": folder}
        if threads:
            options["threads"] = threads
        connection = ibis.duckdb.connect(**options)
        try:
            connection.raw_sql("SET preserve_insertion_order = false; SET enable_progress_bar = false")
            yield Engine(lake, connection)
        finally:
            connection.disconnect()
