"""Classes of blocks made ready before two threads can meet in them."""

from __future__ import annotations

from threading import RLock
from typing import Any

from xblock.runtime import Mixologist

from lykeion.blocks.inherited import CourseBlock

_lock = RLock()
_ready: set[Any] = set()


class SafeMixologist(Mixologist):  # type: ignore[misc]
    """Mixes as the library does, and has the fields of each class worked out by one thread alone.

    The library works them out at first use and shows ``None`` to every other thread meanwhile
    (``xblock.internal.LazyClassProperty``), so that the first moments of a site would fail.
    """

    def mix(self, cls: Any) -> Any:
        """``cls`` with the runtime's mixins, ready for use."""
        mixed = super().mix(cls)
        if mixed not in _ready:
            with _lock:
                mixed.fields  # noqa: B018  worked out by being read
                _ready.add(mixed)
        return mixed


mixologist = SafeMixologist((CourseBlock,))
"""The one of all our runtimes."""
