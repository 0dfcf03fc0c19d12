"""The lake for others to research with: what learners did, under names that lead back to nobody. No Django.

A learner is a word made from their number by a key that only this site has, or that nobody keeps. What learners typed,
addresses of pages and events that no metric reads are left out, for any of them may hold a name.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from lykeion.analytics.kinds import KINDS
from lykeion.analytics.lake import Lake
from lykeion.core.errors import LykeionError

MANIFEST: Final = "export.json"
_LEFT_OUT: Final = frozenset({"page", "other"})
_TABLES: Final = (*(kind for kind in KINDS if kind not in _LEFT_OUT), "activity")
_DROPPED: Final = frozenset({"event_id", "post_id", "target", "user_id"})
_CHOSEN: Final = frozenset({"choiceresponse", "optionresponse", "multiplechoiceresponse", "truefalseresponse"})
_TYPED: Final = ("answer", "value_id")
_BATCH: Final = 50_000
Progress = Callable[[int, int], None]
"""Files written, files in all."""


class NotEmpty(LykeionError):
    """The folder for an export holds something already."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is exported: these ``courses`` (None: all events), of the days from ``since`` on and before ``until`` (None:
    all); ``texts``: also what learners typed, which may name them."""

    courses: Collection[str] | None = None
    since: date | None = None
    until: date | None = None
    texts: bool = False


def export(lake: Lake, folder: Path, key: bytes, wanted: Wanted, progress: Progress | None = None) -> dict[str, int]:
    """Writes ``TABLE/dt=DAY/data.parquet`` of settled days into ``folder``, and :data:`MANIFEST`; rows by table. Where
    there are none, nothing is written.

    ``key`` (16 to 64 bytes) makes the words that stand for learners: the same key, the same words. Raises
    :class:`NotEmpty`, ``LakeError``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise NotEmpty(f"{folder} is not empty; an export goes into a folder of its own.")
    files = [(table, day, one.path) for table in _TABLES for day, one in _days(lake, table, wanted)]
    rows = dict.fromkeys(_TABLES, 0)
    for place, (table, day, path) in enumerate(files, 1):
        rows[table] += _copy(lake, path, folder / table / f"dt={day}", key, wanted)
        if progress is not None:
            progress(place, len(files))
    if not any(rows.values()):
        return rows
    told = {
        "courses": sorted(wanted.courses) if wanted.courses is not None else "all",
        "since": wanted.since and wanted.since.isoformat(),
        "until": wanted.until and wanted.until.isoformat(),
        "texts": wanted.texts,
        "rows": rows,
    }
    (folder / MANIFEST).write_text(json.dumps(told, indent=2) + "\n")
    return rows


def _days(lake: Lake, table: str, wanted: Wanted) -> Iterator[tuple[str, pa.fs.FileInfo]]:
    for day, files in sorted(lake.days(f"settled/{table}").items()):
        at = date.fromisoformat(day)
        if (wanted.since is None or at >= wanted.since) and (wanted.until is None or at < wanted.until):
            yield from ((day, one) for one in files)


def _copy(lake: Lake, path: str, folder: Path, key: bytes, wanted: Wanted) -> int:
    """One file; how many rows. What would hold none is not made."""
    count, writer = 0, None
    with lake.fs.open_input_file(path) as source:
        for batch in pq.ParquetFile(source).iter_batches(_BATCH):
            table = _nameless(_of_courses(pa.table(batch), wanted.courses), key, wanted.texts)
            if table.num_rows:
                if writer is None:
                    folder.mkdir(parents=True)
                    writer = pq.ParquetWriter(folder / "data.parquet", table.schema, compression="zstd")
                writer.write_table(table)
                count += table.num_rows
    if writer is not None:
        writer.close()
    return count


def _of_courses(table: pa.Table, courses: Collection[str] | None) -> pa.Table:
    if courses is None:
        return table
    return table.filter(pc.is_in(table["course_id"], value_set=pa.array(sorted(courses), pa.string())))


def _nameless(table: pa.Table, key: bytes, texts: bool) -> pa.Table:
    columns = {name: table[name] for name in table.column_names if name not in _DROPPED}
    if "parts" in columns and not texts:
        columns["parts"] = _without_texts(columns["parts"])
    return pa.table({"learner": _words(table["user_id"], key), **columns})


def _words(users: pa.ChunkedArray, key: bytes) -> pa.Array:
    """A word for each number; none for nobody."""
    known = {user: word_for(user, key) for user in pc.unique(users).to_pylist() if user is not None}
    return pa.array([known.get(user) for user in users.to_pylist()], pa.string())


def word_for(user_id: int, key: bytes) -> str:
    """What a learner is called in an export: 16 hex digits that only ``key`` leads back from."""
    return blake2b(user_id.to_bytes(8, "big"), key=key, digest_size=8).hexdigest()


def _without_texts(parts: pa.ChunkedArray) -> pa.Array:
    """Answers that were chosen stay, those that were typed go: a choice is the author's text."""
    kept = [
        [one if one["response_type"] in _CHOSEN else one | dict.fromkeys(_TYPED) for one in given or ()]
        for given in parts.to_pylist()
    ]
    return pa.array(kept, parts.type)
