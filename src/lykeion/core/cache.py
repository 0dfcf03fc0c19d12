"""The shared cache (Redis), without which a site goes on: slower, and what processes share each keeps for itself."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from functools import lru_cache, partial
from threading import Lock
from typing import Any, Final

import redis
from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.dummy import DummyCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache as DjangoRedisCache
from django.core.cache.backends.redis import RedisCacheClient
from redis.backoff import NoBackoff
from redis.retry import Retry

_log = logging.getLogger(__name__)

A_REST: Final = 5  # seconds until a process asks again
_A_TRY: Final = 1  # second that a request waits for Redis; the URL may say otherwise (?socket_timeout=3)
_REMEMBERED: Final = 20_000  # keys that Redis has to forget when it is back
_AWAY: Final = (redis.ConnectionError, redis.TimeoutError, redis.ReadOnlyError)  # the last: another is primary now
_WRITES: Final = frozenset({"add", "set", "touch", "incr", "delete"})
_WRITES_OF_MANY: Final = frozenset({"set_many", "delete_many"})


class RedisCache(DjangoRedisCache):
    """Django's cache in Redis. A request waits a second for it, then goes on without, and so do others for a while.

    ``OPTIONS["near"]`` says how many values this process keeps in its memory meanwhile; 0: none, for what must not
    differ between processes and is in the database anyway.
    """

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = _Client

    def ping(self) -> None:
        """Raises ``redis.RedisError`` when Redis itself does not answer."""
        client: Any = self._cache  # ours
        client.far.get_client().ping()


class _Client:
    """Has the methods of Django's client of Redis, which it asks; or what is near while Redis is away."""

    def __init__(self, servers: list[str], *, near: int, **options: Any) -> None:
        # A connection that Redis has closed is made anew once; who waited in vain does not wait again.
        retry = Retry(NoBackoff(), 1, supported_errors=(redis.ConnectionError,))
        patience = {"socket_timeout": _A_TRY, "socket_connect_timeout": _A_TRY, "retry": retry}
        self.far = RedisCacheClient(servers, **{**patience, **options})
        self._link = _link(tuple(servers))
        self._near = self._link.near(near)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return partial(self._ask, name)

    def _ask(self, name: str, *arguments: Any) -> Any:
        if self._link.may_be_asked():
            try:
                self._link.is_back(self._forget)
                return getattr(self.far, name)(*arguments)
            except _AWAY as error:
                self._link.is_away(error)
        if name in _WRITES:
            self._link.misses([arguments[0]])
        elif name in _WRITES_OF_MANY:
            self._link.misses(arguments[0])
        return getattr(self._near, name)(*arguments)

    def _forget(self, keys: Iterable[str]) -> None:
        """Raises an error of Redis when it is still away."""
        client = self.far.get_client(write=True)
        client.ping()
        if found := list(keys):
            client.delete(*found)


class _Link:
    """Whether a Redis answers, as the threads of this process know; and what it has to forget when it is back.

    That are keys that were written or deleted without it: what it has of them is no longer true, such as the session of
    somebody who left. Of too many the oldest are dropped.
    """

    def __init__(self) -> None:
        self._nears: dict[int, BaseCache] = {}
        self._missed: dict[str, None] = {}
        self._rests_until = 0.0  # 0: it answers
        self._lock = Lock()

    def near(self, entries: int) -> BaseCache:
        """What is asked instead."""
        with self._lock:
            if entries not in self._nears:
                name, options = f"near {id(self)} {entries}", {"OPTIONS": {"MAX_ENTRIES": entries}}
                self._nears[entries] = LocMemCache(name, options) if entries else DummyCache(name, {})
            return self._nears[entries]

    def may_be_asked(self) -> bool:
        """Always while Redis answers; while it does not, by one thread now and then."""
        if not self._rests_until:
            return True
        with self._lock:
            due = time.monotonic() >= self._rests_until > 0
            if due:
                self._rests_until = time.monotonic() + A_REST
            return due

    def is_away(self, error: Exception) -> None:
        """Notes that Redis did not answer."""
        with self._lock:
            if not self._rests_until:
                _log.error("The cache (LYKEION_CACHE_URL) does not answer, and is not needed until it does: %s", error)
            self._rests_until = time.monotonic() + A_REST

    def is_back(self, forget: Callable[[Iterable[str]], None]) -> None:
        """Ends what was meanwhile, if Redis was away; ``forget`` raises when it still is. Others go on as before while
        it is asked, and what they write until it has forgotten it has to forget as well."""
        while self._rests_until:
            with self._lock:
                missed, self._missed = self._missed, {}
            try:
                forget(missed)
            except Exception:
                with self._lock:
                    self._missed = missed | self._missed
                raise
            with self._lock:
                if self._missed:
                    continue
                for near in self._nears.values():
                    near.clear()
                self._rests_until = 0.0
            _log.warning("The cache answers again")

    def misses(self, keys: Iterable[str]) -> None:
        """Notes what Redis did not hear of."""
        with self._lock:
            for key in keys:
                self._missed.pop(key, None)
                self._missed[key] = None
            while len(self._missed) > _REMEMBERED:
                del self._missed[next(iter(self._missed))]


@lru_cache
def _link(servers: tuple[str, ...]) -> _Link:
    return _Link()
