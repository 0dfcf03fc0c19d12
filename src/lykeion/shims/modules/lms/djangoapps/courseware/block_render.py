"""Stand-in for Open edX's module of this name: blocks given to people."""

from __future__ import annotations

from typing import Any

from django.http import Http404

from lykeion.blocks.types import NoSuchBlock
from lykeion.content.types import RunMissing
from lykeion.core.clock import now
from lykeion.core.keys import BadKey, parse_usage
from lykeion.courseware import api as courseware
from lykeion.courseware.types import AccessDenied


def get_block_for_descriptor(user: Any, request: Any = None, block: Any = None, *args: Any, **more: Any) -> Any:
    """Binds ``block`` (of the module store) to ``user``. Raises ``Http404`` when it is not for them."""
    try:
        courseware.bind(block, user)
    except AccessDenied as denied:
        raise Http404(str(denied)) from denied
    return block


def get_block_by_usage_id(
    request: Any, course_id: str, usage_id: str, disable_staff_debug_info: bool = False, course: Any = None, **more: Any
) -> tuple[Any, dict[str, Any]]:
    """The block of that key bound to the person of the request, and what events say of it. Raises ``Http404``."""
    try:
        usage = parse_usage(str(usage_id))
        block = courseware.borrow(usage, now())
    except (BadKey, RunMissing, NoSuchBlock) as error:
        raise Http404(str(error)) from error
    title = getattr(block, "display_name", "") or ""
    return get_block_for_descriptor(request.user, request, block), {
        "module": {"display_name": title, "usage_key": str(usage)}
    }


def load_single_xblock(request: Any, user_id: int, course_id: str, usage_key_string: str, **more: Any) -> Any:
    """The block of that key bound to the person of the request. Raises ``Http404``."""
    return get_block_by_usage_id(request, course_id, usage_key_string)[0]
