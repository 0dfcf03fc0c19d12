"""People who are gone: the lake forgets their number, and takes it in from no log again. No Django.

Their events stay, as somebody's: sums of a course that count events do not change, those that count learners do. What
earlier versions put into a lake and may name anybody goes altogether, whoever is forgotten: payloads of events that no
metric reads, ends of addresses. What is made of the lake and kept elsewhere
(answers, reports) is not known here: see :mod:`lykeion.analytics.kept`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from lykeion.analytics.envelope import kept_target, kept_type
from lykeion.analytics.kinds import KINDS
from lykeion.analytics.lake import ASIDE, RESULTS, Lake

LIST: Final = "forgotten.json"
_PAYLOAD: Final = "payload"
"""A column that ``other`` had: of events caused by a teacher or a job, it named learners."""
_ADDRESSES: Final[dict[str, tuple[str, Callable[[str], str]]]] = {
    "page": ("event_type", kept_type),
    "nav": ("target", kept_target),
}
"""Kind -> the column that may hold addresses, and what is kept of one."""
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
        is_older = _is_older(file, parts[0])
        if not (is_older or _may_hold(file, users)):
            return False
        table = file.read()
    is_one = _is_one(table, users)
    if is_one is None and not is_older:
        return False
    if is_one is not None:
        met({course for course in table.filter(is_one)["course_id"].unique().to_pylist() if course})
        table = _nobodys(table, is_one)
    lake.write_table(_as_of_now(table, parts[0]) if is_older else table, *parts)
    return True


def _is_older(file: pq.ParquetFile, kind: str) -> bool:
    """Whether an earlier version wrote more than is kept now."""
    if kind not in _ADDRESSES:
        return _PAYLOAD in file.schema_arrow.names
    name, kept = _ADDRESSES[kind]
    return any(kept(one) != one for one in file.read([name])[name].unique().to_pylist() if one)


def _as_of_now(table: pa.Table, kind: str) -> pa.Table:
    if kind not in _ADDRESSES:
        return table.drop_columns(_PAYLOAD)
    name, kept = _ADDRESSES[kind]
    values = pa.array([one and kept(one) for one in table[name].to_pylist()], pa.string())
    return _with(table, name, values)


def _with(table: pa.Table, name: str, values: pa.ChunkedArray | pa.Array) -> pa.Table:
    return table.set_column(table.column_names.index(name), table.schema.field(name), values)


def without(users: frozenset[int], table: pa.Table) -> pa.Table | None:
    """``table`` with rows of ``users`` as nobody's; None when it holds none."""
    is_one = _is_one(table, users) if users else None
    return None if is_one is None else _nobodys(table, is_one)


def _is_one(table: pa.Table, users: frozenset[int]) -> pa.ChunkedArray | None:
    """Which rows are those of ``users``; None when there are none."""
    found = pc.is_in(table["user_id"], value_set=pa.array(sorted(users), pa.int64()))
    return found if pc.any(found).as_py() else None


def _nobodys(table: pa.Table, is_one: pa.ChunkedArray) -> pa.Table:
    return _with(table, "user_id", pc.if_else(is_one, pa.scalar(None, pa.int64()), table["user_id"]))


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
