"""Ten authors at work in one course, each in a process of their own: nothing is lost, nobody is turned away."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.db import connections

from lykeion.content.outline import compile_columns, no_facts
from lykeion.content.roots import head_of
from lykeion.content.shapes import children, way
from lykeion.content.stores.mongo import MongoStore
from lykeion.content.types import ObjectStore
from tests.content.conftest import MYSQL
from tests.content.test_kill import environment, home
from tests.content.trees import RUN, make_run, root_of

__all__ = ["home"]
AUTHORS = [f"author{number}" for number in range(10)]
TURNS = int(os.environ.get("LYKEION_TEST_TURNS", "6"))


def fill(store: ObjectStore) -> None:
    """A course with a unit for each author, and one with a block of each."""
    units = [(f"vertical@{name}", (f"html@{name}", {"data": "old"})) for name in AUTHORS]
    walkers = [(f"html@{name}_walker",) for name in AUTHORS]
    common = ("vertical@common", ("html@shared", {"marks": []}), *walkers)
    make_run(store, root_of(store, ("chapter@c", ("sequential@s", common, *units))))


def work(environ: dict[str, str]) -> list[dict[str, Any]]:
    """What each author says they got done, after all have worked at once."""
    command = [sys.executable, "-m", "tests.content.authoring", str(TURNS), *AUTHORS]
    told = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=120, check=False)
    assert told.returncode == 0, told.stderr
    found: list[dict[str, Any]] = json.loads(told.stdout)
    return found


def look(store: ObjectStore, done: list[dict[str, Any]]) -> None:
    """The draft holds everything that everybody did, each once; what was published is each one's own unit."""
    draft, published = (head_of(store, RUN, branch) for branch in ("draft", "published"))  # type: ignore[arg-type]
    course = dict(store.get_many([draft])[draft].children)["course"]

    def fields(ref: str) -> Any:
        steps = way(store, course, ref)
        assert steps is not None
        return store.get_many([steps[-1].object_id])[steps[-1].object_id].fields

    columns = compile_columns(store, draft, no_facts)
    blocks = list(zip(columns.type, columns.id, strict=True))
    assert len(blocks) == len(set(blocks))
    shared = dict(fields("html@shared"))
    assert sorted(shared.pop("marks")) == sorted(mark for one in done for mark in one["listed"])
    assert shared == {name: one["signed"] for name, one in zip(AUTHORS, done, strict=True)}
    for name, one in zip(AUTHORS, done, strict=True):
        assert fields(f"html@{name}") == {"data": one["text"]}
        walker, own = way(store, course, f"html@{name}_walker"), way(store, course, f"vertical@{name}")
        assert walker is not None
        assert own is not None
        assert walker[-2].ref == one["unit"]
        for ref in one["added"]:
            assert fields(ref) == {"data": "new"}
        there = way(store, dict(store.get_many([published])[published].children)["course"], own[-1].ref)
        assert there is not None
        assert [step.ref for step in children(store, there[-1].object_id)][-1] == f"html@{name}"
    assert len(blocks) == 4 + 1 + len(AUTHORS) * 3 + sum(len(one["added"]) for one in done)


def test_ten_authors_lose_nothing_in_sqlite(home: Path, sqlite_store: ObjectStore, tmp_path: Path) -> None:
    fill(sqlite_store)

    done = work(environment(home, LYKEION_DATABASE_URL=f"sqlite://{tmp_path}/content.sqlite3"))

    look(sqlite_store, done)


def test_ten_authors_lose_nothing_in_mysql(home: Path, mysql_store: ObjectStore) -> None:
    name = connections["mysql_store"].settings_dict["NAME"]
    url = f"{os.environ[MYSQL].rpartition('/')[0]}/{name}"
    fill(mysql_store)

    done = work(environment(home, LYKEION_DATABASE_URL=url))

    look(mysql_store, done)


def test_ten_authors_lose_nothing_in_mongodb(home: Path, mongo_store: MongoStore, tmp_path: Path) -> None:
    database = f"sqlite://{tmp_path}/outlines.sqlite3"
    environ = environment(home, LYKEION_CONTENT_URL=mongo_store.url, LYKEION_DATABASE_URL=database)
    subprocess.run([sys.executable, "-m", "django", "migrate", "--skip-checks", "-v0"], env=environ, check=True)
    fill(mongo_store)

    done = work(environ)

    look(mongo_store, done)
