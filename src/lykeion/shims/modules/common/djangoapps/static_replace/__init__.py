"""Stand-in for Open edX's module of this name: authors' short links."""

from __future__ import annotations

from typing import Any

from lykeion.core.keys import parse_run
from lykeion.courseware import api as courseware


def replace_static_urls(text: str, data_directory: str | None = None, course_id: Any = None, **more: Any) -> str:
    """``text`` with quoted ``/static/`` links as addresses of files of the course ``course_id``."""
    return text if course_id is None else courseware.with_addresses(parse_run(str(course_id)), text)
