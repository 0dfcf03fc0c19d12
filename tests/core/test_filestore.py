"""Files in an object store, as Arrow's own stand-in for one plays it; real ones: ``tests/spark/test_places.py``."""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile, File
from django.utils.timezone import now

from lykeion.core import filestore
from lykeion.core.filestore import CHUNK, FileStore, Whole

_numbers = count()


@pytest.fixture
def url() -> str:
    """The URL of an empty store; unlike a real one it needs its folders made."""
    url = f"mock:///store{next(_numbers)}"
    place, root = filestore._place(url, os.getpid())
    for folder in ("kept/ab/cd", "other"):
        place.create_dir(f"{root}/{folder}", recursive=True)
    return url


@pytest.fixture
def store(url: str) -> FileStore:
    return FileStore(url, "kept")


def test_a_file_is_kept_and_read_from_anywhere_in_it(store: FileStore) -> None:
    content = bytes(range(256)) * 20_000

    assert store.save("ab/cd/1", ContentFile(content)) == "ab/cd/1"

    with store.open("ab/cd/1") as file:
        assert file.read() == content
        file.seek(CHUNK + 7)
        assert file.read(3) == content[CHUNK + 7 : CHUNK + 10]
    assert (store.exists("ab/cd/1"), store.size("ab/cd/1")) == (True, len(content))


def test_a_name_that_is_taken(store: FileStore, url: str) -> None:
    store.save("a", ContentFile(b"old"))

    other = store.save("a", ContentFile(b"new"))
    assert other != "a"
    assert _read(store, "a") == b"old"

    assert FileStore(url, "kept", overwrites=True).save("a", ContentFile(b"newest")) == "a"
    assert _read(store, "a") == b"newest"
    store.replace("a", ContentFile(b"last"))
    assert _read(store, "a") == b"last"


def test_what_is_not_there(store: FileStore) -> None:
    assert not store.exists("gone")
    store.delete("gone")
    assert store.listdir("nowhere") == ([], [])
    for ask in (store.size, store.get_modified_time, store.open, store.renew):
        with pytest.raises(FileNotFoundError):
            ask("gone")


def test_folders_have_files_and_folders(store: FileStore, url: str) -> None:
    for name in ("ab/cd/1", "ab/cd/2", "ab/3", "4"):
        store.save(name, ContentFile(b"x"))
    FileStore(url, "other").save("5", ContentFile(b"x"))

    assert [sorted(names) for names in store.listdir("")] == [["ab"], ["4"]]
    assert [sorted(names) for names in store.listdir("ab")] == [["cd"], ["3"]]
    assert sorted(name for name, _ in store.every()) == ["4", "ab/3", "ab/cd/1", "ab/cd/2"]
    assert all(now() - at < timedelta(days=1) for _, at in store.every())
    store.delete("ab/3")
    assert store.listdir("ab") == (["cd"], [])


def test_renewed_files_are_as_young_as_new_ones(store: FileStore) -> None:
    store.save("a", ContentFile(b"content"))
    before = store.get_modified_time("a")

    store.renew("a")

    assert _read(store, "a") == b"content"
    assert store.get_modified_time("a") >= before
    assert now() - store.get_modified_time("a") < timedelta(days=1)


def test_what_breaks_off_while_it_comes_leaves_what_was_there(store: FileStore) -> None:
    store.save("a", ContentFile(b"old"))

    with pytest.raises(ConnectionError):
        store.replace("a", _Broken())

    assert _read(store, "a") == b"old"


def test_what_is_whole_already_is_sent_as_it_is(store: FileStore, monkeypatch: pytest.MonkeyPatch) -> None:
    content = io.BytesIO(b"content")
    content.seek(0, io.SEEK_END)  # where who wrote it left it

    with monkeypatch.context() as no_room:
        no_room.setattr(filestore, "SpooledTemporaryFile", _no_room)
        store.save("a", Whole(content))
        with pytest.raises(OSError, match="no room"):
            store.save("b", File(content))

    assert _read(store, "a") == b"content"
    assert not store.exists("b")


def test_where_half_a_file_could_be_seen_none_has_the_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file system, as HDFS is one: object stores show nothing before all of it is there."""
    store = FileStore(f"file://{tmp_path}", "kept", overwrites=True)
    store.save("a/b", ContentFile(b"old"))
    seen = []

    def breaks(_source: object, target: Any, _length: int) -> None:
        target.write(b"new, but")
        target.flush()
        seen.append(_read(store, "a/b"))
        raise ConnectionError

    monkeypatch.setattr(shutil, "copyfileobj", breaks)
    with pytest.raises(ConnectionError):
        store.replace("a/b", ContentFile(b"new"))

    assert (seen, _read(store, "a/b"), store.listdir("a")) == ([b"old"], b"old", ([], ["b"]))


@pytest.mark.parametrize("name", ["../other/5", "a/../../x", "a\\..\\..\\x", "./x"])
def test_no_name_leads_out(store: FileStore, name: str) -> None:
    for ask in (store.exists, store.open, store.delete, store.size):
        with pytest.raises(SuspiciousFileOperation):
            ask(name)


def test_files_are_only_read(store: FileStore) -> None:
    with pytest.raises(ValueError, match="mode rb"):
        store.open("a", "wb")


def test_each_process_has_its_own_client(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = filestore._place(url, 1)

    assert filestore._place(url, 1) is mine
    assert filestore._place(url, 2) is not mine


def _no_room(_in_memory: int) -> None:
    raise OSError("no room for temporary files")


class _Broken(File):  # type: ignore[type-arg]  # is no generic at run time
    def __init__(self) -> None:
        super().__init__(io.BytesIO(), "a")

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        yield b"new, but"
        raise ConnectionError


def _read(store: FileStore, name: str) -> bytes:
    with store.open(name) as file:
        content: bytes = file.read()
    return content
