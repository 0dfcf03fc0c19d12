"""What teachers type or upload, as lines: names between commas, spaces or line ends; CSV files with a head."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from lykeion.core.spreadsheets import encoding_of, separator_of, unsafe
from lykeion.teaching.types import FieldError

MOST_LINES: Final = 20_000
MOST_BYTES: Final = 5 * 1024 * 1024
_LONGEST: Final = 254
_APART: Final = re.compile(r"[\s,;]+")
_ALIASES: Final = {"user": "username", "user name": "username", "login": "username", "e-mail": "email", "mail": "email",
                   "email address": "email", "name": "name", "full name": "name", "track": "mode"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Typed:
    """A line as somebody wrote it. ``entry`` is the user name, else the address; ``number`` counts lines from 1."""

    number: int
    entry: str
    details: dict[str, str] = field(default_factory=dict)


def names(text: str) -> list[Typed]:
    """User names and addresses typed into a box, each a line. Raises :class:`FieldError`."""
    found = [Typed(number, entry) for number, line in enumerate(text.splitlines(), 1) for entry in _split(line)]
    return _checked(found, "names")


def file(raw: bytes, columns: Collection[str], needed: Collection[str] = ()) -> list[Typed]:
    """The lines of a CSV file (UTF-8, UTF-16 or Windows; commas, semicolons or tabs) whose head names some of
    ``columns``.

    A file without a head is taken for a list of names, where no column is ``needed`` besides. Raises
    :class:`FieldError`, with what is wrong with the head.
    """
    if len(raw) > MOST_BYTES:
        raise FieldError(_("The file has more than 5 MB. Split it into several."), "file")
    try:
        return _read(_text(raw), columns, needed)
    except csv.Error as error:
        raise FieldError(_("This is no CSV file. Save it as “CSV UTF-8” and upload it again."), "file") from error


def _read(text: str, columns: Collection[str], needed: Collection[str]) -> list[Typed]:
    head, _line_end, _rest = text.partition("\n")
    known = [_ALIASES.get(name, name) for name in _cells(head)]
    if not {"username", "email"} & set(known):
        if needed or len(known) > 1:
            raise FieldError(_wrong_head(head, columns, needed), "file")
        return _checked(names(text), "file") if text.strip() else _checked([], "file")
    missing, foreign = set(needed) - set(known), set(known) - set(columns) - {""}
    if missing or foreign:
        raise FieldError(_wrong_head(head, columns, needed), "file")
    return _checked(list(_rows(text, known, separator_of(head))), "file")


def is_address(text: str) -> bool:
    """Whether it is written as an e-mail address."""
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def _split(line: str) -> list[str]:
    return [entry for entry in _APART.split(line) if entry]


def _text(raw: bytes) -> str:
    """With a line feed after each line, whatever stood there."""
    try:
        text = raw.decode(encoding_of(raw[:2]))
    except UnicodeError:
        text = raw.decode("cp1252", errors="replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _cells(head: str) -> list[str]:
    row = next(csv.reader([head], delimiter=separator_of(head)), [])
    return [cell.strip().lower() for cell in row]


def _rows(text: str, head: list[str], delimiter: str) -> Iterator[Typed]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    next(reader)
    for cells in reader:
        row = {name: unsafe(" ".join(cell.split())) for name, cell in zip(head, cells, strict=False) if name}
        if any(row.values()):
            yield Typed(reader.line_num, _entry(row), _details(row))


def _entry(row: Mapping[str, str]) -> str:
    return row.get("username") or row.get("email") or ""


def _details(row: Mapping[str, str]) -> dict[str, str]:
    return {name: cell[:_LONGEST] for name, cell in row.items() if cell}


def _checked(lines: list[Typed], where: str) -> list[Typed]:
    if not lines:
        raise FieldError(_("There is nobody in it. Write a user name or an e-mail address on each line."), where)
    if len(lines) > MOST_LINES:
        words = _("A list has at most {most} lines; this one has {count}. Split it into several.")
        raise FieldError(words.format(most=MOST_LINES, count=len(lines)), where)
    return [Typed(line.number, _folded(line.entry)[:_LONGEST], line.details) for line in lines]


def _folded(entry: str) -> str:
    """Addresses are the same whatever their case."""
    return entry.lower() if "@" in entry else entry


def _wrong_head(head: str, columns: Collection[str], needed: Collection[str]) -> str:
    words = _("The first line names the columns: {columns}. Needed: {needed}. This file begins with “{head}”.")
    wanted = ", ".join(needed) or _("username or email")
    return words.format(columns=", ".join(columns), needed=wanted, head=head.strip()[:100])
