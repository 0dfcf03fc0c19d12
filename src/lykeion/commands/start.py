"""Starting Django for a command, with settings errors said in one sentence."""

from __future__ import annotations

import django
from django.core.exceptions import ImproperlyConfigured

from lykeion.core.errors import LykeionError


def start() -> None:
    """Sets Django up. Raises :class:`LykeionError` when a setting is wrong or a driver is missing."""
    try:
        django.setup()
    except ImproperlyConfigured as error:
        raise LykeionError(_one_sentence(error)) from error


def _one_sentence(error: Exception) -> str:
    text = " ".join(str(error).split())
    if "MySQLdb" in text:
        return (
            "LYKEION_DATABASE_URL asks for MySQL, but its driver is not installed; "
            "run: .venv/bin/uv pip install -r requirements-mysql.lock (the package is mysqlclient)."
        )
    return text
