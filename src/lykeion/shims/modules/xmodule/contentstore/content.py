"""Stand-in for Open edX's module of this name: addresses of course files."""

from __future__ import annotations

from typing import Any


class StaticContent:
    """Files of courses."""

    @staticmethod
    def get_base_url_path_for_course_assets(course_key: Any) -> str:
        """The address under which the files of a run are found."""
        return f"/asset-v1:{course_key.org}+{course_key.course}+{course_key.run}+type@asset+block/"
