"""Small logs, and an engine that has each metric compiled once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import ibis
import pyarrow as pa
import pytest

from lykeion.analytics.columnar import sort_out, table_of
from lykeion.analytics.kinds import KINDS
from lykeion.analytics.lake import SCHEMAS
from lykeion.analytics.metrics.tables import OUTLINE, PEOPLE, PLACES, Params, Tables
from lykeion.analytics.settling import PARTIALS

_KNOWN = {"outline": OUTLINE, "places": PLACES, "people": PEOPLE}
END = date(2026, 3, 16)
"""Two weeks after the first day."""
Row = dict[str, Any]
Metric = Callable[[Tables, Params], Any]


class Measured:
    """Runs metrics on lines of a log."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._compiled: dict[Metric, tuple[str, pa.Schema]] = {}
        for kind, schema in SCHEMAS.items():
            connection.con.register(kind, schema.empty_table())
        read: dict[str, Any] = {kind: connection.table(kind) for kind in SCHEMAS}
        tables = Tables(**read, **dict.fromkeys(PARTIALS))  # type: ignore[arg-type]  # made from the others next
        self._tables = replace(tables, **{name: partial.make(tables) for name, partial in PARTIALS.items()})
        for name, schema in _KNOWN.items():
            connection.con.register(name, schema.empty_table())
        self._params = Params(END, **{name: connection.table(name) for name in _KNOWN})

    def __call__(
        self, metric: Metric, lines: Sequence[bytes], gone: Collection[int] = (), **known: Sequence[Row]
    ) -> list[Row]:
        """The rows of ``metric``, in no order. ``gone``: people whom the lake forgot; ``known``: rows of ``outline``,
        ``places``, ``people``."""
        if metric not in self._compiled:
            asked = metric(self._tables, self._params)
            self._compiled[metric] = (self._connection.compile(asked), asked.schema().to_pyarrow())
        held = {kind: _forgotten(table, gone) for kind, table in _by_kind(lines).items()}
        held |= {name: pa.Table.from_pylist(list(known.get(name, ())), schema) for name, schema in _KNOWN.items()}
        for name, table in held.items():
            self._connection.con.register(name, table)
        sql, schema = self._compiled[metric]
        found: list[Row] = self._connection.con.execute(sql).to_arrow_table().cast(schema).to_pylist()
        return found


def _by_kind(lines: Sequence[bytes]) -> dict[str, pa.Table]:
    rows, aside, _count = sort_out(lines)
    assert aside == []
    return {
        kind: table_of(kind, [row for (of, _day), found in rows.items() if of == kind for row in found])
        for kind in KINDS
    }


def _forgotten(table: pa.Table, gone: Collection[int]) -> pa.Table:
    users = [None if user in gone else user for user in table["user_id"].to_pylist()]
    return table.set_column(table.schema.get_field_index("user_id"), "user_id", pa.array(users, pa.int64()))


@pytest.fixture(scope="session")
def measured() -> Iterator[Measured]:
    connection = ibis.duckdb.connect(threads=1)
    yield Measured(connection)
    connection.disconnect()
