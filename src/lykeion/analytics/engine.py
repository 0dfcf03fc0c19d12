"""What runs metrics: DuckDB in this process, or Spark on one machine or many. A URL says which.

Engines are loaded when one is opened, not with this module: ibis and DuckDB cost 80 MB and a second, Spark a Java.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Hashable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, TypeVar

import pyarrow as pa

from lykeion.analytics.lake import Lake
from lykeion.core.errors import LykeionError

if TYPE_CHECKING:
    import ibis.expr.types as ir

MEMORY_MB = 1_024
DUCKDB: Final = "duckdb"
_MOST_COMPILED: Final = 256
Thing = TypeVar("Thing")
Came = TypeVar("Came")


class EngineError(LykeionError):
    """There is no such engine, or it is not installed."""


class Engine(ABC):
    """Runs expressions of ibis over a lake. Not for several threads at once."""

    compiled_before: dict[Hashable, tuple[str, pa.Schema]]
    """What was asked -> the engine's words for it and the types that come back. To compile takes longer than to run."""

    def __init__(self, lake: Lake) -> None:
        self.lake = lake

    @abstractmethod
    def read(
        self,
        name: str,
        files: Sequence[str],
        schema: pa.Schema,
        *,
        courses: Collection[str] | None = None,
        older: bool = False,
    ) -> ir.Table:
        """These files (full paths) as table ``name``, of all courses or of some; it is what was last read as such.
        ``older``: some may have been written before a column was there, which is empty then."""

    @abstractmethod
    def given(self, name: str, table: pa.Table) -> ir.Table:
        """A table that is in memory already, as table ``name``."""

    @abstractmethod
    def batches(self, what: Hashable, ask: Callable[[], ir.Table]) -> Iterator[pa.RecordBatch]:
        """The rows that an expression asks for, a batch at a time. See :meth:`rows`."""

    @abstractmethod
    def save(self, what: Hashable, ask: Callable[[], ir.Table], schema: pa.Schema, *folder: str) -> None:
        """Puts the rows that an expression asks for into a folder of the lake, in these columns, in place of what is
        there. ``what`` as in :meth:`rows`."""

    @abstractmethod
    def words(self, table: ir.Table) -> str:
        """An expression in the engine's own words."""

    def each(self, do: Callable[[Engine, Thing], Came], things: Sequence[Thing]) -> Iterator[tuple[Thing, Came]]:
        """Does the same for each of some things; each with what came of it, as they are done. What is read and given
        meanwhile is gone afterwards. Engines that can do several at once pass ``do`` another one over the same lake."""
        for one in things:
            yield one, do(self, one)

    def rows(self, what: Hashable, ask: Callable[[], ir.Table]) -> list[dict[str, Any]]:
        """The rows that an expression asks for, in the types that it says (sums of whole numbers are whole).

        ``what`` names the question: the same one is compiled once for all engines of the process, so its expression may
        differ in nothing but what its tables hold.
        """
        return [row for batch in self.batches(what, ask) for row in batch.to_pylist()]

    def compiled(self, what: Hashable, ask: Callable[[], ir.Table]) -> tuple[str, pa.Schema]:
        """What is asked in the engine's own words, and the types that come back."""
        known = self.compiled_before
        found = known.get(what)
        if found is None:
            table = ask()
            found = self.words(table), table.schema().to_pyarrow()
            if len(known) >= _MOST_COMPILED:
                known.clear()
            known[what] = found
        return found


def table_of(name: str, schema: pa.Schema) -> ir.Table:
    """What an expression calls a table: its columns are known here, so the engine is not asked for them."""
    import ibis  # see above

    return ibis.table(ibis.Schema.from_pyarrow(schema), name=name)


@contextmanager
def opened(
    lake: Lake, url: str = DUCKDB, *, memory_mb: int = MEMORY_MB, threads: int | None = None
) -> Iterator[Engine]:
    """The engine at ``url`` over ``lake``: ``duckdb``, which takes ``memory_mb`` and ``threads`` (all cores without) at
    most; or ``spark`` (its master is what Spark's own settings say), or a master: ``local[4]``, ``spark://host:7077``,
    ``yarn``. Raises :class:`EngineError`."""
    if url in ("", DUCKDB):
        from lykeion.analytics.duck import opened_duck  # see above

        with opened_duck(lake, memory_mb=memory_mb, threads=threads) as engine:
            yield engine
    else:
        from lykeion.analytics.spark import opened_spark  # see above

        with opened_spark(lake, url) as engine:
            yield engine
