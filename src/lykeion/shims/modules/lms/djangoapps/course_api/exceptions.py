"""Stand-in for Open edX's module of this name."""


class OverEnrollmentLimitException(Exception):
    """More people take a course than are told at once."""
