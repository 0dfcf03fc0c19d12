"""Kill -9 at any moment: what learners see is the old version or the new one, and it is whole."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from lykeion.content import cache
from lykeion.content.files import open_hash
from lykeion.content.outline import compile_columns, no_facts
from lykeion.content.stores.mongo import MongoStore
from lykeion.content.trees import hashes_in, walk
from lykeion.content.types import ObjectStore
from tests.content.olx import write

ROOT = Path(__file__).resolve().parents[2]
KILLS = int(os.environ.get("LYKEION_TEST_KILLS", "10"))
RUN = "course-v1:Lykeion+T1+r1"

SETTINGS = """
from lykeion.settings import *
INSTALLED_APPS = ["lykeion.content"]
MIDDLEWARE = []
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with a settings module for the process to be killed, which needs our app only."""
    (tmp_path / "kill_settings.py").write_text(SETTINGS)
    return tmp_path


def environment(home: Path, **more: str) -> dict[str, str]:
    paths = os.pathsep.join([str(home), str(ROOT), str(ROOT / "src")])
    environ = {name: value for name, value in os.environ.items() if not name.startswith("LYKEION_")}
    return {
        **environ,
        "PYTHONPATH": paths,
        "DJANGO_SETTINGS_MODULE": "kill_settings",
        "LYKEION_HOME": str(home),
        **more,
    }


@contextmanager
def at_work(home: Path, environ: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    folders = [str(home / "a"), str(home / "b")]
    with (home / "worker.log").open("a") as log:
        command = [sys.executable, "-m", "tests.content.kill", *folders]
        process = subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=log, text=True)
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n", (home / "worker.log").read_text()
            yield process
        finally:
            process.kill()
            process.communicate()


def kill_many_times(home: Path, environ: dict[str, str], store: ObjectStore) -> set[str]:
    """Starts and kills the process; after each time every version it left is whole. All roots that were seen."""
    sections = "".join(f'<vertical url_name="u{n}"><html url_name="h{n}">{n}</html></vertical>' for n in range(60))
    write(home / "a")
    write(home / "b", {"sequential/s1.xml": f"<sequential>{sections}</sequential>", "static/notes.pdf": "other"})
    seen: set[str] = set()
    for kill in range(KILLS):
        with at_work(home, environ) as process:
            if kill % 2:  # so that something gets done on the slowest machine
                process.stdout.readline()  # type: ignore[union-attr]  # it is a pipe
            time.sleep(random.uniform(0.01, 0.5))
            assert process.poll() is None, (home / "worker.log").read_text()
            process.kill()
            process.wait()
        cache.forget()
        refs = store.refs()
        assert set(refs) in (set(), {f"{RUN}/draft", f"{RUN}/published"})
        for name, root in refs.items():
            seen.add(root)
            assert store.log(name, limit=1)[0].new == root
            assert look_at(store, root) >= 5
    return seen


def look_at(store: ObjectStore, root: str) -> int:
    """Reads all objects and files of a version and compiles it; the number of its blocks."""
    for _, node in walk(store, [root], set()):  # type: ignore[list-item]
        for digest in hashes_in(node):
            with open_hash(digest, "a file") as stream:
                assert stream.read()
    return len(compile_columns(store, root, no_facts).id)  # type: ignore[arg-type]


def test_a_killed_process_leaves_whole_versions_in_sql(
    home: Path, sqlite_store: ObjectStore, settings: object, tmp_path: Path
) -> None:
    environ = environment(home, LYKEION_DATABASE_URL=f"sqlite://{tmp_path}/content.sqlite3")
    settings.LYKEION_FILES = home / "files"  # type: ignore[attr-defined]

    seen = kill_many_times(home, environ, sqlite_store)

    assert len(seen) > 1  # it did get something done


def test_a_killed_process_leaves_whole_versions_in_mongodb(
    home: Path, mongo_store: MongoStore, settings: object, tmp_path: Path
) -> None:
    database = f"sqlite://{tmp_path}/outlines.sqlite3"
    environ = environment(home, LYKEION_CONTENT_URL=mongo_store.url, LYKEION_DATABASE_URL=database)
    settings.LYKEION_FILES = home / "files"  # type: ignore[attr-defined]
    subprocess.run([sys.executable, "-m", "django", "migrate", "--skip-checks", "-v0"], env=environ, check=True)

    seen = kill_many_times(home, environ, mongo_store)

    assert len(seen) > 1  # it did get something done
