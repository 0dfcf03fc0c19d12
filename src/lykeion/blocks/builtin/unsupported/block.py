"""A block of a type that is not installed."""

from __future__ import annotations

from lykeion.blocks.standins import UnsupportedBlock

__all__ = ["UnsupportedBlock"]
