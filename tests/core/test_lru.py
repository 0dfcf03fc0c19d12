from __future__ import annotations

from lykeion.core.lru import WeightedCache


def test_the_least_recently_used_value_goes_first() -> None:
    cache: WeightedCache[str, str] = WeightedCache(limit=6, weigh=len)
    cache.put("a", "aaa")
    cache.put("b", "bbb")
    cache.get("a")

    cache.put("c", "ccc")

    assert (cache.get("a"), cache.get("b"), cache.get("c")) == ("aaa", None, "ccc")


def test_a_value_heavier_than_the_cache_is_not_kept() -> None:
    cache: WeightedCache[str, str] = WeightedCache(limit=2, weigh=len)

    cache.put("a", "aaa")

    assert (cache.get("a"), cache.weight) == (None, 0)


def test_a_value_put_again_is_weighed_again() -> None:
    cache: WeightedCache[str, str] = WeightedCache(limit=10, weigh=len)
    cache.put("a", "aaaa")

    cache.put("a", "a")

    assert (cache.get("a"), cache.weight) == ("a", 1)
