"""Course files under their hash."""

from __future__ import annotations

import os
import threading
from hashlib import blake2b
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import InMemoryStorage

from lykeion.content import files
from lykeion.content.types import ContentError, StoredFile
from lykeion.core import filestore
from lykeion.olx.types import CourseFile


def source(data: bytes) -> CourseFile:
    return CourseFile("static/a", len(data), data)


def hash_of(data: bytes) -> str:
    return blake2b(data, digest_size=24).hexdigest()


def kept() -> list[Path]:
    return sorted(path for path in settings.LYKEION_FILES.rglob("*") if path.is_file())


def test_the_same_content_is_kept_once_under_its_hash() -> None:
    stored = files.store_files([source(b"one"), source(b"two"), source(b"one"), source(b"")])

    assert stored == [(hash_of(data), len(data)) for data in (b"one", b"two", b"one", b"")]
    assert {path.name for path in kept()} == {hash_of(data) for data in (b"one", b"two", b"")}


def test_a_file_that_changes_while_it_is_stored_gets_the_hash_of_what_was_stored() -> None:
    versions = [b"first", b"second"]

    [(digest, size)] = files.store_files([CourseFile("static/a", 5, lambda: BytesIO(versions.pop(0)))])

    assert (digest, size) == (hash_of(b"second"), 6)
    assert [path.read_bytes() for path in kept()] == [b"second"]


def test_a_cut_off_file_of_the_same_name_is_replaced() -> None:
    files.store_files([source(b"whole")])
    kept()[0].write_bytes(b"wh")

    files.store_files([source(b"whole")])

    assert [path.read_bytes() for path in kept()] == [b"whole"]


def test_nothing_is_left_of_a_file_that_cannot_be_read() -> None:
    class Broken(BytesIO):
        def read(self, *_args: object) -> bytes:
            raise OSError("the disk is gone")

    opened = iter([BytesIO(b"x"), Broken()])

    with pytest.raises(OSError, match="the disk is gone"):
        files.store_files([CourseFile("static/a", 1, lambda: next(opened))])

    assert kept() == []


def test_several_writers_of_one_file_do_not_disturb_each_other() -> None:
    data = b"x" * 3_000_000
    threads = [threading.Thread(target=files.store_files, args=([source(data)] * 4,)) for _ in range(4)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [path.read_bytes() == data for path in kept()] == [True]


def test_a_stored_file_can_be_read_and_a_missing_one_is_named() -> None:
    [(digest, size)] = files.store_files([source(b"one")])

    with files.open_file(StoredFile("a.txt", digest, size, "text/plain")) as stream:
        assert stream.read() == b"one"
    with pytest.raises(ContentError, match=r"The course file a\.txt \(0{48}\) is missing"):
        files.open_file(StoredFile("a.txt", "0" * 48, 3, "text/plain"))


def test_old_files_are_deleted_unless_somebody_counts_on_them() -> None:
    files.store_files([source(b"old"), source(b"kept"), source(b"stored again"), source(b"new")])
    for path in kept():
        if path.name != hash_of(b"new"):
            os.utime(path, (1000, 1000))
    unfinished = settings.LYKEION_FILES / ".0123"
    unfinished.write_text("killed")
    os.utime(unfinished, (1000, 1000))

    listed = sorted(files.old_files(touched_before=2000))
    files.keep_files([hash_of(b"kept")])
    files.store_files([source(b"stored again")])
    gone = files.delete_files(listed, touched_before=2000)

    assert listed == sorted(map(hash_of, (b"old", b"kept", b"stored again")))
    assert gone == 1
    assert {path.name for path in kept()} == {hash_of(data) for data in (b"kept", b"stored again", b"new")}


def test_a_file_that_is_gone_cannot_be_kept() -> None:
    with pytest.raises(ContentError, match="is missing from the file storage"):
        files.keep_files(["0" * 48])


def test_there_may_be_no_files_at_all() -> None:
    assert list(files.old_files(touched_before=2000)) == []


def test_another_storage_of_django_does_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    place = InMemoryStorage()
    monkeypatch.setattr(files, "storage", lambda: place)

    first, second = files.store_files([source(b"one")]), files.store_files([source(b"one")])

    assert first == second == [(hash_of(b"one"), 3)]
    with files.open_hash(hash_of(b"one"), "a.txt") as stream:
        assert stream.read() == b"one"


def test_a_file_on_its_way_to_an_object_store_is_written_aside_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = filestore.FileStore(f"file://{tmp_path}", "files", overwrites=True)
    monkeypatch.setattr(files, "storage", lambda: place)
    monkeypatch.setattr(filestore, "SpooledTemporaryFile", None)  # a second one cannot be made
    data = b"x" * (2 * files.CHUNK + 1)

    stored = files.store_files([source(data), source(b"")])

    assert stored == [(hash_of(data), len(data)), (hash_of(b""), 0)]
    with files.open_hash(hash_of(data), "a.txt") as stream:
        assert stream.read() == data
