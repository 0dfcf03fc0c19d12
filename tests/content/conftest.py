"""Stores to test: SQLite always, MariaDB and MongoDB where the environment names a server."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from pytest_django import DjangoDbBlocker

from lykeion.content import api, cache
from lykeion.content.stores.mongo import MongoStore
from lykeion.content.stores.sql import SqlStore
from lykeion.content.types import ObjectStore
from lykeion.core.databases import database

MYSQL = "LYKEION_TEST_MYSQL_URL"
MONGO = "LYKEION_TEST_MONGO_URL"


@pytest.fixture(autouse=True)
def _fresh(tmp_path_factory: pytest.TempPathFactory, settings: object) -> Iterator[None]:
    """Every test has files of its own and empty caches."""
    settings.LYKEION_FILES = tmp_path_factory.mktemp("home") / "files"  # type: ignore[attr-defined]
    cache.forget()
    yield
    cache.forget()


@pytest.fixture
def here(db: None) -> ObjectStore:
    """The store of the site itself, whatever this run of the tests puts it on."""
    return api.store()


@pytest.fixture(params=["sqlite", "mysql", "mongo"])
def store(request: pytest.FixtureRequest) -> ObjectStore:
    """The object store on each kind of server, empty."""
    found: ObjectStore = request.getfixturevalue(f"{request.param}_store")
    return found


@pytest.fixture
def sqlite_store(tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[ObjectStore]:
    """In an SQLite file of its own."""
    with django_db_blocker.unblock(), _tables("sqlite_store", f"sqlite://{tmp_path}/content.sqlite3"):
        yield SqlStore("sqlite_store")


@pytest.fixture
def mysql_store(django_db_blocker: DjangoDbBlocker) -> Iterator[ObjectStore]:
    """In a throw-away database on the MariaDB or MySQL server of the environment."""
    url = os.environ.get(MYSQL)
    if not url:
        pytest.skip(f"set {MYSQL}=mysql://user:password@host:port/name to try a MariaDB or MySQL server")
    name = f"test_content_{uuid.uuid4().hex[:8]}"
    with django_db_blocker.unblock(), _connection("mysql_server", url) as server:
        server.cursor().execute(f"CREATE DATABASE {name} CHARACTER SET utf8mb4")
        try:
            with _tables("mysql_store", urlsplit(url)._replace(path=f"/{name}").geturl()):
                yield SqlStore("mysql_store")
        finally:
            server.cursor().execute(f"DROP DATABASE {name}")


@pytest.fixture
def mongo_store() -> Iterator[ObjectStore]:
    """In a throw-away database on the MongoDB server of the environment."""
    url = os.environ.get(MONGO)
    if not url:
        pytest.skip(f"set {MONGO}=mongodb://host:port/ to try a MongoDB server")
    pymongo = pytest.importorskip("pymongo")
    parts = urlsplit(url)
    name = f"test_content_{uuid.uuid4().hex[:8]}"
    store = MongoStore(parts._replace(path=f"/{name}").geturl())
    try:
        yield store
    finally:
        store.close()
        with pymongo.MongoClient(url) as client:
            client.drop_database(name)


@contextmanager
def _connection(alias: str, url: str) -> Iterator[BaseDatabaseWrapper]:
    """A further database connection of Django."""
    connections.databases[alias] = connections.configure_settings({"default": database(url, Path())})["default"]
    try:
        yield connections[alias]
    finally:
        connections[alias].close()
        del connections.databases[alias]
        del connections[alias]


@contextmanager
def _tables(alias: str, url: str) -> Iterator[None]:
    """A further database of Django with the tables of content."""
    with _connection(alias, url):
        call_command("migrate", "content", database=alias, verbosity=0)
        yield
