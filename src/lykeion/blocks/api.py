"""The door of ``blocks``: showing blocks, calling them, their files, what is known of them without a learner."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from webob import Request, Response

from lykeion.blocks import handlers
from lykeion.blocks.facts import facts
from lykeion.blocks.fragments import merged
from lykeion.blocks.handlers import ref_named
from lykeion.blocks.render import render_many
from lykeion.blocks.resources import NoSuchResource, resource
from lykeion.blocks.runtime import BlockRuntime
from lykeion.blocks.types import Rendered, ReplyTaken, Visit
from lykeion.blocks.vocabulary import InstalledVocabulary, is_container, shows_children

__all__ = [
    "InstalledVocabulary",
    "NoSuchResource",
    "facts",
    "grader_reply",
    "handle",
    "is_container",
    "merged",
    "ref_named",
    "render",
    "render_unit_blocks",
    "resource",
    "shows_children",
]


def render(visit: Visit, ref: str, view: str = "student_view", context: Mapping[str, Any] | None = None) -> Rendered:
    """``view`` of the block ``ref``: its HTML in its wrapper, and what it needs on the page.

    A block that fails is shown as a box that says so. What the block stored while it was shown is in ``visit.state``.
    Raises :class:`NoSuchBlock` when the run has no such block for the viewer.
    """
    return render_unit_blocks(visit, [ref], view, context)[ref]


def render_unit_blocks(
    visit: Visit, refs: Iterable[str], view: str = "student_view", context: Mapping[str, Any] | None = None
) -> dict[str, Rendered]:
    """As :func:`render` for several blocks of one page, with their objects and states loaded in one go each."""
    return render_many(BlockRuntime(visit), refs, view, context)


def handle(visit: Visit, usage: str, handler: str, suffix: str, request: Request, *, noauth: bool = False) -> Response:
    """What the handler of a block (ref or usage key) or aside (its key) answers. With ``noauth`` the caller is a
    third party: the visit's viewer must be nobody, and our own blocks have no handlers for it but those they name in
    ``third_party_handlers``.

    404 when there is no such handler. Raises :class:`NoSuchBlock`; raises :class:`HandlerFailed` when the block
    fails, and then the host must drop what was written to ``visit.state`` and ``visit.sink``.
    """
    if noauth and visit.viewer.user_id is not None:
        raise ValueError("third parties call handlers as nobody: give a visit whose viewer has no user_id")
    return handlers.call(BlockRuntime(visit), usage, handler, suffix, request, third_party=noauth)


def grader_reply(visit: Visit, usage: str, dispatch: str, key: str, body: str) -> ReplyTaken:
    """Hands the reply of a grader elsewhere to the block whose learner waits for it, with the ``key`` it carries.

    Raises :class:`NoSuchBlock`, and :class:`HandlerFailed` as :func:`handle` does.
    """
    return handlers.grader_reply(BlockRuntime(visit), usage, dispatch, key, body)
