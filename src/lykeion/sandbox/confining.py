"""Walls for work of our own that does as it is told by others: a process shuts itself in before it does it."""

from __future__ import annotations

import signal
from typing import Final

from lykeion.sandbox.jail import kernel, landlock, seccomp

_NONE: Final = "limits"
_FILTERED: Final = "filtered"


def confine(folder: str) -> str:
    """From now on this thread, and those that it makes, reads and writes files below ``folder`` alone, makes no
    process, opens no connection and changes no limits; there is no way back. The process
    ends when the one that started it does.

    Which of :data:`~lykeion.sandbox.api.LEVELS` was reached: ``limits`` (nothing changed) where the kernel or the
    processor has no such walls, else ``filtered``.

    What the thread needs of other files must be open or loaded already. Raises OSError.
    """
    if not (seccomp.is_known_machine() and landlock.version()):
        return _NONE
    kernel.end_with_parent(signal.SIGKILL)
    landlock.restrict([], [folder])
    kernel.drop_capabilities()
    seccomp.apply()
    return _FILTERED
