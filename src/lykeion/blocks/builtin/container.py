"""What blocks that hold other blocks have in common."""

from __future__ import annotations

from typing import Any

from web_fragments.fragment import Fragment
from xblock.completable import XBlockCompletionMode
from xblock.core import XBlock
from xblock.fields import Scope, String


class Container(XBlock):  # type: ignore[misc]
    """Shows its children one after the other; complete when they are."""

    balanced = True  # each child's HTML is, and ours is
    has_children = True
    completion_mode = XBlockCompletionMode.AGGREGATOR
    display_name = String(default=None, scope=Scope.settings)

    def student_view(self, context: dict[str, Any] | None = None) -> Fragment:
        """The children, in order."""
        return self._children("student_view", context)

    def public_view(self, context: dict[str, Any] | None = None) -> Fragment:
        """The children as visitors may see them."""
        return self._children("public_view", context)

    def _children(self, view: str, context: dict[str, Any] | None) -> Fragment:
        shown = Fragment()
        for child in self.get_children():
            part = child.render(view, context)
            shown.add_content(part.content)
            shown.add_fragment_resources(part)
        return shown
