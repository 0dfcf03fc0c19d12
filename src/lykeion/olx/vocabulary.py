"""What is known about tags: how each is stored, and which hold child blocks."""

from typing import Final

CONTAINERS: Final = frozenset(
    [
        "course", "library", "chapter", "sequential", "vertical",
        "split_test", "conditional", "library_content", "itembank", "randomize",
        "wrapper", "videosequence", "problemset", "unit", "section", "subsection",
    ]
)  # fmt: skip
"""Tags whose attributes are read as fields and whose child elements are all blocks."""

LEAVES: Final = frozenset(["html", "problem", "video", "discussion"])
"""Tags that this package reads into fields. Any tag outside both tables is kept as XML."""

UNIQUE: Final = frozenset(["problem", "sequential", "video", "course", "chapter", "poll_question", "vertical"])
"""Types whose repeated ids Open edX warns of (`xmodule/modulestore/xml.py`), as learners' state hangs on them."""

PLAIN_FOLDERS: Final = frozenset(
    ["static", "about", "info", "tabs", "policies", "custom_tags", "assets", "drafts", "orphans"]
)
"""Top folders of an archive that hold no block definitions."""


class BuiltinVocabulary:
    """The vocabulary when no XBlock is installed: only the containers above."""

    def is_container(self, tag: str) -> bool:
        """Whether every child element of `<tag>` is a block of its own."""
        return tag in CONTAINERS

    def is_known(self, tag: str) -> bool:
        """Whether the site can show blocks `<tag>`: nobody says otherwise."""
        return True
