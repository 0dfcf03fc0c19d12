"""Stand-in for Open edX's module of this name: until when."""

from __future__ import annotations

from datetime import datetime
from typing import Any


def get_extended_due_date(node: Any) -> datetime | None:
    """When a block is due for its learner."""
    due: datetime | None = getattr(node, "due", None)
    return due
