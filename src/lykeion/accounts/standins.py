"""Ids that stand for a person towards blocks and outside tools: 128 bits that only this site can read back.

An id is the person's number, enciphered: so it needs no table and no query, neither to be made nor to be read, and
nobody without the site's secret key can make one up or tell whose it is. The cipher is a Feistel network of four
rounds with HMAC-SHA-256 as its round function, which is a strong pseudorandom permutation (Luby and Rackoff, "How to
construct pseudorandom permutations from pseudorandom functions", 1988).
"""

from __future__ import annotations

import hashlib
import hmac
from functools import lru_cache
from typing import Final

from django.conf import settings

_HALF: Final = 8  # bytes
_ROUNDS: Final = range(4)
_PERSON, _PLACE, _CHECK = 6, 6, b"\0\0\0\0"  # bytes of an id before it is enciphered


def stand_in(user_id: int, place: str) -> str:
    """32 hex digits for a person in ``place``; others in other places, the same for ever under the same secret key."""
    plain = user_id.to_bytes(_PERSON, "big") + _CHECK + _digest(place)
    left, right = plain[:_HALF], plain[_HALF:]
    for number in _ROUNDS:
        left, right = right, _xor(left, _mixed(number, right))
    return (left + right).hex()


def read(text: str, place: str | None = None) -> int | None:
    """The number of the person whom ``text`` stands for; None when it stands for nobody, or not in ``place``."""
    try:
        enciphered = bytes.fromhex(text)
    except ValueError:
        return None
    if len(enciphered) != 2 * _HALF:
        return None
    left, right = enciphered[:_HALF], enciphered[_HALF:]
    for number in reversed(_ROUNDS):
        left, right = _xor(right, _mixed(number, left)), left
    plain = left + right
    person, check, where = plain[:_PERSON], plain[_PERSON:-_PLACE], plain[-_PLACE:]
    if check != _CHECK or (place is not None and where != _digest(place)):
        return None
    return int.from_bytes(person, "big")


def _mixed(number: int, half: bytes) -> bytes:
    return hmac.digest(_key(settings.SECRET_KEY), bytes([number]) + half, "sha256")[:_HALF]


@lru_cache(maxsize=4)
def _key(secret: str) -> bytes:
    return hashlib.sha256(b"lykeion.accounts.anonymous" + secret.encode()).digest()


def _digest(place: str) -> bytes:
    return hashlib.sha256(place.encode()).digest()[:_PLACE]


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))
