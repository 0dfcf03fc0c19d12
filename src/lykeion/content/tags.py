"""Tags of blocks: a field of the block, so that they are versioned, published, copied and rerun with it.

In OLX they are no attributes but ``tags.csv`` beside the course, as in Open edX: a line for each block that has some, a
column for each taxonomy, several values between ``; ``.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Final

from lykeion.content.types import Json
from lykeion.core.keys import CourseLocator, usage_text
from lykeion.olx.types import Block, Course, CourseFile

FIELD: Final = "tags_v1"
FILE: Final = "tags.csv"
_FIXED: Final = ("Name", "Type", "ID")
_BETWEEN: Final = "; "
_LARGEST: Final = 32 << 20

Tags = dict[str, list[str]]
"""Values by the export id of their taxonomy."""


def tags_in(fields: Mapping[str, object]) -> Tags:
    """The tags among the fields of a block; what is no list of texts is left out."""
    found = fields.get(FIELD)
    if not isinstance(found, dict):
        return {}
    return {
        str(name): [value for value in values if isinstance(value, str)]
        for name, values in found.items()
        if isinstance(values, list)
    }


def without_tags(fields: Mapping[str, Json]) -> dict[str, Json]:
    """The other fields of a block."""
    return {name: value for name, value in fields.items() if name != FIELD}


def written(run: CourseLocator, blocks: Mapping[str, Mapping[str, object]]) -> CourseFile | None:
    """``tags.csv`` of blocks, given by ref as their fields; None when none has tags."""
    tagged = [(ref, fields, tags) for ref, fields in blocks.items() if (tags := tags_in(fields))]
    if not tagged:
        return None
    names = sorted({name for _, _, tags in tagged for name in tags})
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([*_FIXED, *names])
    for ref, fields, tags in tagged:
        usage = usage_text(run, ref)
        cells = [_BETWEEN.join(tags.get(name, ())) for name in names]
        writer.writerow([fields.get("display_name") or "", ref.partition("@")[0], usage, *cells])
    data = text.getvalue().encode()
    return CourseFile(FILE, len(data), data)


def read(course: Course) -> dict[str, Tags] | None:
    """The tags of the blocks of a course by ref, as its ``tags.csv`` says; None when that cannot be read."""
    listed = next((file for file in course.extras if file.path == FILE), None)
    if listed is None:
        return {}
    if listed.size > _LARGEST:
        return None
    try:
        rows = csv.DictReader(io.StringIO(listed.read().decode("utf-8-sig")))
        return {_ref(row["ID"]): _of(row) for row in rows if row.get("ID") and _of(row)}
    except (UnicodeDecodeError, csv.Error):
        return None


def tagged(block: Block, tags: Mapping[str, Tags]) -> Mapping[str, object]:
    """The fields of ``block`` with its tags."""
    own = tags.get(f"{block.type}@{'course' if block.type == 'course' else block.id}")
    return {**block.fields, FIELD: own} if own else block.fields


def _ref(usage: str) -> str:
    kind, _, block_id = usage.partition("+type@")[2].partition("+block@")
    return "course@course" if kind in ("", "course") else f"{kind}@{block_id}"


def _of(row: Mapping[str | None, str | None]) -> Tags:
    cells = {name: cell for name, cell in row.items() if isinstance(name, str) and name not in _FIXED and cell}
    return {name: [value.strip() for value in cell.split(";") if value.strip()] for name, cell in cells.items() if cell}
