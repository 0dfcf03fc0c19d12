"""The classes that stand in for blocks that cannot be built. They keep the block's place, id and children."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from web_fragments.fragment import Fragment
from xblock.completable import XBlockCompletionMode
from xblock.core import XBlock

from lykeion.blocks.broken import notice_html
from lykeion.blocks.types import BlockProblem


class StandIn(XBlock):  # type: ignore[misc]
    """Shown in place of a block; never completed, never scored."""

    completion_mode = XBlockCompletionMode.EXCLUDED
    has_children = True

    def fallback_view(self, view_name: str, context: Any = None) -> Fragment:
        """Any view."""
        raise NotImplementedError


class BrokenBlock(StandIn):
    """A block whose class or content fails: says so, and tells the course team why."""

    def fallback_view(self, view_name: str, context: Any = None) -> Fragment:
        """Raises what went wrong when the block was built; the runtime shows it."""
        raise self.scope_ids.place.problem or BlockProblem(self.message())

    @staticmethod
    def message() -> str:
        """What a learner reads."""
        return _("This part of the page cannot be shown at the moment. The rest of the page works as usual.")

    @staticmethod
    def signin_message() -> str:
        """What a visitor without an account reads."""
        return _("Log in and enrol in the course to see this part.")


class UnsupportedBlock(StandIn):
    """A block of a type that is not installed; what the author wrote is kept."""

    def fallback_view(self, view_name: str, context: Any = None) -> Fragment:
        """Names the type."""
        place = self.scope_ids.place
        message = _("This site cannot show blocks of type “%(type)s”.") % {"type": place.type}
        return Fragment(notice_html(place.title, message))
