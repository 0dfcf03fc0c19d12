"""The lake: one folder of Parquet files, wherever its URL points. No Django; any number of processes may read.

    <kind>/dt=2026-11-27/<source>-<chunk>.parquet   what ingest wrote, one file for each chunk of a source
    settled/<kind>/dt=2026-11-27/data.parquet       the same, each event once, sorted by course and time (Spark may make
                                                    several: data-00001.parquet and so on)
    ledger/<source>.json                            which chunks of a source were read, and what was in them
    aside/<source>-<chunk>.jsonl                    lines that are no events, each with its reason
    settled.json                                    which state of each day is settled
    results/<metric>/data.parquet                   what a command measured
    _lock/                                          who writes, in a lake that is no folder of this machine

A file appears under its name when it is whole (written aside, then moved), so readers never see a part of one.
"""

from __future__ import annotations

import fcntl
import filecmp
import json
import os
import secrets
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import fs

from lykeion.analytics import locking
from lykeion.analytics.kinds import KINDS, PART, TAG, Columns
from lykeion.core import places
from lykeion.core.errors import LykeionError

_TYPES: Final = {
    "int": pa.int64(),
    "float": pa.float64(),
    "text": pa.string(),
    "bool": pa.bool_(),
    "time": pa.timestamp("us"),
}
_TMP: Final = "_tmp"
_LOCK: Final = "_lock"
_ROWS: Final = 200_000
"""Of a row group."""
RESULTS: Final = "results"
"""The folder of what was measured."""
ASIDE: Final = "aside"
"""The folder of lines that are no events."""
_NAMED: Final = "--lake or LYKEION_LAKE_URL names it."


class LakeError(LykeionError):
    """The lake cannot be reached, or something in it is damaged."""


class LakeBusy(LakeError):
    """Somebody else is writing to the lake."""


def schema_of(columns: Columns) -> pa.Schema:
    """The Arrow schema of a table's columns."""
    lists = {"parts": PARTS_TYPE, "tags": TAGS_TYPE}
    return pa.schema([(name, lists.get(kind) or _TYPES[kind]) for name, kind in columns])


PARTS_TYPE: Final = pa.list_(pa.struct([(name, _TYPES[kind]) for name, kind in PART]))
TAGS_TYPE: Final = pa.list_(pa.struct([(name, _TYPES[kind]) for name, kind in TAG]))
SCHEMAS: Final[dict[str, pa.Schema]] = {kind: schema_of(columns) for kind, columns in KINDS.items()}


def existing(url: str) -> Lake:
    """The lake at ``url``, which is there. Raises :class:`LakeError` where nothing is, and makes nothing."""
    try:
        system, root = places.opened(url)
        is_there = system.get_file_info(root).type == fs.FileType.Directory
    except (OSError, places.PlaceError) as error:
        raise LakeError(f"There is no lake: {error} {_NAMED}") from error
    if not is_there:
        raise LakeError(f"There is no lake at {places.told(url)}: `lykeion lake ingest` makes one of logs. {_NAMED}")
    return Lake(url)


