"""Database columns that several apps need."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper


class KeyField(models.CharField):  # type: ignore[type-arg]
    """Text that is compared byte by byte on every database (MySQL folds case unless told not to)."""

    def db_parameters(self, connection: BaseDatabaseWrapper) -> dict[str, Any]:
        """As a CharField, with a binary collation on MySQL and MariaDB."""
        parameters = super().db_parameters(connection)
        if connection.vendor == "mysql":
            parameters["collation"] = "utf8mb4_bin"
        return parameters
