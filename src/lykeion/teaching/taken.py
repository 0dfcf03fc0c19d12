"""Refusals of the engines below, as words that a teacher can act on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from lykeion.courseware.types import DueRefused, ExamError, ReworkRefused
from lykeion.teaching.types import TeachingError


@contextmanager
def refusals() -> Iterator[None]:
    """What courseware refuses becomes a :class:`TeachingError` with the same words."""
    try:
        yield
    except (DueRefused, ExamError, ReworkRefused) as error:
        raise TeachingError(str(error)) from error
