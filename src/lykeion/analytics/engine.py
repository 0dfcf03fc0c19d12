"""What runs metrics: DuckDB through ibis, in this process, within a limit of memory (beyond it, it uses the disk).

ibis and DuckDB are loaded when an engine is opened, not with this module: they cost 80 MB and a second.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from lykeion.analytics.lake import Lake

if TYPE_CHECKING:
    import ibis.expr.types as ir

MEMORY_MB = 1_024


_compiled: dict[Hashable, tuple[str, pa.Schema]] = {}
"""What was asked -> the engine's words for it and the types that come back. To compile takes longer than to run."""
_MOST_COMPILED = 256


class Engine:
    """DuckDB over a lake. Not for several threads at once."""

    def __init__(self, lake: Lake, connection: Any) -> None:
        self.lake = lake
        self._connection = connection

    def read(
        self, name: str, files: Sequence[str], schema: pa.Schema, *, courses: Collection[str] | None = None
    ) -> ir.Table:
        """These files (full paths) as table ``name``, of all courses or of some; it is what was last read as such."""
        held = f"{name}_files"
        if not files or not self.lake.is_local:
            self._connection.con.register(held, self.lake.table(files, schema) if files else schema.empty_table())
            source = held
        else:
            source = f"read_parquet([{_listed(files)}], hive_partitioning = false)"
        columns = ", ".join(f'"{column}"' for column in schema.names)
        chosen = "" if courses is None else f" WHERE course_id IN ({_listed(courses) or 'NULL'})"
        view = f"SELECT {columns} FROM {source}{chosen}"  # noqa: S608  # names of ours, texts quoted
        self._connection.con.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {view}")
        return _table(name, schema)

    def given(self, name: str, table: pa.Table) -> ir.Table:
        """A table that is in memory already, as table ``name``."""
        self._connection.con.register(name, table)
        return _table(name, table.schema)

    def batches(self, what: Hashable, ask: Callable[[], ir.Table]) -> Iterator[pa.RecordBatch]:
        """The rows that an expression asks for, a batch at a time. See :meth:`rows`."""
        sql, schema = self.compiled(what, ask)
        for batch in self._connection.con.execute(sql).to_arrow_reader(50_000):
            yield batch.cast(schema)

    def rows(self, what: Hashable, ask: Callable[[], ir.Table]) -> list[dict[str, Any]]:
        """The rows that an expression asks for, in the types that it says (sums of whole numbers are whole).

        ``what`` names the question: the same one is compiled once for all engines of the process, so its expression may
        differ in nothing but what its tables hold.
        """
        sql, schema = self.compiled(what, ask)
        return list(self._connection.con.execute(sql).to_arrow_table().cast(schema).to_pylist())

    def compiled(self, what: Hashable, ask: Callable[[], ir.Table]) -> tuple[str, pa.Schema]:
        """What is asked in the engine's own words, and the types that come back."""
        found = _compiled.get(what)
        if found is None:
            table = ask()
            found = str(self._connection.compile(table)), table.schema().to_pyarrow()
            if len(_compiled) >= _MOST_COMPILED:
                _compiled.clear()
            _compiled[what] = found
        return found


def _table(name: str, schema: pa.Schema) -> ir.Table:
    """What an expression calls a table: its columns are known here, so the engine is not asked for them."""
    import ibis  # see above

    return ibis.table(ibis.Schema.from_pyarrow(schema), name=name)


def _listed(texts: Iterable[str]) -> str:
    return ", ".join("'" + text.replace("'", "''") + "'" for text in texts)


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
