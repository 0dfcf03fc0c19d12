"""Insert rows, or update those whose key is there already, in one statement on every database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connections, models, router


def upsert(rows: Sequence[models.Model], update: Sequence[str]) -> None:
    """Writes ``rows`` (all of one model, with primary keys); of rows that exist only the fields ``update`` change."""
    if not rows:
        return
    model = type(rows[0])
    features = connections[router.db_for_write(model)].features
    unique = key_fields(model) if features.supports_update_conflicts_with_target else None
    model._base_manager.bulk_create(rows, update_conflicts=True, update_fields=update, unique_fields=unique)


def key_fields(model: type[models.Model]) -> list[str]:
    """The names of the columns that make up the primary key of ``model``."""
    key: Any = model._meta.pk
    return list(getattr(key, "field_names", None) or [key.attname])
