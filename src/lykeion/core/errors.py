"""The one base class of errors that are meant for people."""

from __future__ import annotations


class LykeionError(Exception):
    """Something a person can mend. ``str(error)`` says what, where and how."""
