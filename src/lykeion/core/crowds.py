"""XML elements with more attributes than anybody writes.

Each look at an attribute passes all before it, so reading all of one element takes the square of their number: a file
of one megabyte would keep a process busy for minutes.
"""

from __future__ import annotations

from typing import Final

from lxml import etree

MOST_ATTRIBUTES: Final = 1_000


def crowded(root: etree._Element, size: int) -> etree._Element | None:
    """The first element from ``root`` on with more than ``MOST_ATTRIBUTES``; ``size``: how many ``=`` its text has."""
    if size <= MOST_ATTRIBUTES:
        return None
    return next((one for one in root.iter("*") if len(one.attrib) > MOST_ATTRIBUTES), None)
