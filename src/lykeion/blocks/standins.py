"""The classes that stand in for blocks that cannot be built. They keep the block's place, id and children."""

from __future__ import annotations

from typing import Any

from web_fragments.fragment import Fragment
from xblock.completable import XBlockCompletionMode
from xblock.core import XBlock

from lykeion.blocks.broken import cannot_show, install_it, not_installed, notice_html
from lykeion.blocks.types import BlockProblem


class StandIn(XBlock):  # type: ignore[misc]
    """Shown in place of a block; never completed, never scored."""

    completion_mode = XBlockCompletionMode.EXCLUDED
    has_children = True
    shows_children = False

    def fallback_view(self, view_name: str, context: Any = None) -> Fragment:
        """Any view."""
        raise NotImplementedError


class BrokenBlock(StandIn):
    """A block whose class or content fails: says so, and tells the course team why."""

    def fallback_view(self, view_name: str, context: Any = None) -> Fragment:
        """Raises what went wrong when the block was built; the runtime shows it."""
        raise self.scope_ids.place.problem or BlockProblem(cannot_show())


class UnsupportedBlock(StandIn):
    """A block of a type that is not installed; what the author wrote is kept."""

    def fallback_view(self, view_name: str, context: Any = None) -> Fragment:
        """Names the type; tells the course team how to mend it."""
        place, words = self.scope_ids.place, not_installed(self.scope_ids.place.type)
        if self.runtime.visit.viewer.is_staff:
            words = f"{words} {install_it()}"
        return Fragment(notice_html(place.title, words))
