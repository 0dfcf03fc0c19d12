"""What the lines of a file of grades look like, out and in. Pure: knows no table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import islice
from typing import BinaryIO, Final, NamedTuple

from django.utils.translation import gettext as _

from lykeion.catalog.types import RosterLine
from lykeion.core.numbers import number
from lykeion.core.spreadsheets import encoding_of, safe, separator_of, unsafe
from lykeion.courseware.types import GradeColumn
from lykeion.grades.types import BookCell
from lykeion.teaching.types import Column, FieldError, TeachingError

CHUNK: Final = 200  # rows
BACK: Final = "-"


class Wanted(NamedTuple):
    """What a line of a file asks for in one column: points (None: take back), or a text."""

    title: str
    column: GradeColumn | Column
    value: float | str | None


@dataclass(frozen=True, slots=True)
class Head:
    """Which columns of a file mean what."""

    username: int
    grades: Mapping[int, GradeColumn]
    manual: Mapping[int, Column]


def names_of(shown: Sequence[GradeColumn], manual: Sequence[Column]) -> list[str]:
    """The first line: what the columns are called."""
    names = ["username", "full_name", "track", "cohort"]
    for one in shown:
        short = one.ref.partition("@")[2]
        names += [f"name-{short}", f"grade-{short}", f"possible-{short}", f"new_override-{short}"]
    return [*names, *(f"column-{one.name}" for one in manual)]


def row(
    line: RosterLine,
    cells: Mapping[str, BookCell],
    texts: Sequence[str],
    shown: Sequence[GradeColumn],
) -> list[str]:
    """The line of one learner: their cells by ref of a subsection, then the texts of the manual columns."""
    found = [text for column in shown for text in _cell(column, cells.get(column.ref))]
    known = (line.username, line.full_name, line.mode, line.cohort)
    return [*map(safe, known), *found, *map(safe, texts)]


def _cell(column: GradeColumn, cell: BookCell | None) -> tuple[str, str, str, str]:
    title = safe(column.title)
    if cell is None:
        return title, "", f"{column.possible:g}", ""
    return title, f"{cell.earned:g}", f"{cell.possible:g}", f"{cell.earned:g}" if cell.overridden else ""


def text_of(rows: Iterable[Sequence[str]]) -> str:
    """Rows as the text of a file."""
    written = io.StringIO()
    csv.writer(written).writerows(rows)
    return written.getvalue()


def read(stream: BinaryIO) -> Iterator[list[str]]:
    """The rows of a file, whichever of the usual separators it has."""
    start = stream.read(2)
    stream.seek(0)
    text = io.TextIOWrapper(stream, encoding=encoding_of(start), newline="")
    try:
        first = text.readline()
        separator = separator_of(first)
        yield next(csv.reader([first], delimiter=separator), [])
        yield from csv.reader(text, delimiter=separator)
    except (UnicodeError, csv.Error) as error:
        words = _("This is no CSV file in UTF-8. Save it as “CSV UTF-8” and upload it again.")
        raise FieldError(words, "file") from error


def head_of(names: Sequence[str], shown: Sequence[GradeColumn], manual: Mapping[str, Column]) -> Head:
    """What the columns of a file mean. Raises :class:`FieldError` (``file``)."""
    names = [unsafe(name.strip()) for name in names]
    if names.count("username") != 1:
        raise FieldError(_("The first line must name the columns, “username” once among them."), "file")
    wanted = {place: _by_id(shown, name[13:]) for place, name in enumerate(names) if name.startswith("new_override-")}
    own: dict[int, Column] = {}
    for place, name in enumerate(names):
        if name.startswith("column-"):
            if name[7:] not in manual:
                raise FieldError(_("The gradebook has no column “{name}”.").format(name=name[7:]), "file")
            own[place] = manual[name[7:]]
    if not wanted and not own:
        raise FieldError(_("No column begins with “new_override-” or “column-”: nothing can change."), "file")
    _check_once([*wanted.values(), *own.values()])
    return Head(names.index("username"), wanted, own)


def _check_once(columns: Sequence[GradeColumn | Column]) -> None:
    """Two columns of one name could say two things."""
    titles = [one.title if isinstance(one, GradeColumn) else one.name for one in columns]
    again = next((title for place, title in enumerate(titles) if columns[place] in columns[:place]), None)
    if again is not None:
        raise FieldError(_("Two columns are about “{title}”. Take one of them out.").format(title=again), "file")


def _by_id(shown: Sequence[GradeColumn], short: str) -> GradeColumn:
    ids = {one.ref.partition("@")[2]: one for one in shown}
    found = [ids[short]] if short in ids else [one for name, one in ids.items() if short and name.startswith(short)]
    if len(found) != 1:
        words = _("“new_override-{name}” names no graded subsection of this course.").format(name=short)
        if meant := get_close_matches(short, ids, 1):
            words += " " + _("Did you mean “new_override-{name}”?").format(name=meant[0])
        raise FieldError(words, "file")
    return found[0]


def name_in(head: Head, row: Sequence[str]) -> str:
    """Whom a line is about; '' when it says nothing."""
    return unsafe(row[head.username].strip()) if head.username < len(row) else ""


def chunks(rows: Iterator[list[str]], first: int = 2) -> Iterator[list[tuple[int, list[str]]]]:
    """Rows with their line numbers, 200 at a time."""
    numbered = enumerate(rows, first)
    while chunk := list(islice(numbered, CHUNK)):
        yield chunk


def wanted(head: Head, row: Sequence[str], cells: Mapping[str, BookCell]) -> Iterator[Wanted]:
    """What a line asks for. Raises :class:`TeachingError` for what is no number, or too many points."""
    for place, column in head.grades.items():
        text = row[place].strip() if place < len(row) else ""
        if text == BACK:
            yield Wanted(column.title, column, None)
        elif text:
            yield Wanted(column.title, column, _points(column, text, cells.get(column.ref)))
    for place, own in head.manual.items():
        if place < len(row):
            yield Wanted(own.name, own, unsafe(row[place].strip()))


def _points(column: GradeColumn, text: str, cell: BookCell | None) -> float:
    points = number(text)
    most = cell.possible if cell is not None and cell.possible > 0 else column.possible
    if points is None or not 0 <= points <= most:
        words = _("“{text}” for “{title}”: give points from 0 to {most}, or {back} to take an override back.")
        raise TeachingError(words.format(text=text, title=column.title, most=f"{most:g}", back=BACK))
    return points
