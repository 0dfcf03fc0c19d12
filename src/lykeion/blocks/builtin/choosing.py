"""What blocks have in common that choose which of their children somebody sees. The host chooses; they show."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from web_fragments.fragment import Fragment

from lykeion.blocks.broken import log_in_first, notice_html
from lykeion.blocks.builtin.container import Container
from lykeion.core.keys import ref_of


class ChoosingBlock(Container):
    """Shows the children that were chosen, in the order of the choice. Nothing is chosen for visitors: who asks them to
    come in again tomorrow would show them something else."""

    chooses = True

    @property
    def chosen(self) -> tuple[str, ...]:
        """The refs that the host chose here for the viewer."""
        choices: Mapping[str, tuple[str, ...]] = self.runtime.visit.services.get("choices", {})
        return choices.get(self.scope_ids.place.ref, ())

    def get_children(self, usage_id_filter: Callable[[Any], bool] | None = None) -> list[Any]:
        """The chosen children that the viewer may see, in order. Whatever host forgets to choose shows none."""
        children = {ref_of(child.scope_ids.usage_id): child for child in super().get_children(usage_id_filter)}
        return [children[ref] for ref in self.chosen if ref in children]

    def public_view(self, context: dict[str, Any] | None = None) -> Fragment:
        """That one has to sign in."""
        return Fragment(notice_html(self.title, log_in_first()))

    @property
    def title(self) -> str:
        """The author's name for the block, or ''."""
        return str(self.scope_ids.place.title)

    @property
    def is_for_team(self) -> bool:
        """Whether the viewer is of the course team."""
        return bool(self.runtime.visit.viewer.is_staff)

    def team_note(self, message: str) -> str:
        """``message`` in a box for the course team; nothing for others."""
        return notice_html(self.title or _("For the course team"), message) if self.is_for_team else ""
