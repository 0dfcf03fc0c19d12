"""People who are gone: the lake forgets their number, and takes it in from no log again. No Django.

Their events stay, as somebody's: sums of a course that count events do not change, those that count learners do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from lykeion.analytics.kinds import COMMON, KINDS
from lykeion.analytics.lake import Lake

LIST: Final = "forgotten.json"
_USER: Final = [name for name, _type in COMMON].index("user_id")
Progress = Callable[[int, int], None]
"""Files looked at, files in all."""


def forgotten(lake: Lake) -> frozenset[int]:
    """The numbers of those whom the lake forgot."""
    return frozenset(lake.read_json(LIST) or ())


def forget(lake: Lake, users: Iterable[int], progress: Progress | None = None) -> int:
    """Takes the numbers of ``users`` out of all that ingest wrote; of how many files. Days that held any are settled
    anew by the next refresh. Whoever is killed is repeated; done again it changes nothing. Raises ``LakeBusy``."""
    wanted = frozenset(users)
    with lake.writing():
        lake.write_json(sorted(forgotten(lake) | wanted), LIST)  # first: no log that is read meanwhile brings them back
        files = [(kind, one.path) for kind in KINDS for one in lake.files(kind)]
        count = 0
        for place, (kind, path) in enumerate(files):
            count += _forget_in(lake, kind, path, wanted)
            if progress is not None:
                progress(place + 1, len(files))
    return count


def _forget_in(lake: Lake, kind: str, path: str, users: frozenset[int]) -> bool:
    with lake.fs.open_input_file(path) as source:
        file = pq.ParquetFile(source)
        if not _may_hold(file.metadata, users):
            return False
        table = file.read()
    left = without(users, table)
    if left is None:
        return False
    lake.write_table(left, *path.removeprefix(f"{lake.root}/").split("/"))
    return True


def without(users: frozenset[int], table: pa.Table) -> pa.Table | None:
    """``table`` with rows of ``users`` as nobody's; None when it holds none."""
    if not users:
        return None
    is_one = pc.is_in(table["user_id"], value_set=pa.array(sorted(users), pa.int64()))
    if not pc.any(is_one).as_py():
        return None
    nobody = pc.if_else(is_one, pa.scalar(None, pa.int64()), table["user_id"])
    return table.set_column(_USER, "user_id", nobody)


def _may_hold(metadata: pq.FileMetaData, users: frozenset[int]) -> bool:
    """Whether any of ``users`` can be in a file, by the least and the greatest number that it says it holds."""
    for group in range(metadata.num_row_groups):
        told = metadata.row_group(group).column(_USER).statistics
        if told is None or not told.has_min_max or any(told.min <= user <= told.max for user in users):
            return True
    return False
