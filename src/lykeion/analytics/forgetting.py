"""People who are gone: the lake forgets their number, and takes it in from no log again. No Django.

Their events stay, as nobody's, with the answers that they gave. Figures of learners, and of what learners did, do not
count them any more; submissions by tag do. The logs are not touched: they have names, addresses and numbers. What is
made of the lake and kept elsewhere (answers, reports) is not known here: see :mod:`lykeion.analytics.kept`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from lykeion.analytics.kinds import KINDS
from lykeion.analytics.lake import ASIDE, RESULTS, Lake

LIST: Final = "forgotten.json"
Progress = Callable[[int, int], None]
"""Files looked at, files in all."""
Met = Callable[[set[str]], None]
"""Called with courses that somebody did something in."""


def forgotten(lake: Lake) -> frozenset[int]:
    """The numbers of those whom the lake forgot."""
    return frozenset(lake.read_json(LIST) or ())


def forget(lake: Lake, users: Iterable[int], progress: Progress | None = None, met: Met = lambda courses: None) -> int:
    """Takes the numbers of ``users`` out of all that ingest wrote and commands measured; of how many files. Lines that
    are no events go altogether: nobody can tell whose they are. Days that held any are settled anew by the next
    settling. ``met`` hears of the courses of each file before it is changed. Whoever is killed is repeated; done again
    it changes nothing. Raises ``LakeBusy``."""
    wanted = frozenset(users)
    with lake.writing():
        lake.write_json(sorted(forgotten(lake) | wanted), LIST)  # first: no log that is read meanwhile brings them back
        lake.keep_only([], ASIDE)
        files = [one.path for kind in KINDS for one in lake.files(kind)]
        measured = [one.path for one in lake.files(RESULTS)]
        count = 0
        for place, path in enumerate([*files, *measured]):
            count += _forget_in(lake, path, wanted, met)
            if progress is not None:
                progress(place + 1, len(files) + len(measured))
    return count


def _forget_in(lake: Lake, path: str, users: frozenset[int], met: Met) -> bool:
    parts = path.removeprefix(f"{lake.root}/").split("/")
    with lake.fs.open_input_file(path) as source:
        file = pq.ParquetFile(source)
        if not _may_hold(file, users):
            return False
        table = file.read()
    is_one = _is_one(table, users)
    if is_one is None:
        return False
    met({course for course in table.filter(is_one)["course_id"].unique().to_pylist() if course})
    lake.write_table(_nobodys(table, is_one), *parts)
    return True


def without(users: frozenset[int], table: pa.Table) -> pa.Table | None:
    """``table`` with rows of ``users`` as nobody's; None when it holds none."""
    is_one = _is_one(table, users) if users else None
    return None if is_one is None else _nobodys(table, is_one)


def _is_one(table: pa.Table, users: frozenset[int]) -> pa.ChunkedArray | None:
    """Which rows are those of ``users``; None when there are none."""
    found = pc.is_in(table["user_id"], value_set=pa.array(sorted(users), pa.int64()))
    return found if pc.any(found).as_py() else None


def _nobodys(table: pa.Table, is_one: pa.ChunkedArray) -> pa.Table:
    place = table.schema.get_field_index("user_id")
    kept = pc.if_else(is_one, pa.scalar(None, pa.int64()), table["user_id"])
    return table.set_column(place, table.schema.field(place), kept)


def _may_hold(file: pq.ParquetFile, users: frozenset[int]) -> bool:
    """Whether any of ``users`` can be in a file, by the least and the greatest number that it says it holds."""
    if "user_id" not in file.schema_arrow.names:
        return False
    place = file.schema_arrow.names.index("user_id")
    for group in range(file.metadata.num_row_groups):
        told = file.metadata.row_group(group).column(place).statistics
        if told is None or not told.has_min_max or any(told.min <= user <= told.max for user in users):
            return True
    return False
