"""Which apps, middleware and settings packages of others bring, and which settings of Open edX they find."""

from __future__ import annotations

import re
import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from django.conf import settings

from lykeion.shims.hosting import MODULES, guest_apps, guest_middleware, lend_modules
from lykeion.shims.platform import platform_settings


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Packages of blocks: one with tables, one without, and one that says which app it is."""
    (tmp_path / "rooted" / "migrations").mkdir(parents=True)
    for name in ("rooted", "airy", "spoken"):
        (tmp_path / name).mkdir(exist_ok=True)
        (tmp_path / name / "__init__.py").write_text("raise RuntimeError('looked at, not imported')\n")
    (tmp_path / "spoken" / "migrations").mkdir()
    monkeypatch.syspath_prepend(str(tmp_path))


@pytest.mark.usefixtures("packages")
def test_packages_of_blocks_with_tables_and_those_that_say_so_are_apps() -> None:
    points = [
        EntryPoint("spoken", "spoken.apps:Config", "lms.djangoapp"),
        EntryPoint("spoken", "spoken:Block", "xblock.v1"),
        EntryPoint("rooted", "rooted.blocks:Block", "xblock.v1"),
        EntryPoint("airy", "airy:Block", "xblock.v1"),
        EntryPoint("gone", "gone:Block", "xblock.v1"),
        EntryPoint("html", "lykeion.blocks.builtin.html.block:HtmlBlock", "xblock.v1"),
        EntryPoint("capa", "xblocks_contrib.problem.capa.apps:CapaAppConfig", "lms.djangoapp"),
    ]

    found = guest_apps(points)

    assert [app for app in found if app.startswith(("spoken", "rooted", "airy", "gone", "lykeion", "xblocks"))] == [
        "spoken.apps.Config",
        "rooted",
    ]


def test_modules_are_lent_once_and_last() -> None:
    lend_modules()
    lend_modules()

    assert sys.path.count(str(MODULES)) == 1


def test_our_own_middleware_is_innermost() -> None:
    assert guest_middleware()[-1] == "lykeion.shims.middleware.lending"


def test_packages_find_the_site_under_the_names_of_open_edx() -> None:
    found = platform_settings(
        {"SITE_URL": "https://learn.example.org", "SITE_NAME": "Lyceum", "DEFAULT_FROM_EMAIL": "A <a@b.c>"}
    )

    assert found["LMS_ROOT_URL"] == found["LTI_BASE"] == "https://learn.example.org"
    assert (found["LMS_BASE"], found["PLATFORM_NAME"], found["TECH_SUPPORT_EMAIL"]) == (
        "learn.example.org",
        "Lyceum",
        "a@b.c",
    )
    key = "block-v1:Org+Course+Run+type@lti_consumer+block@one"
    assert re.fullmatch(found["USAGE_ID_PATTERN"], key).group("usage_id") == key  # type: ignore[union-attr]


def test_a_site_without_such_packages_has_nothing_of_theirs() -> None:
    if settings.GUESTS:
        return  # the environment with blocks of others
    assert not hasattr(settings, "SERVICE_VARIANT")
    assert "lykeion.shims.middleware.lending" not in settings.MIDDLEWARE
