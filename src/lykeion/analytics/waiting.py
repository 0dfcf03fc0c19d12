"""How long a site waits between two refreshes, and what is new for its figures. Pure but for one setting."""

from __future__ import annotations

import math
from typing import Final

from django.conf import settings

SHARE: Final = 8
"""A refresh that took a minute of a processor is followed by seven minutes without one."""
_MINUTE: Final = 60


def minutes(took: float) -> int:
    """What happens now is in the figures after so many minutes at most, if refreshes take so many seconds (by the
    clock) as the last one did: that which begins just before it, the wait after it, the look whether it is over, and
    the one that reads it."""
    return max(1, math.ceil(((SHARE + 1) * took + settings.LYKEION_ANALYTICS_SECONDS) / _MINUTE))
