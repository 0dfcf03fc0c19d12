"""People who are gone: the lake forgets their number, and takes it in from no log again. No Django.

Their events stay, as somebody's: sums of a course that count events do not change, those that count learners do. Of
events that no metric reads their payload goes too: it may say whose it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from lykeion.analytics.kinds import KINDS
from lykeion.analytics.lake import RESULTS, Lake

LIST: Final = "forgotten.json"
_TELLING: Final = frozenset({"user_id", "payload"})
Progress = Callable[[int, int], None]
"""Files looked at, files in all."""


def forgotten(lake: Lake) -> frozenset[int]:
    """The numbers of those whom the lake forgot."""
    return frozenset(lake.read_json(LIST) or ())


def forget(lake: Lake, users: Iterable[int], progress: Progress | None = None) -> int:
    """Takes the numbers of ``users`` out of all that ingest wrote and commands measured; of how many files. Days that
    held any are settled anew by the next refresh. Whoever is killed is repeated; done again it changes nothing. Raises
    ``LakeBusy``."""
    wanted = frozenset(users)
    with lake.writing():
        lake.write_json(sorted(forgotten(lake) | wanted), LIST)  # first: no log that is read meanwhile brings them back
        files = [one.path for kind in KINDS for one in lake.files(kind)]
        listed = [one.path for one in lake.files(RESULTS, "learners")]
        count = 0
        for place, path in enumerate([*files, *listed]):
            count += _forget_in(lake, path, wanted)
            if progress is not None:
                progress(place + 1, len(files) + len(listed))
    return count


def _forget_in(lake: Lake, path: str, users: frozenset[int]) -> bool:
    with lake.fs.open_input_file(path) as source:
        file = pq.ParquetFile(source)
        if not _may_hold(file, users):
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
    for name in _TELLING & set(table.column_names):
        place = table.column_names.index(name)
        nobodys = pc.if_else(is_one, pa.scalar(None, table[name].type), table[name])
        table = table.set_column(place, table.schema.field(name), nobodys)
    return table


def _may_hold(file: pq.ParquetFile, users: frozenset[int]) -> bool:
    """Whether any of ``users`` can be in a file, by the least and the greatest number that it says it holds."""
    place = file.schema_arrow.names.index("user_id")
    for group in range(file.metadata.num_row_groups):
        told = file.metadata.row_group(group).column(place).statistics
        if told is None or not told.has_min_max or any(told.min <= user <= told.max for user in users):
            return True
    return False
