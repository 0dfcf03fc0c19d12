"""A place to talk about a unit. Keeps its topic; the talk itself comes with discussions."""

from __future__ import annotations

from html import escape
from typing import Any

from django.utils.translation import gettext as _
from web_fragments.fragment import Fragment
from xblock.completable import XBlockCompletionMode
from xblock.core import XBlock
from xblock.fields import UNIQUE_ID, Scope, String

from lykeion.blocks.broken import notice_html


class DiscussionBlock(XBlock):  # type: ignore[misc]
    """Says that the discussion is not open yet. ``discussion_id`` is the topic's id and must never change."""

    balanced = True
    completion_mode = XBlockCompletionMode.EXCLUDED

    discussion_id = String(default=UNIQUE_ID, scope=Scope.settings)
    display_name = String(default="Discussion", scope=Scope.settings)
    discussion_category = String(default="", scope=Scope.settings)
    discussion_target = String(default="", scope=Scope.settings)
    sort_key = String(default=None, scope=Scope.settings)

    def student_view(self, context: dict[str, Any] | None = None) -> Fragment:
        """The notice, with the topic's id for what will come."""
        notice = notice_html(self.discussion_target or self.display_name, _("This discussion is not open yet."))
        return Fragment(f'<div data-discussion-id="{escape(self.discussion_id)}">{notice}</div>')
