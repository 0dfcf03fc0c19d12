"""Containers that choose what a learner sees. Their rules are not written yet, so they show none of their children:
showing all would give away what was meant for others."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from web_fragments.fragment import Fragment
from xblock.completable import XBlockCompletionMode
from xblock.core import XBlock
from xblock.fields import Scope, String

from lykeion.blocks.broken import notice_html


class ChoosingBlock(XBlock):  # type: ignore[misc]
    """Keeps its place, its children and what its author wrote; says that it cannot be used yet."""

    has_children = True
    shows_children = False  # so that nobody loads them
    completion_mode = XBlockCompletionMode.EXCLUDED
    display_name = String(default="", scope=Scope.settings)

    def fallback_view(self, view_name: str, context: Any = None) -> Fragment:
        """A notice, whatever the view."""
        message = _("This part of the course (%(type)s) is not available yet.") % {"type": self.category}
        return Fragment(notice_html(self.scope_ids.place.title, message))
