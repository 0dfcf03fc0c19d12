"""Migrations of packages of others that lean on ours by Open edX's names."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps


def leaning_on(label: str) -> list[tuple[str, str]]:
    """The first migrations of apps of others that ask for the first of ``label``: they mean all the tables that Open
    edX has there, so ours that make such tables must run before them."""
    guests = [config for config in apps.get_app_configs() if not config.name.startswith(("lykeion.", "django."))]
    firsts = [(config.label, first) for config in guests if (first := _first(config.name))]
    return [(guest, name) for guest, (name, asked) in firsts if (label, "__first__") in asked]


def _first(app: str) -> tuple[str, list[tuple[str, str]]] | None:
    """The name of an app's first migration and what it asks for; None when it has none."""
    folder = find_spec(f"{app}.migrations")
    names = sorted(one.name for one in pkgutil.iter_modules(folder.submodule_search_locations or ())) if folder else []
    if not names:
        return None
    migration = import_module(f"{app}.migrations.{names[0]}").Migration
    return names[0], list(migration.dependencies)
