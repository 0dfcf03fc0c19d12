"""Database URLs to Django's settings."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

from lykeion.core.env import server_url

SQLITE_START = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
PRAGMA busy_timeout = 10000;
PRAGMA mmap_size = 134217728;
PRAGMA cache_size = -16000;
"""

_TLS: Final = ("REQUIRED", "VERIFY_CA", "VERIFY_IDENTITY")


def database_url(raw: str) -> str:
    """The URL of a database, or nothing for the embedded one; a server's may ask for TLS: ``?ssl_mode=REQUIRED``, and
    ``ssl_ca=FILE`` of authorities for what the server shows."""
    server_url("sqlite", "mysql", "mariadb")(raw)
    for name, value in parse_qsl(urlsplit(raw).query, keep_blank_values=True):
        if name == "ssl_mode" and value not in _TLS:
            raise ValueError(f"ssl_mode is {value}; use {', '.join(_TLS)}")
        if name == "ssl_ca" and not Path(value).is_file():
            raise ValueError(f"ssl_ca is {value}, which is no file")
        if name not in {"ssl_mode", "ssl_ca"}:
            raise ValueError(f"?{name} is not known; it may end with ?ssl_mode=...&ssl_ca=FILE")
    return raw


def database(url: str, home: Path) -> dict[str, Any]:
    """Django's ``DATABASES["default"]`` for ``url``; SQLite in ``home`` when it is empty."""
    parts = urlsplit(url)
    if parts.scheme in {"", "sqlite"}:
        return _sqlite(Path(parts.path) if parts.path else home / "lykeion.sqlite3")
    return {
        "ENGINE": "django.db.backends.mysql",
        "NAME": parts.path.strip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "127.0.0.1",
        "PORT": str(parts.port or 3306),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "charset": "utf8mb4",
            "isolation_level": "read committed",
            "connect_timeout": 5,
            **_tls(parts.query),
        },
    }


def _tls(query: str) -> dict[str, Any]:
    """The driver's options. With authorities alone the chain is checked, but not the name: so is ``REQUIRED``."""
    told = dict(parse_qsl(query))
    mode = {"ssl_mode": told.get("ssl_mode", "REQUIRED")} if told else {}
    return {**mode, "ssl": {"ca": told["ssl_ca"]}} if "ssl_ca" in told else mode


def _sqlite(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": 600,
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": SQLITE_START},
    }
