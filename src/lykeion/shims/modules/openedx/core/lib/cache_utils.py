"""Stand-in for Open edX's module of this name: answers remembered for one request. Nothing is, here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def request_cached(*options: Any, **more: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A decorator that changes nothing."""
    return lambda function: function
