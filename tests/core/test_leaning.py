"""Migrations of others that lean on ours."""

from __future__ import annotations

from django.conf import settings

from lykeion.core.leaning import leaning_on


def test_apps_that_ask_for_our_first_migration_are_found() -> None:
    expected = [("bulk_grades", "0001_initial")] if settings.GUESTS else []

    assert leaning_on("courseware") == expected


def test_apps_that_name_no_first_migration_are_none_of_them() -> None:
    assert leaning_on("auth") == []
