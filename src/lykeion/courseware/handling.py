"""Calls to blocks' handlers: an answer to a problem, the position of a video, a vote."""

from __future__ import annotations

from http import HTTPStatus

import orjson
from webob import Request

from lykeion.blocks import api as blocks
from lykeion.blocks.types import HandlerFailed, NoSuchBlock
from lykeion.courseware.access import wall_refusal
from lykeion.courseware.entering import check_reading, check_taking_part, plan
from lykeion.courseware.types import AccessDenied, HandlerReply, Visitor
from lykeion.courseware.visit import Busy, Work, keeping

_READING = frozenset({"GET", "HEAD"})


def handle(
    visitor: Visitor, usage: str, handler: str, suffix: str, request: Request, *, noauth: bool = False
) -> HandlerReply:
    """Calls a handler; see :func:`lykeion.courseware.api.handle`."""
    if not noauth:
        check(visitor, usage, request)
    if not request.is_body_seekable:  # the handler may run twice; a body that was parsed before stays parsed
        request.make_body_seekable()

    def call(work: Work) -> HandlerReply:
        response = blocks.handle(work.visit, usage, handler, suffix, request, noauth=noauth)
        return HandlerReply(response.status_int, dict(response.headers), response.body)

    try:
        reply, grade = keeping(visitor, call, noauth=noauth, kept=noauth or _is_meant(request))
    except NoSuchBlock as error:
        raise AccessDenied(str(error), "not_found") from error
    except HandlerFailed as error:
        return _trouble(
            HTTPStatus.INTERNAL_SERVER_ERROR, error.staff if visitor.is_staff and error.staff else str(error)
        )
    except Busy as error:
        return _trouble(HTTPStatus.CONFLICT, str(error))
    return reply if grade is None else HandlerReply(reply.status, reply.headers, reply.body, grade)


def check(visitor: Visitor, usage: str, request: Request) -> None:
    """Raises :class:`AccessDenied` unless the visitor may call handlers of ``usage``.

    Readers of a public course may ask for things (transcripts); only people who take part may send any, or ask
    anything of what is scored: a problem would tell its answers.
    """
    check_reading(visitor)
    block = visitor.outline.get(_ref(usage))
    if request.method not in _READING or (block is not None and block.facts.has_score):
        check_taking_part(visitor)
    if block is not None and (wall := plan(visitor).wall(block)):
        raise wall_refusal(wall, block, beta=visitor.viewer.is_beta_tester)


def _is_meant(request: Request) -> bool:
    """Whether ``request`` may change things for the person whose session it carries.

    The host has seen the token of what is sent. What is read has none, and any page can make a browser read: so it
    counts only where a script of this site asks. Browsers say so (W3C Fetch Metadata); for older ones a header stands
    that no other site's script may set.
    """
    if request.method not in _READING:
        return True
    headers = request.headers
    by_script = (headers.get("Sec-Fetch-Site"), headers.get("Sec-Fetch-Dest")) == ("same-origin", "empty")
    return by_script or headers.get("X-Requested-With") == "XMLHttpRequest"


def _ref(usage: str) -> str:
    """The ref of a block's usage, or of the block that an aside stands beside; '' for what is no key (the runtime
    refuses that)."""
    try:
        return blocks.ref_named(usage)
    except NoSuchBlock:
        return ""


def _trouble(status: HTTPStatus, message: str) -> HandlerReply:
    body = orjson.dumps({"error": message, "success": message})
    return HandlerReply(int(status), {"Content-Type": "application/json"}, body)
