"""How much memory a piece of work takes."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Callable


def peak_of(work: Callable[[], object]) -> int:
    """Bytes that ``work`` had at most.

    What was there before does not count, and rubbish is collected often: by itself Python waits for hundreds of things,
    and for the more of them the more the process holds, which says nothing of the work.
    """
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.collect()
    gc.set_threshold(50, 2, 2)
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        gc.set_threshold(*before)
        gc.unfreeze()
