"""A problem of a draft that an author tries out: shown and answered as a learner would, and kept nowhere.

What was answered so far is a value that the face carries from one request to the next (:class:`Tried`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import quote

from webob import Request, Response

from lykeion.authoring.host import Scratch, visit_of
from lykeion.authoring.links import DraftUrls
from lykeion.authoring.types import Author, AuthoringError
from lykeion.blocks import api as blocks
from lykeion.blocks.types import BlockProblem, HandlerRefused, Rendered, StateKey, Visit
from lykeion.content import api as content
from lykeion.content.types import Json, Outline
from lykeion.core.paths import SAFE, SAFE_IN_SEGMENT

SEEDS: Final = 1000
_LATER: Final = timedelta(days=3650)


@dataclass(frozen=True, slots=True)
class Tried:
    """What somebody did with one variant so far: the learner's fields of the block, as JSON."""

    seed: int
    state: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TryReply:
    """What a block answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class _TryUrls(DraftUrls):
    """Handlers are at addresses that carry the variant."""

    __slots__ = ("_try",)

    def __init__(self, author: Author, ref: str, seed: int) -> None:
        super().__init__(author.run, author.root)
        self._try = f"{self._base}xblock/{quote(ref, safe=SAFE_IN_SEGMENT)}/try/{seed}/"

    def handler(self, usage: str, handler: str, suffix: str, query: str, *, thirdparty: bool) -> str:
        """Address of a handler of the problem."""
        return f"{self._try}{quote(handler, safe='')}/{quote(suffix, safe=SAFE)}".rstrip("/")


def shown(author: Author, ref: str, tried: Tried, *, at: datetime) -> Rendered:
    """The problem with what was answered so far."""
    visit, _ = _visit(author, ref, tried, at)
    return blocks.render(visit, ref)


def answered(
    author: Author, ref: str, tried: Tried, handler: str, suffix: str, request: Request, *, at: datetime
) -> tuple[TryReply, Tried]:
    """What a handler of the problem answers, and what somebody did after it. Raises :class:`AuthoringError` when it
    fails."""
    visit, key = _visit(author, ref, tried, at)
    try:
        response = blocks.handle(visit, ref, handler, suffix, request)
    except HandlerRefused as refused:
        return _reply(refused.response), tried
    except BlockProblem as problem:
        raise AuthoringError(f"{problem} {problem.staff}".strip()) from problem
    return _reply(response), replace(tried, state=dict(visit.state.read(key)))


def _reply(response: Response) -> TryReply:
    return TryReply(response.status_int, dict(response.headers), response.body)


def _visit(author: Author, ref: str, tried: Tried, at: datetime) -> tuple[Visit, StateKey]:
    outline = content.part_outline(author.run, author.root, ref)
    key = StateKey(author.person.id, "usage", ref)
    scratch = Scratch({key: {"seed": tried.seed, **tried.state}})
    visit = visit_of(author, outline, at, scratch)
    return replace(visit, urls=_TryUrls(author, ref, tried.seed), dues=_never_due(outline, ref, at)), key


def _never_due(outline: Outline, ref: str, at: datetime) -> dict[str, Any]:
    """A due date that is over keeps nobody from trying."""
    found: dict[str, Any] = {}
    block = outline.get(ref)
    while block is not None and block.parent >= 0:
        block = outline.blocks[block.parent]
        found[block.ref] = at + _LATER
    return found
