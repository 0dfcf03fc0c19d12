"""The process in which an analyst's SQL runs: ``python -m lykeion.analytics.asked FOLDER``. No Django.

The folder holds ``asked.json`` and a Parquet file for each table; the answer is put there. Who wrote the SQL may be
anybody, so it meets four walls, each of which would do: the tables hold nothing that its author may not see; DuckDB
takes one SELECT, opens no other files and changes no setting; the process can reach nothing but the folder
(:func:`lykeion.sandbox.api.confine`) and knows no secret; and it is ended when it takes too much.
"""

from __future__ import annotations

import csv
import json
import re
import resource
import sys
import time
from itertools import islice
from pathlib import Path
from typing import Any, Final, TextIO

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from lykeion.core.spreadsheets import safe
from lykeion.sandbox.api import confine

ASKED: Final = "asked.json"
ANSWER: Final = "answer.json"
PARQUET: Final = "result.parquet"
CSV: Final = "result.csv"
_MB: Final = 1 << 20
_START: Final = 10  # seconds of processor time until the question is read, on a slow machine
_NUMBER: Final = re.compile(r"[+-]?[0-9][0-9.eE+-]*")
_LONGEST_CELL: Final = 200  # letters, on the page
_MOST_COLUMNS: Final = 1_000
_MOST_CELLS: Final = 20_000  # on the page, which is kept with the job
_TEXT_SHARE: Final = 4  # a number as text takes more room than as one


class TooMuch(Exception):
    """The result is larger than it may be."""


class TooWide(Exception):
    """The result has more columns than it may have."""


def main(folder: Path) -> None:
    """Answers ``asked.json``: ``sql``, ``tables``, and what it may use: ``rows``, ``shown`` (rows on the page),
    ``seconds``, ``memory_mb``, ``result_mb``, ``disk_mb``."""
    asked = json.loads((folder / ASKED).read_text())
    _limit(asked)
    connection = opened(folder, asked)
    pa.scalar(0, pa.timestamp("us", "UTC")).as_py()  # Arrow loads what knows of time zones when it first meets one
    with (folder / ANSWER).open("w") as answer, (folder / CSV).open("w", newline="", encoding="utf-8-sig") as text:
        confine(str(folder))
        json.dump(answered(connection, asked, folder, text), answer)


