"""The home folder: everything an embedded Lykeion keeps on disk."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

from lykeion.core.errors import LykeionError

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def is_development(site_url: str) -> bool:
    """A site that answers on this machine only is a development home: demo people and printed mail are fine."""
    return urlsplit(site_url).hostname in LOOPBACK


def make_home(home: Path) -> None:
    """Makes the folder, closed to other people of the machine: hashes of passwords and mails lie in it.

    Raises :class:`LykeionError` when that cannot be, or when it cannot be written to.
    """
    try:
        home.mkdir(mode=0o750, parents=True, exist_ok=True)
    except OSError as error:
        raise LykeionError(f"LYKEION_HOME is {home}, which cannot be made: {error.strerror}.") from error
    if not os.access(home, os.W_OK):
        raise LykeionError(f"LYKEION_HOME is {home}, which this user may not write to.")


def secret_key(home: Path) -> str:
    """The home's own secret key; made on first use, readable by its owner only."""
    path = home / "secret_key"
    if not path.exists():
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
