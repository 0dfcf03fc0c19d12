"""The key that badges are signed with: one for the whole site, in a file of ``LYKEION_BADGE_KEY``."""

from __future__ import annotations

import secrets
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from lykeion.core.errors import LykeionError

_BITS: Final = 2048


def signing_key() -> RSAKey:
    """The private key; made in the home on first use. Raises :class:`LykeionError` when the file cannot be used."""
    return _key(settings.LYKEION_BADGE_KEY)


def public_key() -> dict[str, Any]:
    """The public half as a JWK, for those who check a badge."""
    key = signing_key()
    return {**key.as_dict(private=False), "alg": "RS256", "use": "sig", "kid": key.thumbprint()}


@lru_cache(maxsize=4)
def _key(path: Path) -> RSAKey:
    if not path.exists() and path.is_relative_to(settings.HOME):
        _make(path)
    try:
        key = RSAKey.import_key(path.read_bytes())
    except (OSError, ValueError, JoseError) as error:
        words = f"LYKEION_BADGE_KEY is {path}, which is no RSA private key in PEM that can be read ({error})."
        raise LykeionError(f"{words} Make one with: openssl genrsa -out {path} {_BITS}") from error
    if not key.is_private:
        raise LykeionError(f"LYKEION_BADGE_KEY is {path}, which holds a public key; it takes the private one.")
    return key


def _make(path: Path) -> None:
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    fresh.touch(mode=0o600)
    fresh.write_bytes(RSAKey.generate_key(_BITS).as_pem(private=True))
    try:
        path.hardlink_to(fresh)  # the first of several processes wins
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
