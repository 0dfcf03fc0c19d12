"""Calls to blocks' handlers: an answer to a problem, the position of a video, a vote."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

import orjson
from webob import Request, Response

from lykeion.blocks import api as blocks
from lykeion.blocks.types import HandlerFailed, HandlerRefused, NoSuchBlock
from lykeion.content.types import OutlineBlock
from lykeion.courseware.barriers import barred
from lykeion.courseware.entering import check_reading, check_taking_part, plan
from lykeion.courseware.exams.rules import exam_with, is_running
from lykeion.courseware.types import AccessDenied, HandlerReply, Visitor
from lykeion.courseware.visit import Busy, Work, keeping

_READING = frozenset({"GET", "HEAD"})


def handle(
    visitor: Visitor, usage: str, handler: str, suffix: str, request: Request, *, noauth: bool = False
) -> HandlerReply:
    """Calls a handler; see :func:`lykeion.courseware.api.handle`."""
    if not noauth:
        check(visitor, usage, request)
        _check_in_time(visitor, usage, handler, suffix, request)
    if not request.is_body_seekable:  # the handler may run twice; a body that was parsed before stays parsed
        request.make_body_seekable()

    def call(work: Work) -> HandlerReply:
        return _reply(blocks.handle(work.visit, usage, handler, suffix, request, noauth=noauth))

    kept = noauth or (_is_meant(request) and not _only_looks(visitor, usage, request))
    try:
        reply, grade = keeping(visitor, call, noauth=noauth, kept=kept, whole=_whole(usage))
    except NoSuchBlock as error:
        raise AccessDenied(str(error), "not_found") from error
    except HandlerRefused as refused:
        return _reply(refused.response)
    except HandlerFailed as error:
        return _trouble(
            HTTPStatus.INTERNAL_SERVER_ERROR, error.staff if visitor.is_staff and error.staff else str(error)
        )
    except Busy as error:
        return _trouble(HTTPStatus.CONFLICT, str(error))
    return reply if grade is None else HandlerReply(reply.status, reply.headers, reply.body, grade)


def _reply(response: Response) -> HandlerReply:
    return HandlerReply(response.status_int, dict(response.headers), response.body)


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
        raise barred(visitor, wall, block)


_LOOKING: Final = frozenset({"problem_get", "problem_show"})


def _check_in_time(visitor: Visitor, usage: str, handler: str, suffix: str, request: Request) -> None:
    """A timed exam that is over is shown again after its due date, for reading: grace, which other work may be given,
    is not for exams."""
    block = visitor.outline.get(_ref(usage))
    looks = block is not None and (block.type, handler) == ("problem", "xmodule_handler") and suffix in _LOOKING
    if block is not None and not looks and request.method not in _READING and _is_in_past_exam(visitor, block):
        raise barred(visitor, "exam_over", block)


def _only_looks(visitor: Visitor, usage: str, request: Request) -> bool:
    """Whether a request may read what is in an exam that is over, and nothing else."""
    return request.method in _READING and _is_in_past_exam(visitor, visitor.outline.get(_ref(usage)))


def _is_in_past_exam(visitor: Visitor, block: OutlineBlock | None) -> bool:
    exam = exam_with(visitor.outline, block) if block is not None else None
    attempt = visitor.work.attempts.get(exam.ref) if exam is not None else None
    return attempt is not None and not is_running(attempt, visitor.at)


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


def _whole(usage: str) -> bool:
    """Whether what the block writes to tables of its own must be kept or undone with the rest."""
    return blocks.has_tables(_ref(usage).partition("@")[0])


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
