"""A cache for immutable values, bounded by the weight of what it holds."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class WeightedCache(Generic[K, V]):
    """Least recently used values go first once the total weight passes ``limit``. Safe between threads."""

    def __init__(self, limit: int, weigh: Callable[[V], int] = lambda value: 1) -> None:
        self.limit = limit
        self.weight = 0
        self._weigh = weigh
        self._values: OrderedDict[K, tuple[V, int]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: K) -> V | None:
        """The value of ``key``, now the most recently used, or None."""
        with self._lock:
            found = self._values.get(key)
            if found is None:
                return None
            self._values.move_to_end(key)
            return found[0]

    def put(self, key: K, value: V) -> None:
        """Keeps ``value``; a value heavier than the whole cache is not kept."""
        weight = self._weigh(value)
        if weight > self.limit:
            return
        with self._lock:
            self._forget(key)
            self._values[key] = (value, weight)
            self.weight += weight
            while self.weight > self.limit:
                _, (_, old) = self._values.popitem(last=False)
                self.weight -= old

    def clear(self) -> None:
        """Forgets everything."""
        with self._lock:
            self._values.clear()
            self.weight = 0

    def _forget(self, key: K) -> None:
        found = self._values.pop(key, None)
        if found is not None:
            self.weight -= found[1]
