"""Text that an author wrote as HTML."""

from __future__ import annotations

from html import escape
from typing import Any

from web_fragments.fragment import Fragment
from xblock.completable import XBlockCompletionMode
from xblock.core import XBlock
from xblock.fields import Scope, String

PERSONAL = ("%%USER_ID%%",)


class HtmlBlock(XBlock):  # type: ignore[misc]
    """Shown as the author wrote it, scripts included. Complete when it was seen.

    ``%%USER_ID%%`` becomes the learner's anonymous id and ``%%COURSE_ID%%`` the run, as in Open edX (html_block.py).
    """

    completion_mode = XBlockCompletionMode.COMPLETABLE
    immutable_views = frozenset({"student_view", "public_view"})

    display_name = String(default="Text", scope=Scope.settings)
    data = String(default="", scope=Scope.content)
    editor = String(default="visual", scope=Scope.settings)

    @XBlock.supports("multi_device")  # type: ignore[untyped-decorator]
    def student_view(self, context: dict[str, Any] | None = None) -> Fragment:
        """The text."""
        return Fragment(self.get_html())

    def public_view(self, context: dict[str, Any] | None = None) -> Fragment:
        """The text."""
        return Fragment(self.get_html())

    def get_html(self) -> str:
        """The author's HTML with its two keywords replaced."""
        text = self.data or ""
        if "%%" not in text:
            return text
        text = text.replace("%%COURSE_ID%%", escape(str(self.course_id)))
        return text.replace("%%USER_ID%%", escape(self.runtime.anonymous_student_id))

    @property
    def personal(self) -> bool:
        """Whether the text is not the same for everybody."""
        return any(word in (self.data or "") for word in PERSONAL)
