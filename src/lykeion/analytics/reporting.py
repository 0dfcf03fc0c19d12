"""Reports of what each learner of a course did, by day, by week and in all, as files. Loads the engine: only jobs
import this."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, BinaryIO, Final

import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings

from lykeion.accounts import api as accounts
from lykeion.analytics import settling
from lykeion.analytics.engine import Engine, opened
from lykeion.analytics.lake import Lake
from lykeion.analytics.metrics.every import REPORTS
from lykeion.analytics.metrics.tables import Params, Tables
from lykeion.content import api as content
from lykeion.core.clock import now
from lykeion.core.keys import parse_run
from lykeion.core.spreadsheets import safe

if TYPE_CHECKING:
    import ibis.expr.types as ir

CSV: Final = "result.csv"
PARQUET: Final = "result.parquet"
_CHUNK: Final = 5_000  # rows whose learners are looked up at once
_WHO: Final = pa.schema([("user_id", pa.int64()), ("username", pa.string()), ("email", pa.string())])
Titles = dict[str, str]
"""The id of a section or a subsection -> its title."""


def report(course: str, span: str, file: BinaryIO, look: Callable[[int], None]) -> int:
    """Writes what the learners of ``course`` did in each ``span`` (``day``, ``week``, ``ever``) as CSV and Parquet into
    a ZIP; how many rows. ``look`` hears how many there are so far, and may raise, to end it."""
    count = 0
    with (
        content.work_folder("report") as folder,
        opened(Lake(settings.LYKEION_LAKE_URL)) as engine,
    ):
        tables = _tables(engine, course, span)
        first = next(tables)
        with (folder / CSV).open("w", newline="", encoding="utf-8-sig") as text, pq.ParquetWriter(
            folder / PARQUET, first.schema, compression="zstd"
        ) as parquet:  # fmt: skip
            sheet = csv.writer(text)
            sheet.writerow(first.schema.names)
            for table in (first, *tables):
                parquet.write_table(table)
                sheet.writerows(_cells(table))
                count += table.num_rows
                look(count)
        with zipfile.ZipFile(file, "w") as packed:
            for part in (CSV, PARQUET):
                packed.write(folder / part, part)
    return count


def _tables(engine: Engine, course: str, span: str) -> Iterator[pa.Table]:
    """The rows, a part at a time; at first a table without any, which says what the columns are."""
    params = Params(now().date() + timedelta(days=1))
    told = settling.tables(engine, courses=[course])
    what, ask = ("report", span, params.end), partial(_ordered, told, span, params)
    _sql, schema = engine.compiled(what, ask)
    titles = _titles(course)
    yield _named(schema.empty_table(), titles)
    for batch in engine.batches(what, ask):
        for start in range(0, batch.num_rows, _CHUNK):
            yield _named(pa.table(batch.slice(start, _CHUNK)), titles)


def _ordered(told: Tables, span: str, params: Params) -> ir.Table:
    found = REPORTS[span](told, params)
    return found.order_by(*(name for name in ("day", "week", "user_id") if name in found.columns))


def _titles(course: str) -> Titles:
    outline = content.outline(parse_run(course))
    return {block.id: block.title for block in outline.blocks}


def _named(table: pa.Table, titles: Titles) -> pa.Table:
    """With the names of learners in place of the course's, and titles in place of ids."""
    users = table["user_id"].to_pylist()
    people = accounts.people(set(users))
    who = {
        "user_id": users,
        "username": [people[user].username if user in people else "" for user in users],
        "email": [people[user].email if user in people else "" for user in users],
    }
    places = [place and _place(place, titles) for place in table["last_subsection_viewed"].to_pylist()]
    kept = table.drop_columns(["course_id", "user_id", "last_subsection_viewed"])
    spans = [name for name in ("day", "week") if name in kept.column_names]
    columns = {**{name: kept[name] for name in spans}, **{one.name: pa.array(who[one.name], one.type) for one in _WHO}}
    columns |= {name: kept[name] for name in kept.column_names}
    return pa.table({**columns, "last_subsection_viewed": pa.array(places, pa.string())})


def _place(place: str, titles: Titles) -> str:
    return " / ".join(titles.get(one, one) for one in place.split("/"))


def _cells(table: pa.Table) -> Iterator[list[Any]]:
    for row in zip(*(column.to_pylist() for column in table.columns), strict=True):
        yield ["" if cell is None else safe(cell) if isinstance(cell, str) else cell for cell in row]
