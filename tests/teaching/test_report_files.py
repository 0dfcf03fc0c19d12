"""Files of reports: the three formats, and what a spreadsheet must not run."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest
from pyarrow import parquet

from lykeion.teaching.reports.types import Column, Row
from lykeion.teaching.reports.writing import FORMATS, harmless
from lykeion.teaching.types import TeachingError

COLUMNS = (Column("Student ID", "whole"), Column("Username"), Column("Grade", "number"), Column("HW 1: a", "mixed"))
ROWS: list[Row] = [[1, "alice", 0.5, "Not Attempted"], [2, '=HYPERLINK("//evil")', 1, 0.25]]


def _file(form: str, columns: tuple[Column, ...], rows: list[Row], folder: Path) -> bytes:
    file = io.BytesIO()
    writer = FORMATS[form][0](file, columns, folder)
    writer.add(rows)
    writer.close()
    return file.getvalue()


def test_csv_holds_numbers_as_they_are_and_no_formulas(tmp_path: Path) -> None:
    text = _file("csv", COLUMNS, ROWS, tmp_path).decode()

    assert text.splitlines() == [
        "Student ID,Username,Grade,HW 1: a",
        "1,alice,0.5,Not Attempted",
        """2,"'=HYPERLINK(""//evil"")",1,0.25""",
    ]


def test_xlsx_holds_numbers_and_texts(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(_file("xlsx", COLUMNS, ROWS, tmp_path)))

    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert rows == [
        ("Student ID", "Username", "Grade", "HW 1: a"),
        (1, "alice", 0.5, "Not Attempted"),
        (2, '\'=HYPERLINK("//evil")', 1, 0.25),
    ]
    assert book.worksheets[0]["B3"].data_type == "s"
    assert round(book.worksheets[0].column_dimensions["A"].width) == 13  # what the program adds to 12 letters


def test_parquet_has_typed_columns_and_the_same_cells(tmp_path: Path) -> None:
    table = parquet.read_table(io.BytesIO(_file("parquet", COLUMNS, ROWS, tmp_path)))

    assert [str(field.type) for field in table.schema] == ["int64", "string", "double", "string"]
    assert table.to_pydict() == {
        "Student ID": [1, 2],
        "Username": ["alice", '=HYPERLINK("//evil")'],
        "Grade": [0.5, 1.0],
        "HW 1: a": ["Not Attempted", "0.25"],
    }


def test_columns_of_one_name_are_told_apart_in_parquet(tmp_path: Path) -> None:
    table = parquet.read_table(io.BytesIO(_file("parquet", (Column("a"), Column("a")), [["x", "y"]], tmp_path)))

    assert table.column_names == ["a", "a (2)"]


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_a_report_without_rows_is_a_file_too(form: str, tmp_path: Path) -> None:
    assert _file(form, COLUMNS, [], tmp_path)


def test_a_spreadsheet_says_when_a_report_is_too_wide_for_it(tmp_path: Path) -> None:
    with pytest.raises(TeachingError, match="16384 columns"):
        _file("xlsx", tuple(Column(str(number)) for number in range(16_385)), [], tmp_path)


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\t=1", "\r=1", "\n=1", "\uff1d1"])
def test_what_begins_like_a_formula_gets_an_apostrophe(text: str) -> None:
    assert (harmless(text), harmless(-1), harmless("a=1")) == (f"'{text}", -1, "a=1")
