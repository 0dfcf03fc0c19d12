"""A block whose XML could not be read at import; its text is kept."""

from __future__ import annotations

from typing import Any

from web_fragments.fragment import Fragment
from xblock.completable import XBlockCompletionMode
from xblock.core import XBlock
from xblock.fields import Scope, String

from lykeion.blocks.broken import cannot_show
from lykeion.blocks.types import BlockProblem


class ErrorBlock(XBlock):  # type: ignore[misc]
    """Shown as broken; the course team reads what is wrong with the text that was found."""

    completion_mode = XBlockCompletionMode.EXCLUDED

    tag = String(default="", scope=Scope.content)
    contents = String(default="", scope=Scope.content)
    error = String(default="", scope=Scope.content)

    def fallback_view(self, view_name: str, context: Any = None) -> Fragment:
        """Raises what the import found; the runtime shows it."""
        raise BlockProblem(cannot_show(), f"<{self.tag}>: {self.error}\n\n{self.contents}")
