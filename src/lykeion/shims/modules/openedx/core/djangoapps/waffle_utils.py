"""Stand-in for Open edX's module of this name: features that are switched by course. No switch is thrown here."""

from __future__ import annotations


class CourseWaffleFlag:
    """A feature that Open edX can switch on for single courses; here it is off in all."""

    def __init__(self, name: str, module_name: str = "", log_prefix: str = "") -> None:
        self.name = name

    def is_enabled(self, course_key: object = None) -> bool:
        """Whether the feature is on."""
        return False
