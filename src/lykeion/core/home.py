"""The home folder: everything an embedded Lykeion keeps on disk."""

from __future__ import annotations

import secrets
from pathlib import Path
from urllib.parse import urlsplit

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def is_development(site_url: str) -> bool:
    """A site that answers on this machine only is a development home: demo people and printed mail are fine."""
    return urlsplit(site_url).hostname in LOOPBACK


def secret_key(home: Path) -> str:
    """The home's own secret key; made on first use, readable by its owner only."""
    path = home / "secret_key"
    if not path.exists():
        home.mkdir(parents=True, exist_ok=True)
        fresh = home / f".secret_key.{secrets.token_hex(4)}"
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(50))
        try:
            path.hardlink_to(fresh)  # the first of several starting processes wins
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text().strip()
