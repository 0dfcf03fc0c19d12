"""Every metric of all courses of a lake, as Parquet in the lake: for analysts, and for lakes of courses that no site
here offers. The pages of a site read what :mod:`~lykeion.analytics.publish` puts into its tables."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial

import pyarrow as pa
import pyarrow.parquet as pq

from lykeion.analytics import settling
from lykeion.analytics.engine import Engine
from lykeion.analytics.lake import RESULTS
from lykeion.analytics.metrics.every import ALL
from lykeion.analytics.metrics.tables import PEOPLE, Params, Tables

Progress = Callable[[int, int], None]
"""Steps done, steps in all."""
People = Callable[[Engine, Tables], pa.Table]
"""A table ``PEOPLE``."""


def nobody_known(engine: Engine, tables: Tables) -> pa.Table:
    """For lakes of other sites: their people are not here."""
    return PEOPLE.empty_table()


def measure(
    engine: Engine, end: date, outline: pa.Table, places: pa.Table, people: People, progress: Progress | None = None
) -> Iterator[tuple[str, int, float]]:
    """Settles what changed, then writes each metric to ``results/<metric>`` in the lake; its name, how many rows, and
    the seconds that it took, one by one. ``end``: the first day that is not counted; ``outline`` and ``places``: tables
    ``OUTLINE`` and ``PLACES``; ``people``: what the learners of these tables told of themselves. Raises ``LakeBusy``.
    """
    started = time.monotonic()
    days = settling.settle(engine, progress)
    yield "settled days", len(days), time.monotonic() - started
    tables = settling.tables(engine)
    params = Params(
        end,
        outline=engine.given("outline", outline),
        places=engine.given("places", places),
        people=engine.given("people", people(engine, tables)),
    )
    for name, metric in ALL.items():
        started = time.monotonic()
        ask = partial(metric, tables, params)
        with engine.lake.writing():
            _sql, schema = engine.compiled((name, end), ask)
            engine.save((name, end), ask, schema, RESULTS, name)
        yield name, _count(engine, name), time.monotonic() - started


def _count(engine: Engine, name: str) -> int:
    """Rows of a result, as its files say."""
    found = 0
    for one in engine.lake.files(RESULTS, name):
        with engine.lake.fs.open_input_file(one.path) as file:
            found += int(pq.ParquetFile(file).metadata.num_rows)
    return found
