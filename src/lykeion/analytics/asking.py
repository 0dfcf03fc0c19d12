"""Analysts' questions in SQL, as a job asks them: what they may see is put into a folder, and another process answers
(:mod:`lykeion.analytics.asked`). Loads the engine: only jobs import this.
"""

from __future__ import annotations

import json
import logging
import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings

from lykeion.analytics import asked, settling
from lykeion.analytics.analysts import NAMES, TABLES
from lykeion.analytics.engine import Engine, opened
from lykeion.analytics.lake import Lake
from lykeion.analytics.metrics.engagement import by_day, module_engagement
from lykeion.analytics.metrics.tables import Params, Tables
from lykeion.analytics.models import LearnerFigure
from lykeion.catalog import api as catalog
from lykeion.content import api as content
from lykeion.content.types import RunMissing
from lykeion.core.clock import now
from lykeion.core.keys import parse_run, usage_text
from lykeion.sandbox.api import environment

if TYPE_CHECKING:
    import ibis.expr.types as ir

logger = logging.getLogger(__name__)
Json = dict[str, Any]
Look = Callable[[str], None]
"""Called now and then with what is being done; may raise, to end it."""

LIMITS: Final = {"rows": 100_000, "shown": 200, "seconds": 60, "memory_mb": 768, "result_mb": 64, "disk_mb": 1_024}
_MOST_BYTES: Final = 4 << 30  # of the tables of one question
_CHUNK: Final = 5_000
_WORD: Final = re.compile(r"\w+")
_WHO: Final = ("time", "course_id", "user_id")
_WHERE: Final = {1: "section", 2: "subsection", 3: "unit"}
_TYPES: Final = {
    "text": pa.string(),
    "whole number": pa.int64(),
    "number": pa.float64(),
    "yes or no": pa.bool_(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us"),
}
SCHEMAS: Final = {
    table.name: pa.schema([(name, _TYPES[kind]) for name, kind, _about in table.columns]) for table in TABLES
}
"""Table -> its Arrow schema."""


class TooLarge(Exception):
    """The tables of a question do not fit on this machine."""


def answer(sql: str, courses: Sequence[str] | None, file: BinaryIO, look: Look) -> Json:
    """Asks ``sql`` of these courses (None: of all); the answer, and both files of it as a ZIP into ``file``.

    What is found is ``columns``, ``shown`` (rows as texts), ``rows``, ``more`` (whether there are more than may be) and
    ``seconds``; or an ``error``: ``one-select``, ``sql`` (with ``message``, ``line`` and ``column``), ``memory``,
    ``time``, ``too-much``, ``too-wide``, ``too-large``, ``ended``.
    """
    with content.work_folder("asked") as folder:
        look("read")
        try:
            tables = _put(folder, _named(sql), courses, look)
        except TooLarge:
            return {"error": "too-large"}
        found = ask_in(folder, sql, tables, look)
        if "error" not in found:
            with zipfile.ZipFile(file, "w") as packed:
                for part in (asked.CSV, asked.PARQUET):
                    packed.write(folder / part, part)
        return found


def _named(sql: str) -> frozenset[str]:
    """The tables whose names are words of the question: of others it does not matter what they hold."""
    return NAMES & {word.lower() for word in _WORD.findall(sql)}


def ask_in(folder: Path, sql: str, tables: Sequence[str], look: Look, **limits: int) -> Json:
    """Asks ``sql`` of tables that lie in ``folder`` as Parquet files; the answer, and its files beside them. The
    process is ended when its time is over, and when ``look`` raises. ``limits``: others than :data:`LIMITS`."""
    allowed = LIMITS | limits
    (folder / asked.ASKED).write_text(json.dumps({"sql": sql, "tables": list(tables), **allowed}))
    words = [sys.executable, "-s", "-P", "-m", "lykeion.analytics.asked", str(folder)]
    until = time.monotonic() + allowed["seconds"]
    complaints = folder / "complaints"
    with complaints.open("wb") as told, subprocess.Popen(  # noqa: S603  # words of our own; the question is in a file
        words, env=environment(), cwd=folder, stdin=subprocess.DEVNULL, stdout=told, stderr=told, start_new_session=True
    ) as process:  # fmt: skip
        try:
            while process.poll() is None:
                if time.monotonic() > until:
                    return {"error": "time"}
                look("asked")
                _wait(process)
        finally:
            process.kill()
    if process.returncode == 0:
        found: Json = json.loads((folder / asked.ANSWER).read_text())
        return found
    if process.returncode > 0:  # others were ended by the system, which is told to whoever asked
        logger.warning("A question in SQL was not answered: %s", complaints.read_text(errors="replace")[-2_000:])
    return {"error": "ended"}


def _wait(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(0.25)
    except subprocess.TimeoutExpired:
        return


# What may be seen


def _put(folder: Path, named: Collection[str], courses: Sequence[str] | None, look: Look) -> list[str]:
    """Writes a file for each table, empty ones for those that are not ``named``; which they are. Raises
    :class:`TooLarge`."""
    with opened(Lake(settings.LYKEION_LAKE_URL)) as engine:
        tables = settling.tables(engine, courses=courses)
        for name in SCHEMAS:
            _write(folder, name, _batches(name, engine, tables, courses) if name in named else (), look)
    return list(SCHEMAS)


def _write(folder: Path, name: str, batches: Iterable[pa.RecordBatch], look: Look) -> None:
    schema = SCHEMAS[name]
    with pq.ParquetWriter(folder / f"{name}.parquet", schema, compression="zstd") as writer:
        for batch in batches:
            look("read")
            writer.write_batch(batch.select(schema.names).cast(schema))
            if sum(file.stat().st_size for file in folder.iterdir()) > _MOST_BYTES:
                raise TooLarge


def _batches(name: str, engine: Engine, tables: Tables, courses: Sequence[str] | None) -> Iterator[pa.RecordBatch]:
    if name in _OF_LAKE:
        return engine.batches(("asked", name, now().date()), lambda: _OF_LAKE[name](tables))  # some end with today
    runs = _runs(courses)
    rows = _learners(runs) if name == "learners" else _blocks(runs)
    return _batched(rows, SCHEMAS[name])


def _batched(rows: Iterator[Json], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    while part := list(islice(rows, _CHUNK)):
        yield pa.RecordBatch.from_pylist(part, schema)


def _runs(courses: Sequence[str] | None) -> dict[int, str]:
    """The key of each run by its id."""
    found: dict[int, str] = {}
    for key in map(str, content.heads()) if courses is None else courses:
        try:
            found[catalog.run(key).id] = key
        except RunMissing:  # published a moment ago, and not in the catalog yet
            continue
    return found


def _learners(runs: dict[int, str]) -> Iterator[Json]:
    names = [name for name in SCHEMAS["learners"].names if name != "course_id"]
    for run_id, key in runs.items():
        rows = LearnerFigure.objects.filter(run_id=run_id).order_by("user_id").values_list(*names)
        for row in rows.iterator(_CHUNK):
            one = dict(zip(names, row, strict=True))
            yield one | {"course_id": key, "last": one["last"] and one["last"].replace(tzinfo=None)}


def _blocks(runs: dict[int, str]) -> Iterator[Json]:
    for key in runs.values():
        outline = content.outline(parse_run(key))
        titles = dict.fromkeys(_WHERE.values(), "")
        for block in outline.blocks:
            for depth, name in _WHERE.items():  # what is deeper than a block is not around it
                titles[name] = block.title if depth == block.depth else titles[name] if depth < block.depth else ""
            yield {
                "course_id": key,
                "block_id": usage_text(outline.run, block.ref),
                "id": block.id,
                "type": block.type,
                "title": block.title,
                "position": block.index,
                **titles,
            }


def _told(table: ir.Table, *columns: str, types: Sequence[str] = ()) -> ir.Table:
    """Rows of a kind of events, with ``event`` in short: what all of them begin with is left out."""
    found = table.filter(table.course_id.notnull())
    if types:
        found = found.filter(found.event_type.isin(types))
    event = found.event_type
    for beginning in ("edx.course.enrollment.", "edx.grades.", "edx.forum.", "edx.problem.hint.", "edx."):
        event = event.re_replace(f"^{re.escape(beginning)}", "")
    named = {name: event if name == "event" else found[name] for name in (*_WHO, *columns)}
    return found.select(**named)


def _answers(tables: Tables) -> ir.Table:
    sent = tables.problem
    sent = sent.filter(sent.course_id.notnull(), sent.event_type == "problem_check", sent.parts.length() > 0)
    parts = sent.mutate(part=sent.parts.unnest())
    of_part = ("part_id", "question", "answer", "value_id", "correct", "response_type", "variant")
    return parts.select(*_WHO, "problem_id", **{name: parts.part[name] for name in of_part})


_OF_LAKE: Final[dict[str, Callable[[Tables], ir.Table]]] = {
    "activity": lambda tables: tables.activity,
    "engagement": lambda tables: by_day(tables, Params(now().date() + timedelta(days=1))),
    "module_engagement": lambda tables: module_engagement(tables, Params(now().date() + timedelta(days=1))),
    "enrolments": lambda tables: _told(tables.enrol, "event", "mode"),
    "submissions": lambda tables: _told(
        tables.problem, "problem_id", "display_name", "attempts", "grade", "max_grade", "success",
        types=["problem_check"],
    ),
    "answers": _answers,
    "help": lambda tables: _told(
        tables.problem, "event", "problem_id", types=["showanswer", "edx.problem.hint.demandhint_displayed"]
    ),
    "video_events": lambda tables: _told(
        tables.video, "event", "video_id", "position", "old_position", "duration"
    ),
    "forum_events": lambda tables: _told(tables.forum, "event", "topic_id", "vote", "change"),
    "grades": lambda tables: _told(tables.grade, "event", "block_id", "earned", "possible", "percent", "letter"),
    "completions": lambda tables: _told(tables.completion, "block_id", "block_type", "completion"),
    "navigation": lambda tables: _told(tables.nav, "event", "block_id", "target"),
}  # fmt: skip
