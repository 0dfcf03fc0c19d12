"""What links and bounces carry to say whom they are about: signed, so that nobody can speak for others."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

_UNSUBSCRIBE: Final = "lykeion.notices.unsubscribe"
_BOUNCE: Final = "lykeion.notices.bounce"
_DIGITS: Final = 24
"""Of the signature in addresses: 96 bits, and a local part that stays below the 64 octets of RFC 5321."""


def unsubscribe_token(user_id: int, run_id: int) -> str:
    """What the link in a mail carries; it works for ever, as a mail can be read years later."""
    return signing.Signer(salt=_UNSUBSCRIBE).sign(f"{user_id}-{run_id}")


def read_unsubscribe(token: str) -> tuple[int, int] | None:
    """The ids of the person and the run of a link; None when it was not made here."""
    try:
        text = signing.Signer(salt=_UNSUBSCRIBE).unsign(token)
    except signing.BadSignature:
        return None
    user, _, run = text.partition("-")
    return int(user), int(run)


def bounce_token(user_id: int, email: str) -> str:
    """What a mail to ``email`` carries in its Message-ID and its envelope: lower case, digits and hyphens."""
    return f"{user_id}-{_signature(user_id, email, settings.SECRET_KEY)}"


def is_bounce_token(token: str, user_id: int, email: str) -> bool:
    """Whether ``token`` was made for this address of this person, under this secret key or a former one."""
    given = token.lower().rpartition("-")[2]
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any(constant_time_compare(given, _signature(user_id, email, str(secret))) for secret in secrets)


def _signature(user_id: int, email: str, secret: str) -> str:
    made = salted_hmac(_BOUNCE, f"{user_id}:{email}", secret=secret, algorithm="sha256")
    return made.hexdigest()[:_DIGITS]
