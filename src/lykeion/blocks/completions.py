"""Service ``completion``: how far the viewer is, and what completes by being seen.

Source: ``CompletionService`` of ``completion/services.py`` (openedx/completion).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from xblock.completable import XBlockCompletionMode

from lykeion.blocks import publishing
from lykeion.core.keys import ref_of

if TYPE_CHECKING:
    from lykeion.blocks.runtime import BlockRuntime

DONE = 1.0


class Completion:
    """Reads what the host keeps of the viewer (its service ``completions``); what is submitted is kept with the visit.

    Blocks of other runs, or that the viewer may not see, are neither told of nor completed.
    """

    def __init__(self, runtime: BlockRuntime, block: Any) -> None:
        self._runtime = runtime
        self._block = block

    def completion_tracking_enabled(self) -> bool:
        """Always."""
        return True

    def get_completions(self, candidates: Iterable[Any]) -> dict[Any, float]:
        """The completion of each of the usage keys, between 0 and 1; 0.0 where nothing is known. One query."""
        keys = list(candidates)
        refs = {key: ref_of(key) for key in keys if key.context_key == self._runtime.course_id}
        read = self._runtime.visit.services.get("completions")
        found = read(list(refs.values())) if read is not None else {}
        return {key: found.get(refs.get(key), 0.0) for key in keys}

    def get_completable_children(self, node: Any) -> list[Any]:
        """The blocks at or below ``node`` that are completed each for itself, of those that the viewer may see."""
        mode = XBlockCompletionMode.get_mode(node)
        if mode == XBlockCompletionMode.COMPLETABLE:
            return [node]
        children = node.get_children() if mode == XBlockCompletionMode.AGGREGATOR else ()
        return [leaf for child in children for leaf in self.get_completable_children(child)]

    def vertical_is_complete(self, item: Any) -> bool:
        """Whether all in a unit is done. Raises :class:`ValueError` for what is no unit."""
        if item.scope_ids.block_type != "vertical":
            raise ValueError(f"{item.scope_ids.usage_id} is no unit (vertical).")
        found = self.get_completions(leaf.scope_ids.usage_id for leaf in self.get_completable_children(item))
        return all(completion >= DONE for completion in found.values())

    def can_mark_block_complete_on_view(self, block: Any) -> bool:
        """Whether seeing ``block`` for a while completes it: completable, without score or rules of its own."""
        return not (
            XBlockCompletionMode.get_mode(block) != XBlockCompletionMode.COMPLETABLE
            or getattr(block, "has_custom_completion", False)
            or getattr(block, "has_score", False)
        )

    def blocks_to_mark_complete_on_view(self, blocks: Iterable[Any]) -> list[Any]:
        """Those of ``blocks`` that complete by being seen, and have not yet been for long enough. One query."""
        seen = [block for block in blocks if self.can_mark_block_complete_on_view(block)]
        found = self.get_completions(block.scope_ids.usage_id for block in seen)
        return [block for block in seen if found[block.scope_ids.usage_id] < DONE]

    def get_complete_on_view_delay_ms(self) -> int:
        """How long a block must be seen, in milliseconds (``COMPLETION_BY_VIEWING_DELAY_MS``)."""
        return 5000

    def submit_completion(self, block_key: Any, completion: float) -> None:
        """The viewer's completion of a block. Raises :class:`NoSuchUsage` for one that is not there for them, and as
        ``runtime.publish`` does."""
        self._submit(block_key, {"completion": completion})

    def submit_group_completion(
        self, block_key: Any, completion: float, users: Iterable[Any] = (), user_ids: Iterable[int] = ()
    ) -> None:
        """The same for several people (rows, or their ids), which only staff and services may."""
        for user_id in [*(user.pk for user in users or ()), *(user_ids or ())]:
            self._submit(block_key, {"completion": completion, "user_id": user_id})

    def _submit(self, block_key: Any, told: dict[str, object]) -> None:
        target = self._runtime.get_block(block_key)
        publishing.publish(self._runtime.visit.sink, target.scope_ids.place.ref, self._block, "completion", told)
