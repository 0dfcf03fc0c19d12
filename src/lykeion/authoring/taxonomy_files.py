"""Taxonomies as files, in the forms that Open edX imports and exports: CSV (``id,value,parent_id``) and JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from lykeion.authoring.types import AuthoringError

Pairs = list[tuple[str, str]]
"""(value, value of its parent or ""), parents before what is below them."""

MOST: Final = 20_000
LONGEST: Final = 500


@dataclass(frozen=True, slots=True)
class _Row:
    """One tag of a file; ``place`` says where it stands."""

    place: str
    id: str
    value: str
    parent: str


def read(text: str) -> Pairs:
    """The tags of a file, whichever form it has. Raises :class:`AuthoringError` with the place and how to mend it."""
    rows = _json_rows(text) if text.lstrip()[:1] in ("{", "[") else _csv_rows(text)
    if len(rows) > MOST:
        words = _("A taxonomy may have {most} tags; this file has {count}.")
        raise AuthoringError(words.format(most=MOST, count=len(rows)))
    values = _checked(rows)
    below: dict[str, list[_Row]] = {}
    for row in rows:
        below.setdefault(row.parent, []).append(row)
    pairs: Pairs = []
    waiting = list(reversed(below.get("", [])))
    while waiting:
        row = waiting.pop()
        pairs.append((row.value, values.get(row.parent, "")))
        waiting.extend(reversed(below.get(row.id, [])))
    if len(pairs) < len(rows):
        raise AuthoringError(
            _("Some tags lie below themselves: follow the parents of each up to one without a parent.")
        )
    return pairs


def _checked(rows: Sequence[_Row]) -> dict[str, str]:
    """The values by id. Raises for what is missing, twice or too long."""
    values: dict[str, str] = {}
    taken: set[str] = set()
    for row in rows:
        if not row.id or not row.value:
            raise AuthoringError(_("{place}: a tag needs an id and a value.").format(place=row.place))
        if len(row.value) > LONGEST or ";" in row.value:
            words = _("{place}: a tag has at most {most} letters and no “;”.")
            raise AuthoringError(words.format(place=row.place, most=LONGEST))
        if row.id in values or row.value in taken:
            words = _("{place}: “{value}” (id {id}) is there twice.")
            raise AuthoringError(words.format(place=row.place, value=row.value, id=row.id))
        values[row.id] = row.value
        taken.add(row.value)
    for row in rows:
        if row.parent and row.parent not in values:
            words = _("{place}: there is no tag with id {id}, the parent of “{value}”.")
            raise AuthoringError(words.format(place=row.place, value=row.value, id=row.parent))
    return values


def as_csv(pairs: Sequence[Sequence[str]]) -> str:
    """The tags as CSV."""
    ids = {value: number for number, (value, _parent) in enumerate(pairs, 1)}
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["id", "value", "parent_id"])
    writer.writerows([ids[value], value, ids.get(parent, "")] for value, parent in pairs)
    return text.getvalue()


def as_json(name: str, pairs: Sequence[Sequence[str]]) -> str:
    """The tags as JSON."""
    ids = {value: str(number) for number, (value, _parent) in enumerate(pairs, 1)}
    tags = [
        {"id": ids[value], "value": value, **({"parent_id": ids[parent]} if parent else {})} for value, parent in pairs
    ]
    return json.dumps({"name": name, "tags": tags}, ensure_ascii=False, indent=2)


def _csv_rows(text: str) -> list[_Row]:
    reader = csv.DictReader(io.StringIO(text))
    if reader.fieldnames is None or not {"id", "value"} <= set(reader.fieldnames):
        raise AuthoringError(_("Line 1: a CSV file of tags begins with the columns id, value and parent_id."))
    return [_row(_("Line {line}").format(line=reader.line_num), row) for row in reader]


def _json_rows(text: str) -> list[_Row]:
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        words = _("Line {line}: this is no JSON: {why}.")
        raise AuthoringError(words.format(line=error.lineno, why=error.msg)) from error
    tags = found.get("tags") if isinstance(found, dict) else found
    if not isinstance(tags, list) or not all(isinstance(tag, dict) for tag in tags):
        raise AuthoringError(_('A JSON file of tags looks like {"tags": [{"id": "1", "value": "Maths"}]}.'))
    return [_row(_("Tag {number}").format(number=number), tag) for number, tag in enumerate(tags, 1)]


def _row(place: str, found: Mapping[str, Any]) -> _Row:
    id_, value, parent = (str(found.get(name) or "").strip() for name in ("id", "value", "parent_id"))
    return _Row(place, id_, value, parent)