def _limit(asked: dict[str, Any]) -> None:
    """What the system holds the process to, whatever DuckDB does."""
    data = (asked["memory_mb"] + 700) * _MB  # Python, Arrow and DuckDB before they do anything take a part of it
    for what, most in (
        (resource.RLIMIT_CPU, asked["seconds"] + _START),
        (resource.RLIMIT_DATA, data),
        (resource.RLIMIT_FSIZE, max(asked["disk_mb"], asked["result_mb"]) * _MB),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def opened(folder: Path, asked: dict[str, Any]) -> duckdb.DuckDBPyConnection:
    """A database that holds views of the tables and nothing else, and cannot be changed any more."""
    config: dict[str, Any] = {
        "threads": 1,
        "memory_limit": f"{asked['memory_mb']}MB",
        "temp_directory": str(folder / "spill"),
        "max_temp_directory_size": f"{asked['disk_mb']}MB",
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "allow_community_extensions": False,
        "python_enable_replacements": False,
    }
    connection = duckdb.connect(config=config)
    files = [str(folder / f"{name}.parquet") for name in asked["tables"]]
    if files:
        connection.execute(f"SET allowed_paths = [{', '.join(map(_quoted, files))}]")
    connection.execute("SET TimeZone = 'UTC'; SET errors_as_json = true; SET enable_progress_bar = false")
    for name, file in zip(asked["tables"], files, strict=True):
        connection.execute(f'CREATE VIEW "{name}" AS SELECT * FROM read_parquet({_quoted(file)})')  # noqa: S608  # names of ours
    connection.execute("SET enable_external_access = false; SET lock_configuration = true")
    return connection


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def answered(
    connection: duckdb.DuckDBPyConnection, asked: dict[str, Any], folder: Path, text: TextIO
) -> dict[str, Any]:
    """The answer to ``asked["sql"]``; its files are in ``folder``, of which ``text`` is the CSV."""
    started = time.monotonic()
    try:
        statements = connection.extract_statements(asked["sql"])
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            return {"error": "one-select"}
        reader = connection.execute(statements[0]).to_arrow_reader(1_000)
        found = _write(reader, asked, folder, text)
    except TooMuch:
        return {"error": "too-much"}
    except TooWide:
        return {"error": "too-wide"}
    except MemoryError:
        return {"error": "memory"}
    except (pa.ArrowException, ValueError, OverflowError) as error:  # a date of the year 300000, or none at all
        return {"error": "sql", "message": f"There is a value in the answer that cannot be written: {error}"[:2_000]}
    except duckdb.Error as error:
        return _told(error, asked["sql"])
    return found | {"seconds": round(time.monotonic() - started, 2)}


def _write(reader: pa.RecordBatchReader, asked: dict[str, Any], folder: Path, text: TextIO) -> dict[str, Any]:
    """Puts rows into both files until there are as many as may be; what the page shows."""
    if len(reader.schema) > _MOST_COLUMNS:
        raise TooWide
    schema = pa.schema([one if _fits_parquet(one) else pa.field(one.name, pa.string()) for one in reader.schema])
    shown: list[list[str | None]] = []
    rows, size, more = 0, 0, False
    most_shown = min(asked["shown"], _MOST_CELLS // len(schema))
    sheet = csv.writer(text)
    sheet.writerow([safe(name) for name in schema.names])
    with pq.ParquetWriter(folder / PARQUET, schema, compression="zstd") as writer:
        for batch in reader:
            more = rows + batch.num_rows > asked["rows"]
            batch = batch.slice(0, asked["rows"] - rows)
            size += batch.nbytes
            if size > asked["result_mb"] * _MB:
                raise TooMuch
            values = [column.to_pylist() for column in batch.columns]
            words = [[_text(cell) for cell in column] for column in values]
            kept = [
                column if one.type == column.type else pa.array(told, pa.string())
                for one, column, told in zip(schema, batch.columns, words, strict=True)
            ]
            writer.write_batch(pa.RecordBatch.from_arrays(kept, schema=schema))
            rows += batch.num_rows
            sheet.writerows(zip(*([_in_sheet(cell) for cell in column] for column in words), strict=True))
            if text.tell() > _TEXT_SHARE * asked["result_mb"] * _MB:
                raise TooMuch
            first = islice(zip(*words, strict=True), most_shown - len(shown))
            shown.extend([cell if cell is None else cell[:_LONGEST_CELL] for cell in row] for row in first)
            if more:
                break
    columns = [{"name": one.name[:_LONGEST_CELL], "type": str(one.type)[:_LONGEST_CELL]} for one in reader.schema]
    return {"columns": columns, "shown": shown, "rows": rows, "more": more}


def _fits_parquet(column: pa.Field) -> bool:
    """Whether Parquet has this type; the others (spans of time, unions) are put there as text."""
    try:
        pq.write_table(pa.schema([column]).empty_table(), pa.BufferOutputStream())
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid):
        return False
    return True


def _in_sheet(cell: str | None) -> str:
    """As a spreadsheet takes it for no formula; numbers below zero are numbers."""
    if cell is None:
        return ""
    return cell if _NUMBER.fullmatch(cell) else safe(cell)


def _text(cell: Any) -> str | None:
    if cell is None or isinstance(cell, str):
        return cell
    if isinstance(cell, pa.MonthDayNano):
        return _span(cell.months, cell.days, cell.nanoseconds)
    if isinstance(cell, list | dict):
        return json.dumps(cell, default=_text, ensure_ascii=False)
    return cell.isoformat() if hasattr(cell, "isoformat") else str(cell)


def _span(months: int, days: int, nanoseconds: int) -> str:
    """A span of time as DuckDB writes it."""
    seconds, rest = divmod(abs(nanoseconds), 10**9)
    part = f".{rest // 1000:06}".rstrip("0").rstrip(".")
    clock = f"{'-' * (nanoseconds < 0)}{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{part}"
    years = int(months / 12)
    counts = ((years, "year"), (months - 12 * years, "month"), (days, "day"))
    parts = [f"{count} {name}{'' if abs(count) == 1 else 's'}" for count, name in counts if count]
    return " ".join([*parts, clock] if nanoseconds or not parts else parts)


def _told(error: duckdb.Error, sql: str) -> dict[str, Any]:
    """What DuckDB says, and the line and the column (from 1) where it found it."""
    words = str(error)
    try:
        told = json.loads(words[words.index("{") :])
    except ValueError:
        told = {"exception_message": words}
    if told.get("exception_type") == "Out of Memory":
        return {"error": "memory"}
    found: dict[str, Any] = {"error": "sql", "message": str(told.get("exception_message", ""))[:2_000]}
    if str(told.get("position", "")).isdecimal():
        before = sql.encode()[: int(told["position"])].decode("utf-8", "ignore")
        found |= {"line": before.count("\n") + 1, "column": len(before) - (before.rfind("\n") + 1) + 1}
    return found


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
