"""Plug-ins of Open edX: their apps, settings and addresses, and what becomes of those that fail."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.apps.registry import Apps
from django.test import override_settings
from django.urls import resolve, reverse

from lykeion.shims import plugins
from lykeion.shims.plugins import Trouble, addresses, guests, troubles, with_settings

GOOD, FAILING = "tests.shims.guests.good.apps.GoodConfig", "tests.shims.guests.failing.apps.FailingConfig"


@pytest.fixture(autouse=True)
def no_troubles() -> Iterator[None]:
    """Troubles of these tests are theirs."""
    before = list(troubles)
    troubles.clear()
    yield
    troubles[:] = before


def test_a_plug_in_sets_its_settings_in_the_order_of_open_edx() -> None:
    found = with_settings(guests([GOOD]), {"GIVEN": ["ours"], "lower": 1})

    assert found == {"GIVEN": ["ours", "good"], "GOOD_WORD": "production after common", "lower": 1}
    assert troubles == []


def test_lists_of_ours_change_only_when_all_went_well() -> None:
    given = ["ours"]

    found = with_settings(guests([FAILING, GOOD]), {"GIVEN": given})

    assert found == {"GIVEN": ["ours", "good"], "GOOD_WORD": "production after common"}
    assert given == ["ours"]
    assert [(one.app, one.what) for one in troubles] == [("tests.shims.guests.failing", "settings.py")]


def test_addresses_are_found_in_their_namespace_and_broken_ones_are_left_out() -> None:
    found = list(addresses(guests([FAILING, GOOD])))

    assert [(one.namespace, str(one.pattern)) for one in found] == [("good", "^api/")]
    assert [(one.app, one.what) for one in troubles] == [("tests.shims.guests.failing", "urls.py")]
    with override_settings(ROOT_URLCONF=tuple(found)):
        assert reverse("good:hello") == "/api/good/v1/hello"
        assert resolve("/api/good/v1/hello").view_name == "good:hello"


def test_an_app_that_cannot_be_imported_is_told_of_in_one_line(caplog: pytest.LogCaptureFixture) -> None:
    assert guests(["tests.shims.guests.nowhere", "tests.shims.guests.good.apps.Nothing"]) == []

    assert [record.levelname for record in caplog.records] == ["WARNING", "WARNING"]
    assert all("\n" not in record.getMessage() for record in caplog.records)
    assert [one.what for one in troubles] == ["The app", "The app"]


def test_tables_and_start_of_an_app_may_fail_without_harm_to_others() -> None:
    registry = Apps(installed_apps=())
    [failing] = guests([FAILING])
    failing.apps = registry

    failing.import_models()
    failing.ready()

    assert [(one.what, one.error) for one in troubles] == [
        ("A table", "ModuleNotFoundError: No module named 'openedx.core.djangoapps.nowhere'"),
        ("Something", "RuntimeError: not ready"),
    ]
    assert list(failing.get_models()) == []


def test_the_same_trouble_is_told_once() -> None:
    for _again in range(3):
        guests(["tests.shims.guests.nowhere"])

    assert len(troubles) == 1


@pytest.mark.parametrize("plugin_app", [None, 7, {}, {"url_config": 7}, {"url_config": {"lms.djangoapp": None}}])
def test_an_app_that_is_no_plug_in_has_no_addresses(plugin_app: object) -> None:
    [config] = guests([GOOD])
    config.plugin_app = plugin_app  # type: ignore[attr-defined]

    assert list(addresses([config])) == []
    assert with_settings([config], {"A": 1}) == {"A": 1}


def test_the_addresses_of_an_app_that_checks_nobody_stay_out() -> None:
    [config] = guests([GOOD])
    config.name = next(iter(plugins.UNGUARDED))

    assert list(addresses([config])) == []
    assert troubles == []


def test_a_trouble_reads_as_a_sentence() -> None:
    assert (
        str(Trouble("some.app", "urls.py", "ImportError: x")) == "urls.py of some.app cannot be used (ImportError: x)"
    )
