"""Calls from the page (or from third parties) to blocks."""

from __future__ import annotations

import logging
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from opaque_keys import InvalidKeyError
from opaque_keys.edx.asides import AsideUsageKeyV2
from webob import Request, Response
from xblock.exceptions import JsonHandlerError, NoSuchHandlerError, NotFoundError, ProcessingError

from lykeion.blocks.broken import did_not_work, not_there
from lykeion.blocks.guarding import Misbehaved, checked_response, guarded, is_foreign
from lykeion.blocks.ids import aside_key
from lykeion.blocks.runtime import BlockRuntime
from lykeion.blocks.standins import StandIn
from lykeion.blocks.types import BlockProblem, HandlerFailed, HandlerRefused, NoSuchBlock, ReplyTaken
from lykeion.core.keys import BadKey, parse_usage, ref_of

log = logging.getLogger(__name__)

REFUSALS = (PermissionDenied, Http404, JsonHandlerError, NotFoundError, ProcessingError)


def call(
    runtime: BlockRuntime, name: str, handler: str, suffix: str, request: Request, *, third_party: bool = False
) -> Response:
    """The answer of ``handler`` of the block or aside ``name`` (a ref or a usage key).

    404 when the block has no such handler, and for handlers of our own blocks that a ``third_party`` has no business
    with: they count on the host to know who asks (XBlock has no word for it, so those of packages are let through).
    Raises :class:`NoSuchBlock`, :class:`HandlerRefused` when the handler says no, and :class:`HandlerFailed` when it
    (or the block) fails: then nothing that was written may be kept.
    """
    target = _target(runtime, name)
    if isinstance(target, StandIn):
        problem = target.scope_ids.place.problem
        raise HandlerFailed(did_not_work(), problem.staff if problem else "")
    if third_party and not is_foreign(type(target)) and handler not in getattr(target, "third_party_handlers", ()):
        return _no_handler(handler)
    place = target.scope_ids.place

    def work() -> Response:
        response = runtime.handle(target, handler, request, suffix)
        checked_response(handler, response)
        return response

    try:
        return guarded(runtime.visit, type(target), f"{handler} of {place.usage} ({place.type})", work)
    except NoSuchHandlerError:
        return _no_handler(handler)
    except Misbehaved as problem:
        raise HandlerFailed(did_not_work(), problem.staff) from problem
    except BlockProblem:
        raise
    except REFUSALS as refused:  # nothing is wrong: the block says no
        raise HandlerRefused(str(refused), _refusal(refused)) from refused
    except Exception as error:
        log.exception("handler %s of %s failed", handler, target.scope_ids.usage_id)
        raise HandlerFailed(did_not_work(), f"{handler}: {type(error).__name__}: {error}") from error


def grader_reply(runtime: BlockRuntime, usage: str, dispatch: str, key: str, body: str) -> ReplyTaken:
    """What a block does with the reply of a grader elsewhere; blocks that wait for none know of none.

    Raises as :func:`call`.
    """
    target = _target(runtime, usage)
    take = getattr(target, "grader_reply", None)
    if take is None or isinstance(target, StandIn):
        return ReplyTaken("unknown")
    try:
        taken: ReplyTaken = guarded(
            runtime.visit, type(target), f"reply for {usage}", lambda: take(dispatch, key, body)
        )
        target.save()
    except Exception as error:
        log.exception("the grader's reply for %s failed", usage)
        raise HandlerFailed(did_not_work(), f"{dispatch}: {type(error).__name__}: {error}") from error
    return taken


def ref_named(name: str) -> str:
    """The ref of the block ``name`` (a ref or a usage key), or that the aside of key ``name`` stands beside.

    Raises :class:`NoSuchBlock` for what is no key.
    """
    try:
        aside = aside_key(name)
        if aside is not None:
            return ref_of(aside.usage_key)
        return ref_of(parse_usage(name)) if name.startswith("block-v1:") else name
    except (InvalidKeyError, BadKey) as error:
        raise NoSuchBlock(not_there(), f"{name!r} is not a block's key.") from error


def _refusal(refused: Exception) -> Response:
    """What Open edX answers when a handler raises one of these."""
    if isinstance(refused, JsonHandlerError):
        answer: Response = refused.get_response()
        return answer
    if isinstance(refused, ProcessingError):
        return Response(json={"success": str(refused)})
    return Response(
        status=403 if isinstance(refused, PermissionDenied) else 404, text=str(refused), content_type="text/plain"
    )


def _no_handler(handler: str) -> Response:
    return Response(status=404, text=f"There is no handler {handler}.", content_type="text/plain")


def _target(runtime: BlockRuntime, name: str) -> Any:
    try:
        aside = aside_key(name)
        if aside is not None:
            _own_run(runtime, aside.usage_key.context_key, name)
            if aside.aside_type not in runtime.types.asides:
                raise NoSuchBlock(not_there(), f"{aside.aside_type} is not in use here.")
            return _aside(runtime, aside)
        if not name.startswith("block-v1:"):
            return runtime.block(name)
        usage = parse_usage(name)
    except (InvalidKeyError, BadKey) as error:
        raise NoSuchBlock(not_there(), f"{name!r} is not a block's key.") from error
    _own_run(runtime, usage.context_key, name)
    return runtime.block(ref_of(usage))


def _aside(runtime: BlockRuntime, key: AsideUsageKeyV2) -> Any:
    try:
        return runtime.get_aside(key)
    except NoSuchBlock:
        raise
    except BlockProblem as problem:
        raise HandlerFailed(did_not_work(), problem.staff) from problem
    except Exception as error:
        log.exception("%s cannot be built", key)
        raise HandlerFailed(did_not_work(), f"{type(error).__name__}: {error}") from error


def _own_run(runtime: BlockRuntime, run: object, name: str) -> None:
    if run != runtime.course_id:
        raise NoSuchBlock(not_there(), f"{name} is not in {runtime.course_id}.")
