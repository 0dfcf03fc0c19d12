"""How much somebody may send to the tracking log in a minute: what learners do by hand is far below, a script is not.

Counted in the cache ``events``, which all processes share where there is Redis; elsewhere each counts for itself. (What
counts attempts to sign in keeps the moment of each: too much for what comes with every click.)
"""

from __future__ import annotations

from datetime import datetime
from hashlib import blake2b
from typing import Final

from django.conf import settings
from django.core.cache import caches

_MINUTE: Final = 60
_CROWD: Final = 10  # visitors are told apart by their address, which a whole school may share
_BYTES: Final = 1_000  # as heavy as one event: a log is filled by few long ones as by many short ones


def seconds_to_wait(user_id: int | None, ip: str, *, count: int, size: int, at: datetime) -> int:
    """Counts ``count`` events of ``size`` bytes that a person, or a visitor from ``ip``, sends at ``at``; 0 when they
    are taken, else after how many seconds they may send again. Who has anything left may send a whole batch."""
    minute, second = divmod(int(at.timestamp()), _MINUTE)
    limit = settings.LYKEION_EVENTS_PER_MINUTE * (_CROWD if user_id is None else 1)
    who = f"address {ip}" if user_id is None else f"person {user_id}"
    used = _add(f"{who}, {minute}", max(1, count, size // _BYTES))
    return 0 if used < limit else _MINUTE - second


def _add(name: str, weight: int) -> int:
    """Adds to a counter; what it was before."""
    key, cache = blake2b(name.encode("utf-8", "replace"), digest_size=16).hexdigest(), caches["events"]
    cache.add(key, 0, 2 * _MINUTE)
    try:
        return int(cache.incr(key, weight)) - weight
    except ValueError:  # a cache that is full forgot it in between
        return 0
