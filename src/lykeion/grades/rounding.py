"""The two ways Open edX rounds grades. Both follow its floating point arithmetic step by step."""

from __future__ import annotations

import math


def around4(number: float) -> float:
    """``number`` to 4 decimals, half to even, as ``numpy.around(number, 4)`` does (scale, rint, scale back)."""
    return round(number * 10_000) / 10_000


def away_from_zero(number: float, digits: int = 0) -> float:
    """``number`` to ``digits`` decimals, halves away from zero (openedx/core/lib/grade_utils.py)."""
    scale = 10.0**digits
    if number >= 0:
        return math.floor(number * scale + 0.5) / scale
    return math.ceil(number * scale - 0.5) / scale


def whole_percent(total: float) -> float:
    """A course total as whole hundredths: 0.5945 gives 0.6, 0.5944 gives 0.59 (grades/course_grade.py)."""
    return away_from_zero(total * 100 + 0.05) / 100