class Lake:
    """The lake at ``url``: a folder, or ``hdfs://``, ``s3://``, ``gs://``, ``abfs://``. ``ticket``: that of who holds
    :meth:`writing`, for another process that writes in their name.

    Raises :class:`LakeError` when the place cannot be reached.
    """

    def __init__(self, url: str, ticket: str = "") -> None:
        self._ticket = ticket
        self._is_held = False
        self._claim: locking.Claim | None = None
        try:
            self.fs, self.root = places.opened(url)
            self.url = url if "://" in url else self.root  # processes elsewhere have other folders to begin in
            self.is_local = isinstance(self.fs, fs.LocalFileSystem)
            if self.is_local:
                Path(self.root).mkdir(parents=True, exist_ok=True)
        except places.PlaceError as error:
            raise LakeError(f"There is no lake: {error} {_NAMED}") from error
        except OSError as error:
            words = f"There can be no lake at {places.told(url)} ({error.strerror or error})"
            raise LakeError(f"{words}: it wants a folder that this user may write to. {_NAMED}") from error

    def path(self, *parts: str) -> str:
        """The full path of something in the lake."""
        return "/".join((self.root, *parts))

    def address(self, path: str) -> str:
        """How Spark calls a full path."""
        return places.address(self.url, path)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Held by the one who writes, wherever the lake lies; a second one raises :class:`LakeBusy`. Who holds it may
        take it again, and has it until the outermost block ends."""
        if self._is_held:
            yield
            return
        with self._locked() if self.is_local else self._claimed():
            self._is_held = True
            try:
                self._sweep()
                yield
            finally:
                self._is_held = False

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """In a folder of this machine the system keeps the lock, for as long as the process lives."""
        try:
            lock = Path(self.path(".lock")).open("w")  # noqa: SIM115  # the next line closes it
        except OSError as error:
            words = f"Nothing can be written to the lake {self.url} ({error.strerror})"
            raise LakeError(f"{words}: let this user write there, or take another. {_NAMED}") from error
        with lock as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise LakeBusy(f"Somebody else is writing to the lake {self.url}. Try again in a moment.") from error
            yield

    @contextmanager
    def _claimed(self) -> Iterator[None]:
        """Elsewhere whoever writes says so in the lake itself; one who was killed is waited for, for a while."""
        try:
            with locking.held(self.fs, self.path(_LOCK)) as self._claim:
                yield
        except locking.Taken as taken:
            who = f" ({taken})" if str(taken) else ""
            words = f"Somebody else{who} is writing to the lake {places.told(self.url)}. Try again in a moment;"
            raise LakeBusy(f"{words} if they were killed, in {locking.LEASE / 60:.0f} minutes.") from taken
        finally:
            self._claim = None

    @property
    def ticket(self) -> str:
        """What tells others who write in one's name that the lock is still held; '' where it cannot be lost."""
        return self._claim.name if self._claim is not None else self._ticket

    def _check(self) -> None:
        """Before anything that others read is changed: whoever lost the lock must not."""
        try:
            if self._claim is not None:
                self._claim.check()
            elif self._ticket and self.fs.get_file_info(self.path(_LOCK, self._ticket)).type != fs.FileType.File:
                raise locking.Lost
        except locking.Lost as error:
            raise LakeBusy(
                f"The lock of the lake {places.told(self.url)} was lost: for too long the lake could not be reached, "
                "or this machine slept. What was written stays; do it again."
            ) from error

    def try_to_write(self) -> None:
        """Writes a file that no reader sees, and removes it. Raises ``OSError`` when that cannot be done."""
        name = secrets.token_hex(12)
        self.fs.create_dir(self.path(_TMP), recursive=True)
        with self.fs.open_output_stream(self.path(_TMP, name)) as sink:
            sink.write(b"check")
        self.remove(_TMP, name)

    def _sweep(self) -> None:
        """Removes what a killed writer left half done."""
        self.fs.create_dir(self.path(_TMP), recursive=True)
        self.fs.delete_dir_contents(self.path(_TMP))

    # Writing: whole or not at all

    def write_table(self, table: pa.Table, *parts: str) -> None:
        """Puts ``table`` under this name: quickly, for it is written again when its day is settled."""
        whole = pa.BufferOutputStream()  # a file of the system would be written to for each page of each column
        with _writer(whole, table.schema, compression="snappy", write_statistics=["user_id"]) as writer:
            writer.write_table(table, row_group_size=_ROWS)
        with self._new(*parts) as sink:
            sink.write(whole.getvalue())

    def write_batches(
        self, schema: pa.Schema, batches: Iterator[pa.RecordBatch] | list[pa.RecordBatch], *parts: str
    ) -> None:
        """Puts a table under this name as its batches come."""
        with self._new(*parts) as sink, _writer(sink, schema, compression="zstd") as writer:
            for batch in batches:
                if batch.num_rows:
                    writer.write_batch(batch, row_group_size=_ROWS)

    def write_text(self, text: str, *parts: str) -> None:
        """Puts ``text`` under this name."""
        with self._new(*parts) as sink:
            sink.write(text.encode())

    def write_json(self, value: Any, *parts: str) -> None:
        """Puts ``value`` under this name."""
        self.write_text(json.dumps(value, separators=(",", ":"), sort_keys=True), *parts)

    @contextmanager
    def _new(self, *parts: str) -> Iterator[Any]:
        aside, target = self.path(_TMP, secrets.token_hex(12)), self.path(*parts)
        self.fs.create_dir(self.path(_TMP), recursive=True)
        try:
            with self.fs.open_output_stream(aside) as sink:
                yield sink
        except BaseException:
            self.remove(_TMP, aside.rpartition("/")[2])
            raise
        self._move(aside, target)

    def _move(self, aside: str, target: str) -> None:
        self._check()
        self.fs.create_dir(target.rpartition("/")[0], recursive=True)
        if self.is_local:
            if Path(target).exists() and filecmp.cmp(aside, target, shallow=False):
                Path(aside).unlink()  # what reads files by their age sees that nothing changed
                return
            os.replace(aside, target)  # noqa: PTH105  # paths are texts here, for every kind of place
            return
        try:
            self.fs.move(aside, target)
        except NotImplementedError:  # Azure's plain accounts only copy, and what is copied appears whole too
            self.fs.copy_file(aside, target)
            self.fs.delete_file(aside)

    @contextmanager
    def aside(self) -> Iterator[str]:
        """The full path of a folder that readers do not see, for what is not whole yet; it is gone afterwards."""
        path = self.path(_TMP, secrets.token_hex(12))
        try:
            yield path
        finally:
            if self.fs.get_file_info(path).type == fs.FileType.Directory:
                self.fs.delete_dir(path)

    def adopt(self, aside: str, *folder: str) -> None:
        """Moves the Parquet files that lie in ``aside`` into a folder, in place of what is there: in order of their
        names as ``data.parquet``, ``data-00001.parquet`` and so on."""
        found = [one.path for one in self._below(aside) if one.base_name.endswith(".parquet")]
        names = [f"data-{number:05}.parquet" if number else "data.parquet" for number in range(len(found))]
        for path, name in zip(found, names, strict=True):
            self._move(path, self.path(*folder, name))
        self.keep_only(names, *folder)

    def keep_only(self, names: Collection[str], *folder: str) -> None:
        """Removes all files of a folder but these."""
        for one in self.files(*folder):
            if one.base_name not in names:
                self._check()
                self.fs.delete_file(one.path)

    def remove(self, *parts: str) -> None:
        """Removes a file, if it is there."""
        if self.fs.get_file_info(self.path(*parts)).type == fs.FileType.File:
            if parts[0] != _TMP:
                self._check()
            self.fs.delete_file(self.path(*parts))

    # Reading

    def read_json(self, *parts: str) -> Any:
        """What is kept under this name; None when nothing is. Raises :class:`LakeError` when it is no JSON."""
        if self.fs.get_file_info(self.path(*parts)).type != fs.FileType.File:
            return None
        with self.fs.open_input_stream(self.path(*parts)) as stream:
            data = stream.read()
        try:
            return json.loads(data)
        except ValueError as error:
            raise LakeError(
                f"{'/'.join(parts)} in the lake {places.told(self.url)} is damaged: remove it, and ingest again."
            ) from error

    def files(self, *parts: str) -> list[fs.FileInfo]:
        """All files below a folder, by name; none when there is no such folder."""
        return self._below(self.path(*parts))

    def _below(self, path: str) -> list[fs.FileInfo]:
        found = self.fs.get_file_info(fs.FileSelector(path, recursive=True, allow_not_found=True))
        return sorted((one for one in found if one.type == fs.FileType.File), key=lambda one: one.path)

    def days(self, kind: str) -> dict[str, list[fs.FileInfo]]:
        """Day -> the files that ingest wrote for this kind."""
        found: dict[str, list[fs.FileInfo]] = {}
        for one in self.files(kind):
            day = one.path.rsplit("/", 2)[-2].removeprefix("dt=")
            found.setdefault(day, []).append(one)
        return found

    def table(self, files: Sequence[str], schema: pa.Schema) -> Any:
        """These files (full paths) as one data set, which engines read as they need it."""
        from pyarrow import dataset  # 20 ms, only where tables are read

        return dataset.dataset(list(files), schema=schema, format="parquet", filesystem=self.fs)


def _writer(sink: Any, schema: pa.Schema, **options: Any) -> pq.ParquetWriter:
    """Dictionaries are for what is told again and again: numbers of events are not, and times are near to those before
    them."""
    times = [one.name for one in schema if one.type == _TYPES["time"]]
    told_again = [path for path in _leaves(schema) if path not in ("event_id", *times)]
    encoding = dict.fromkeys(times, "DELTA_BINARY_PACKED")
    return pq.ParquetWriter(sink, schema, use_dictionary=told_again, column_encoding=encoding or None, **options)


def _leaves(schema: pa.Schema) -> list[str]:
    """How Parquet calls the columns of a table, of lists of structures those within."""
    found = []
    for field in schema:
        within = field.type.value_type if pa.types.is_list(field.type) else None
        if within is not None and pa.types.is_struct(within):
            found += [f"{field.name}.list.element.{one.name}" for one in within]
        else:
            found.append(field.name if within is None else f"{field.name}.list.element")
    return found
