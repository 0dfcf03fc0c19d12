"""Stand-in for Open edX's module of this name."""


class ItemNotFoundError(Exception):
    """There is no block of that key."""
