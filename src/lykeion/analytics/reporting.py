"""Reports of what each learner of a course did, by day, by week and in all, and of what each answered, as files. Loads
the engine: only jobs import this."""

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
from lykeion.content.types import Outline
from lykeion.core.clock import now
from lykeion.core.keys import parse_run, ref_meant
from lykeion.core.spreadsheets import safe

if TYPE_CHECKING:
    import ibis.expr.types as ir

CSV: Final = "result.csv"
PARQUET: Final = "result.parquet"
_CHUNK: Final = 5_000  # rows whose learners are looked up at once
_WHO: Final = pa.schema([("user_id", pa.int64()), ("username", pa.string()), ("email", pa.string())])
_WAY: Final = " / "
_SPANS: Final = ("day", "week")
_ORDER: Final = (*_SPANS, "user_id", "problem_id", "part_id")


def report(course: str, span: str, file: BinaryIO, look: Callable[[int], None]) -> int:
    """Writes what the learners of ``course`` did in each ``span`` (``day``, ``week``, ``ever``), or answered at last
    (``problem``), as CSV and Parquet into a ZIP; how many rows. ``look`` hears how many there are so far, and may
    raise, to end it."""
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
    outline = content.outline(parse_run(course))
    yield _named(schema.empty_table(), outline)
    for batch in engine.batches(what, ask):
        for start in range(0, batch.num_rows, _CHUNK):
            yield _named(pa.table(batch.slice(start, _CHUNK)), outline)


def _ordered(told: Tables, span: str, params: Params) -> ir.Table:
    found = REPORTS[span](told, params)
    return found.order_by(*(name for name in _ORDER if name in found.columns))


def _named(table: pa.Table, outline: Outline) -> pa.Table:
    """With the names of learners in place of the course's, and with titles of what the course has."""
    users = table["user_id"].to_pylist()
    people = accounts.people(set(users))
    who = {
        "user_id": users,
        "username": [people[user].username if user in people else "" for user in users],
        "email": [people[user].email if user in people else "" for user in users],
    }
    kept = table.drop_columns(["course_id", "user_id"])
    kept = _problems(kept, outline) if "problem_id" in kept.column_names else _opened(kept, outline)
    spans = [name for name in _SPANS if name in kept.column_names]
    columns = {**{name: kept[name] for name in spans}, **{one.name: pa.array(who[one.name], one.type) for one in _WHO}}
    return pa.table(columns | {name: kept[name] for name in kept.column_names})


def _opened(table: pa.Table, outline: Outline) -> pa.Table:
    """With titles in place of the ids of the section and the subsection that were opened last."""
    places = table["last_subsection_viewed"].to_pylist()
    titles = {one: _title(outline, one) for place in set(places) if place for one in place.split("/")}
    told = [place and _WAY.join(titles[one] for one in place.split("/")) for place in places]
    return table.set_column(
        table.column_names.index("last_subsection_viewed"), "last_subsection_viewed", pa.array(told, pa.string())
    )


def _title(outline: Outline, name: str) -> str:
    place = outline.by_id.get(name)
    return name if place is None else outline.blocks[place].title


def _problems(table: pa.Table, outline: Outline) -> pa.Table:
    """With the title of each problem, its ``place`` (titles from the section to the unit) and its ``position`` in the
    course; of what is gone the title that events tell, and neither of both."""
    keys = table["problem_id"].to_pylist()
    blocks = {key: outline.get(ref_meant(key)) for key in set(keys)}
    found = [blocks[key] for key in keys]
    ways = {key: _WAY.join(one.title for one in outline.ancestors(block)[1:]) for key, block in blocks.items() if block}
    names = zip(found, table["display_name"].to_pylist(), strict=True)
    about = {
        "title": pa.array([block.title if block else name for block, name in names], pa.string()),
        "place": pa.array([ways.get(key) for key in keys], pa.string()),
        "position": pa.array([block and block.index for block in found], pa.int64()),
    }
    kept = table.drop_columns(["problem_id", "display_name"])
    return pa.table({"problem_id": table["problem_id"], **about, **{name: kept[name] for name in kept.column_names}})


def _cells(table: pa.Table) -> Iterator[list[Any]]:
    for row in zip(*(column.to_pylist() for column in table.columns), strict=True):
        yield ["" if cell is None else safe(cell) if isinstance(cell, str) else cell for cell in row]
