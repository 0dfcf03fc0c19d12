"""The site of all blocks of others, and the people on it, for the tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import browser  # noqa: F401  a fixture
from tests.ecosystem.hosts import Cast, Site, all_units, hosting


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site with every unit of ``units/``; settings and further sites: :func:`~tests.ecosystem.hosts.hosting`."""
    with hosting(tmp_path_factory.mktemp("ecosystem"), units=all_units()) as site:
        yield site


@pytest.fixture(scope="session")
def everybody(browser: Browser, site: Site) -> Cast:  # noqa: F811  the fixture above
    """Those who are logged in, kept from test to test."""
    return Cast(browser, site)


@pytest.fixture
def cast(everybody: Cast) -> Iterator[Cast]:
    """Opens pages for people (``cast.page("carol")``); a script error on one of them fails the test."""
    yield everybody
    errors = list(everybody.errors)
    everybody.close()
    assert errors == []


@pytest.fixture
def alice(cast: Cast) -> Page:
    """A learner's page."""
    return cast.page("alice")


@pytest.fixture
def bob(cast: Cast) -> Page:
    """A teacher's page."""
    return cast.page("bob")
