"""A site that keeps its files in S3, as moto plays it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile

from lykeion.content import files
from lykeion.content.stores.batches import REFRESH_AFTER
from lykeion.core.filestore import CHUNK, FileStore
from lykeion.core.storages import far_storages
from lykeion.olx.types import CourseFile
from tests.homes import GIVEN, LYKEION

SITE = """
from lykeion.commands.start import start
start()
from django.conf import settings
from django.test import Client
from lykeion.content import api as content
from lykeion.core.keys import parse_run

run = parse_run("course-v1:Lykeion+LEARN1+demo")
root = content.head(run, "published")
path = max(content.files(root), key=lambda path: content.file(root, path).size)
stored = content.file(root, path)
with content.open_file(stored) as file:
    whole = file.read()
address = f"/asset-v1:Lykeion+LEARN1+demo+type@asset+block/{path}"
client = Client(SERVER_NAME="127.0.0.1")
part, all_of_it = client.get(address, headers={"Range": "bytes=10-29"}), client.get(address)
told = (part.status_code, b"".join(part) == whole[10:30], all_of_it.status_code, b"".join(all_of_it) == whole)
print(path, *told, (settings.HOME / "files").exists())
"""


@pytest.fixture
def store(bucket: str) -> FileStore:
    return FileStore(bucket.format("site"), "kept", overwrites=True)


def test_files_of_many_parts_come_and_go(store: FileStore) -> None:
    content = os.urandom(CHUNK) * 21  # more than a part of S3

    store.save("ab/1", ContentFile(content))
    store.save("ab/1", ContentFile(content + b"!"))

    with store.open("ab/1") as file:
        file.seek(20 * CHUNK + 5)
        assert file.read() == content[20 * CHUNK + 5 :] + b"!"
    assert (store.size("ab/1"), store.listdir(""), store.listdir("ab")) == (
        len(content) + 1,
        (["ab"], []),
        ([], ["1"]),
    )
    store.renew("ab/1")
    store.delete("ab/1")
    assert not store.exists("ab/1")


def test_course_files_that_a_writer_counts_on_are_young_again(
    bucket: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.STORAGES = {**settings.STORAGES, **far_storages(bucket.format("site"))}
    [(counted_on, _), (other, _)] = files.store_files([CourseFile("a", 1, b"a"), CourseFile("b", 1, b"b")])
    soon = time.time() + 1  # stores tell whole seconds
    assert sorted(files.old_files(touched_before=soon)) == sorted([counted_on, other])
    time.sleep(2.1)

    with monkeypatch.context() as later:
        later.setattr("time.time", lambda: soon + 2 * REFRESH_AFTER)
        files.keep_files([counted_on])

    assert list(files.old_files(touched_before=soon)) == [other]
    assert files.delete_files([counted_on, other], touched_before=soon) == 1
    with files.open_hash(counted_on, "a") as content:
        assert content.read() == b"a"


def test_a_bucket_that_is_not_there_is_named(bucket: str) -> None:
    with pytest.raises(OSError, match="nobody"):
        FileStore(bucket.replace("lykeion", "nobody").format("site"), "kept").save("a", ContentFile(b"x"))


def test_a_course_is_imported_to_the_bucket_and_served_from_it(bucket: str, tmp_path: Path) -> None:
    url = bucket.format("site")
    environ = {
        **GIVEN,
        **{name: os.environ[name] for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")},
        "DJANGO_SETTINGS_MODULE": "lykeion.settings",
        "LYKEION_HOME": str(tmp_path),
        "LYKEION_FILES_URL": url,
    }

    subprocess.run([*LYKEION, "seed"], env=environ, check=True, timeout=240)
    served = _said([sys.executable, "-c", SITE], environ)
    checked = _said([*LYKEION, "check"], environ)

    assert served.split()[1:] == ["206", "True", "200", "True", "False"]
    assert "file storage answers (s3)" in checked


def _said(command: list[str], environ: dict[str, str]) -> str:
    return subprocess.run(command, env=environ, check=False, timeout=60, stdout=subprocess.PIPE, text=True).stdout
