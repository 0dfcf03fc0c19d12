"""A site whose Redis is away goes on: what its cache answers meanwhile, and when it is back."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from threading import Thread
from typing import Any

import pytest
import redis as redis_errors
from django.core.cache.backends.redis import RedisCacheClient
from django.test import Client

from lykeion.core import cache as module
from lykeion.core.cache import RedisCache
from tests.accounts.people import PASSWORD, make
from tests.servers import Missing, Redis


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Redis]:
    """A Redis to try it on."""
    try:
        redis = Redis(tmp_path_factory.mktemp("redis"))
    except Missing as missing:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(missing))
    with redis:
        yield redis


@pytest.fixture
def redis(server: Redis) -> Redis:
    """The same, with nothing in it; this process knows nothing of it yet."""
    server.kill()
    server.start()
    module._link.cache_clear()
    return server


@pytest.fixture
def cache(redis: Redis) -> RedisCache:
    """A cache that keeps up to ten values in this process while Redis is away."""
    return made(redis, 10)


@pytest.fixture
def asks_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """It does not rest between two tries."""
    monkeypatch.setattr(module, "A_REST", 0)


def made(redis: Redis, near: int) -> RedisCache:
    return RedisCache(redis.url, {"OPTIONS": {"near": near}})


def test_while_redis_answers_it_is_djangos_cache(cache: RedisCache, redis: Redis) -> None:
    cache.set("a", {"x": 1})
    cache.add("n", 1)
    cache.incr("n", 4)
    cache.set_many({"b": 2, "c": 3})
    cache.delete("b")

    assert made(redis, 0).get_many(["a", "n", "b", "c"]) == {"a": {"x": 1}, "n": 5, "c": 3}
    assert cache.has_key("c")


def test_without_redis_a_process_keeps_for_itself_and_says_so_once(
    cache: RedisCache, redis: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    cache.set("before", 1)
    redis.kill()

    assert cache.get("before", "gone") == "gone"
    cache.set("tries", 1)
    assert cache.incr("tries") == 2
    assert made(redis, 10).get("tries") == 2
    assert cache.delete("tries")
    assert cache.get_many(["before", "tries"]) == {}
    assert [record.getMessage().split(",")[0] for record in caplog.records] == [
        "The cache (LYKEION_CACHE_URL) does not answer"
    ]


def test_what_must_not_differ_between_processes_is_kept_nowhere(redis: Redis) -> None:
    copies = made(redis, 0)
    redis.kill()

    copies.set("session", "alice")

    assert copies.get("session") is None
    assert not copies.has_key("session")


def test_others_do_not_wait_for_a_redis_that_hangs(
    cache: RedisCache, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = counting(monkeypatch)
    redis.hang()
    try:
        for _ in range(30):
            cache.get("a")
    finally:
        redis.go_on()

    assert asked == ["a"]


@pytest.mark.usefixtures("asks_at_once")
def test_what_redis_missed_it_forgets_when_it_is_back(cache: RedisCache, redis: Redis) -> None:
    cache.set_many({"session": "alice", "counter": 1, "course": "c"})
    redis.hang()
    try:
        cache.delete("session")
        cache.set("counter", 2)
    finally:
        redis.go_on()

    assert cache.get_many(["session", "counter", "course"]) == {"course": "c"}
    cache.set("counter", 7)
    assert made(redis, 0).get("counter") == 7


@pytest.mark.usefixtures("asks_at_once")
def test_it_is_used_again_when_it_was_started_anew(
    cache: RedisCache, redis: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    redis.kill()
    cache.set("a", 1)
    redis.start()

    assert cache.get("a") is None
    cache.set("a", 2)
    assert made(redis, 0).get("a") == 2
    assert caplog.records[-1].getMessage() == "The cache answers again"


def test_others_go_on_while_one_asks_whether_it_is_back() -> None:
    link, heard = module._Link(), []
    link.is_away(OSError("gone"))
    link.misses(["a"])

    def forget(keys: Iterable[str]) -> None:
        heard.append(sorted(keys))
        if len(heard) == 1:
            other = Thread(target=lambda: link.may_be_asked() or link.misses(["b"]), daemon=True)
            other.start()
            other.join(5)
            assert not other.is_alive()

    link.is_back(forget)

    assert heard == [["a"], ["b"]]
    assert link.may_be_asked()


def test_what_was_missed_is_kept_while_it_is_still_away() -> None:
    link, heard = module._Link(), []
    link.is_away(OSError("gone"))
    link.misses(["a", "b"])

    def fails(keys: Iterable[str]) -> None:
        raise redis_errors.ConnectionError("still gone")

    with pytest.raises(redis_errors.ConnectionError):
        link.is_back(fails)
    link.is_back(heard.append)

    assert [sorted(keys) for keys in heard] == [["a", "b"]]


def test_of_too_many_missed_keys_the_newest_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_REMEMBERED", 2)
    link, forgotten = module._Link(), list[str]()
    link.is_away(OSError("no route"))

    link.misses(["a", "b", "c", "a"])
    link.is_back(forgotten.extend)

    assert forgotten == ["c", "a"]


@pytest.mark.django_db
def test_people_sign_in_and_out_without_it(redis: Redis, settings: Any) -> None:
    make("alice")
    shared = {"BACKEND": "lykeion.core.cache.RedisCache", "LOCATION": redis.url}
    kept = {"default": 10, "blocks": 10, "events": 10, "copies": 0}
    settings.CACHES = {name: {**shared, "OPTIONS": {"near": near}} for name, near in kept.items()}
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
    settings.SESSION_CACHE_ALIAS = "copies"
    redis.kill()
    client = Client()

    client.post("/account/login/", {"login": "alice", "password": PASSWORD})

    assert client.get("/dashboard").status_code == 200
    client.post("/account/logout/")
    assert client.get("/dashboard").status_code == 302


def counting(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The keys that Redis is asked for from now on."""
    asked: list[str] = []
    get = RedisCacheClient.get

    def counted(self: RedisCacheClient, key: str, default: object) -> object:
        asked.append(key.rpartition(":")[2])
        return get(self, key, default)

    monkeypatch.setattr(RedisCacheClient, "get", counted)
    return asked
