"""Numbers as people write them."""

from __future__ import annotations

import math


def number(text: str) -> float | None:
    """The number in ``text``, with a point or a comma; None when there is none."""
    try:
        found = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return found if math.isfinite(found) else None
