"""The tables of the lake: which kinds of events there are, and their columns. Pure: no Django, no Arrow.

Types are words: ``int`` (64 bits), ``float``, ``text``, ``time`` (UTC, microseconds, no zone), ``parts`` (a list of
answers), ``tags`` (a list of names and values). Columns are added at the end of their kind: files that were written
before have nothing in it, and are read as they are. So are those that have one more.
"""

from __future__ import annotations

from typing import Final

Columns = tuple[tuple[str, str], ...]

COMMON: Final[Columns] = (
    ("event_id", "int"),
    ("time", "time"),
    ("course_id", "text"),
    ("user_id", "int"),
    ("event_type", "text"),
    ("event_source", "text"),
)
PART: Final[Columns] = (
    ("part_id", "text"),
    ("answer", "text"),
    ("value_id", "text"),
    ("correct", "bool"),
    ("response_type", "text"),
    ("input_type", "text"),
    ("question", "text"),
    ("variant", "text"),
)
TAG: Final[Columns] = (("name", "text"), ("value", "text"))
KINDS: Final[dict[str, Columns]] = {
    "enrol": (*COMMON, ("mode", "text")),
    "problem": (
        *COMMON,
        ("problem_id", "text"),
        ("display_name", "text"),
        ("attempts", "int"),
        ("grade", "float"),
        ("max_grade", "float"),
        ("success", "text"),
        ("parts", "parts"),
        ("tags", "tags"),
    ),
    "video": (
        *COMMON,
        ("video_id", "text"),
        ("position", "float"),
        ("old_position", "float"),
        ("duration", "float"),
    ),
    "forum": (*COMMON, ("topic_id", "text"), ("post_id", "text"), ("vote", "text"), ("change", "int")),
    "grade": (
        *COMMON,
        ("block_id", "text"),
        ("earned", "float"),
        ("possible", "float"),
        ("percent", "float"),
        ("letter", "text"),
    ),
    "completion": (*COMMON, ("block_id", "text"), ("block_type", "text"), ("completion", "float")),
    "nav": (*COMMON, ("block_id", "text"), ("target", "text")),
    "page": COMMON,
    "other": COMMON,
}
"""Kind -> its columns. ``page`` are the implicit events of requests (``event_type`` is the path, as far as it names
nobody), ``other`` what no metric reads: without the payload, for whom it names cannot be known."""
