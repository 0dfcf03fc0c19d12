"""Reports as files: CSV, XLSX and Parquet, written part by part, so that memory does not grow with their length.

Texts that a spreadsheet would take for a formula get an apostrophe in front: a learner's answer ``=HYPERLINK(...)``
must not run on a teacher's machine (OWASP: CSV injection).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, BinaryIO, Final, Protocol

from django.utils.translation import gettext as _

from lykeion.core.spreadsheets import safe
from lykeion.teaching.reports.types import Cell, Column, Row
from lykeion.teaching.types import TeachingError

_XLSX_COLUMNS, _XLSX_ROWS, _XLSX_LETTERS = 16_384, 1_048_576, 32_767
_PARQUET_ROWS: Final = 10_000
"""Rows of a row group at most; wide ones have fewer."""


class Writer(Protocol):
    """A file under way."""

    def add(self, rows: Iterable[Row]) -> None:
        """Writes more rows."""

    def close(self) -> None:
        """Writes what is left; the file is whole then."""


Open = Callable[[BinaryIO, Sequence[Column], Path], Writer]


def harmless(cell: Cell) -> Cell:
    """``cell`` as no spreadsheet takes it for a formula; numbers are numbers."""
    return safe(cell) if isinstance(cell, str) else cell


class Csv:
    """UTF-8, commas, a line for each row."""

    def __init__(self, file: BinaryIO, columns: Sequence[Column], _folder: Path | None = None) -> None:
        self._text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=False)
        self._csv = csv.writer(self._text)
        self._csv.writerow([harmless(one.name) for one in columns])

    def add(self, rows: Iterable[Row]) -> None:
        """Writes more rows."""
        self._csv.writerows([[harmless(cell) for cell in row] for row in rows])

    def close(self) -> None:
        """Writes what is left."""
        self._text.flush()
        self._text.detach()


class Xlsx:
    """A workbook; further sheets where one is full."""

    def __init__(self, file: BinaryIO, columns: Sequence[Column], folder: Path) -> None:
        import xlsxwriter  # costs a web process memory that only jobs need

        if len(columns) > _XLSX_COLUMNS:
            raise TeachingError(
                _("A spreadsheet holds {most} columns, this report has {count}. Make it as CSV or Parquet.").format(
                    most=_XLSX_COLUMNS, count=len(columns)
                )
            )
        options = {"constant_memory": True, "tmpdir": str(folder), "strings_to_formulas": False, "use_zip64": True}
        self._book = xlsxwriter.Workbook(file, options)
        self._bold = self._book.add_format({"bold": True})
        self._names = [harmless(one.name) for one in columns]
        self._sheet: Any = None
        self._next = _XLSX_ROWS

    def add(self, rows: Iterable[Row]) -> None:
        """Writes more rows."""
        for row in rows:
            self._write(row)

    def close(self) -> None:
        """Writes what is left."""
        if self._sheet is None:
            self._turn()
        self._book.close()

    def _write(self, row: Row) -> None:
        if self._next >= _XLSX_ROWS:
            self._turn()
        sheet, place = self._sheet, self._next
        for number, cell in enumerate(row):
            if isinstance(cell, str):
                if cell:
                    sheet.write_string(place, number, str(harmless(cell))[:_XLSX_LETTERS])
            else:
                sheet.write_number(place, number, cell)
        self._next += 1

    def _turn(self) -> None:
        self._sheet = self._book.add_worksheet()
        for number, name in enumerate(self._names):
            self._sheet.set_column(number, number, min(max(len(str(name)) + 2, 12), 40))  # letters
            self._sheet.write_string(0, number, str(name)[:_XLSX_LETTERS], self._bold)
        self._sheet.freeze_panes(1, 0)
        self._next = 1


class Parquet:
    """Columns of numbers are numbers; those that hold words as well are texts, so that every cell is what it is in the
    other formats. Two columns of one name are told apart by a number."""

    def __init__(self, file: BinaryIO, columns: Sequence[Column], _folder: Path) -> None:
        import pyarrow as arrow  # costs a web process memory that only jobs need
        from pyarrow import parquet

        kinds = {"whole": arrow.int64(), "number": arrow.float64()}
        named = zip(_apart([one.name for one in columns]), columns, strict=True)
        self._arrow = arrow
        self._schema = arrow.schema([(name, kinds.get(one.kind, arrow.string())) for name, one in named])
        self._texts = [one.kind not in kinds for one in columns]
        self._most = max(1, min(_PARQUET_ROWS, 1_000_000 // max(1, len(columns))))
        self._waiting: list[Row] = []
        self._file = parquet.ParquetWriter(file, self._schema, compression="zstd")

    def add(self, rows: Iterable[Row]) -> None:
        """Writes more rows, a group at a time."""
        for row in rows:
            self._waiting.append(row)
            if len(self._waiting) >= self._most:
                self._flush()

    def close(self) -> None:
        """Writes what is left."""
        self._flush()
        self._file.close()

    def _flush(self) -> None:
        if not self._waiting:
            return
        columns = [
            self._arrow.array([str(cell) for cell in values] if is_text else list(values), type=field.type)
            for values, is_text, field in zip(zip(*self._waiting, strict=True), self._texts, self._schema, strict=True)
        ]
        self._file.write_table(self._arrow.Table.from_arrays(columns, schema=self._schema))
        self._waiting = []


def _apart(names: Sequence[str]) -> list[str]:
    seen: dict[str, int] = {}
    found = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        found.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return found


FORMATS: Final[dict[str, tuple[Open, str]]] = {
    "csv": (Csv, "text/csv; charset=utf-8"),
    "xlsx": (Xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "parquet": (Parquet, "application/vnd.apache.parquet"),
}
"""How each format of tables is written, and its media type."""

ARCHIVE: Final = "zip"
MEDIA: Final = {**{form: media for form, (_open, media) in FORMATS.items()}, ARCHIVE: "application/zip"}
"""The media type of each format there is."""
