"""Lykeion, an open learning platform."""

__version__ = "0.1.0"
