"""What every test may ask for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache, caches

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of sample courses and reference cases beside the checkout; tests skip where it is missing."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip(f"needs the sample courses and reference cases in {folder.name}/ beside the checkout")
    return folder


@pytest.fixture(autouse=True)
def clean_services(request: pytest.FixtureRequest) -> Iterator[None]:
    """After a test that used the database, MongoDB and the cache hold nothing either (Django rolls back its own)."""
    yield
    uses_database = {"db", "transactional_db", "live_server"} & set(request.fixturenames)
    if uses_database or request.node.get_closest_marker("django_db"):
        caches["blocks"].clear()
        caches["events"].clear()
        if settings.ENV["LYKEION_CACHE_URL"]:
            cache.clear()
        if settings.LYKEION_CONTENT_URL:
            _empty_mongo(settings.LYKEION_CONTENT_URL)


def _empty_mongo(url: str) -> None:
    from pymongo import MongoClient  # only where there is a MongoDB

    with MongoClient(url) as client:
        database = client.get_default_database()
        for name in database.list_collection_names():
            database[name].delete_many({})
