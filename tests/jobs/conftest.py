"""Jobs of the tests, and homes of their own with a real database for tests with several processes."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from urllib.parse import urlsplit, urlunsplit

import pytest

from lykeion.jobs import registry
from tests.jobs.home import Home, connection_to

MYSQL = "LYKEION_TEST_MYSQL_URL"


@pytest.fixture(scope="module", params=["sqlite", *(["mysql"] if os.environ.get(MYSQL) else [])])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A home on each kind of database that is there."""
    with (
        _mysql(os.environ[MYSQL]) if request.param == "mysql" else nullcontext("") as url,
        Home(tmp_path_factory.mktemp("home"), url) as made,
    ):
        yield made


@pytest.fixture
def home(site: Home) -> Home:
    """An empty home, on each kind of database."""
    site.clear()
    return site


@contextmanager
def _mysql(url: str) -> Iterator[str]:
    """The address of a throw-away database on the server at ``url``."""
    name = f"test_jobs_{uuid.uuid4().hex[:8]}"
    server = connection_to(url)
    server.cursor().execute(f"CREATE DATABASE {name} CHARACTER SET utf8mb4")
    try:
        yield urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
    finally:
        server.cursor().execute(f"DROP DATABASE {name}")
        server.close()


@pytest.fixture
def registered() -> Iterator[None]:
    """Jobs that a test registers are gone afterwards."""
    before = dict(registry._kinds)
    yield
    registry._kinds.clear()
    registry._kinds.update(before)
