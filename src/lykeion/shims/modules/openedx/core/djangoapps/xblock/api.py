"""Stand-in for Open edX's module of this name: blocks of libraries. There are none that learners could meet."""

from __future__ import annotations

from typing import Any


def load_block(usage_key: Any, user: Any, **more: Any) -> Any:
    """A block of a library. Raises :class:`NotImplementedError`."""
    raise NotImplementedError(f"{usage_key} is of a library; learners meet blocks of courses only.")


def get_runtime(user: Any) -> Any:
    """The runtime of libraries. Raises :class:`NotImplementedError`."""
    raise NotImplementedError("Blocks of libraries cannot be written here.")
