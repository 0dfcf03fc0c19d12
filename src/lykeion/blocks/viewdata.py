"""What blocks tell apps that show them in their own way, in place of a page (``student_view_data``).

Source: ``StudentViewTransformer`` of ``lms/djangoapps/course_api/blocks/transformers/student_view.py`` of Open edX.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

from lykeion.blocks.guarding import guarded, is_foreign
from lykeion.blocks.plain import plain
from lykeion.blocks.publishing import dated
from lykeion.blocks.runtime import BlockRuntime
from lykeion.content.types import Json

log = logging.getLogger(__name__)


def view_data(runtime: BlockRuntime, refs: Iterable[str]) -> dict[str, Json]:
    """By ref, what those of ``refs`` tell whose class tells anything; None where that fails (the log says why).

    Raises :class:`NoSuchBlock` for what is not there for the viewer.
    """
    wanted = list(refs)
    runtime.prefetch(wanted)
    blocks = {ref: runtime.block(ref) for ref in wanted}
    return {ref: _told(runtime, block) for ref, block in blocks.items() if hasattr(block, "student_view_data")}


def _told(runtime: BlockRuntime, block: Any) -> Json:
    what = f"student_view_data of {block.scope_ids.usage_id}"
    try:
        return guarded(runtime.visit, type(block), what, lambda: plain(dated(block.student_view_data())))
    except Exception as error:
        log.warning("%s failed", what, exc_info=error)
        return None


def is_for_small_screens(runtime: BlockRuntime, block_type: str) -> bool:
    """Whether pages of blocks of this type are fit for phones: ours are, others say so
    (``@XBlock.supports("multi_device")``)."""
    cls = runtime.load_block_type(block_type)
    supported = getattr(getattr(cls, "student_view", None), "_supports", ())  # has_support would need a block
    return not is_foreign(cls) or "multi_device" in supported
