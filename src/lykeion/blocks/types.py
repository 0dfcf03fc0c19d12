"""What the block runtime needs of its host, and what it gives back. No table, no request of Django here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from webob import Response

from lykeion.content.types import Json, Node, ObjectId, Outline
from lykeion.core.errors import LykeionError


class BlockProblem(LykeionError):
    """A block that cannot be shown or used; the message is fit for the page, ``staff`` adds what an author needs."""

    def __init__(self, message: str, staff: str = "") -> None:
        super().__init__(message)
        self.staff = staff


class NoSuchBlock(BlockProblem):
    """There is no such block in the run, or the viewer may not see it."""


class HandlerFailed(BlockProblem):
    """A block's handler raised: nothing of what it wrote may be kept."""


class HandlerRefused(BlockProblem):
    """A block's handler said no by raising, as Django's views may. ``response`` is its answer; nothing of what it wrote
    may be kept."""

    def __init__(self, message: str, response: Response) -> None:
        super().__init__(message)
        self.response = response


@dataclass(frozen=True, slots=True)
class ReplyTaken:
    """What a block did with the reply of a grader elsewhere: ``kept`` it, found it ``bad`` (``error`` says why, for the
    grader's operator), or knows of no answer that waits for it (``unknown``)."""

    state: Literal["kept", "bad", "unknown"]
    error: str = ""


@dataclass(frozen=True, slots=True)
class StateKey:
    """Where a learner-side field lives (all scopes that are not content or settings).

    ``user_id`` is None for values shared by all users. ``kind`` is ``usage``, ``definition``, ``type`` or ``all``;
    ``name`` is the block's ref (usage, definition), the block type (type) or '' (all). ``family`` tells
    blocks from asides; an aside's ``name`` is ``"{aside type}:{ref}"``.
    """

    user_id: int | None
    kind: str
    name: str
    family: str = "xblock.v1"


class StateStore(Protocol):
    """Learner-side fields, one JSON document per key. Reads are of one snapshot; writes are kept until the host
    commits them all at once or drops them all."""

    def prefetch(self, keys: Sequence[StateKey]) -> None:
        """Loads the documents of ``keys`` in as few reads as possible."""

    def read(self, key: StateKey) -> Mapping[str, Json]:
        """The document of ``key`` (empty when there is none). Never shared by reference with later reads."""

    def write(self, key: StateKey, changes: Mapping[str, Json]) -> None:
        """Sets fields of the document of ``key``."""

    def delete(self, key: StateKey, name: str) -> None:
        """Removes one field of the document of ``key``."""

    def mark(self) -> object:
        """What has been written so far, for :meth:`undo_to`."""

    def undo_to(self, mark: Any) -> None:
        """Forgets what was written since ``mark``."""


class Sink(Protocol):
    """Where blocks publish to. Nothing takes effect before the host commits."""

    def grade(
        self,
        ref: str,
        value: float | None,
        max_value: float | None,
        *,
        only_if_higher: bool,
        user_id: int | None,
        score_deleted: bool,
        grader_response: bool,
    ) -> None:
        """A raw score for the viewer (or for ``user_id``)."""

    def completion(self, ref: str, completion: float, *, user_id: int | None) -> None:
        """Completion between 0 and 1 of a block."""

    def event(self, ref: str, name: str, payload: Mapping[str, Json], asides: Mapping[str, Json]) -> None:
        """A tracking event of any other name; ``asides``: what each type of aside of the block says of it."""

    def mark(self) -> object:
        """What has been published so far, for :meth:`undo_to`."""

    def undo_to(self, mark: Any) -> None:
        """Forgets what was published since ``mark``."""


class Directory(Protocol):
    """The people of a run, for blocks of others: they work with rows of Django's user model, so those are given out."""

    def me(self) -> Any | None:
        """The viewer's row; None for a visitor."""

    def whose(self, anonymous_id: str) -> Any | None:
        """The row of whoever has this anonymous id in the run; None for nobody."""

    def anonymous_id(self, username: str) -> str | None:
        """The anonymous id of somebody of that name in the run; None for nobody."""

    def external_id(self, kind: str) -> str | None:
        """The viewer's id for outside systems of a kind; None for a visitor."""


class NodeSource(Protocol):
    """Immutable objects by id (cached by the host)."""

    def __call__(self, ids: list[ObjectId]) -> dict[ObjectId, Node]:
        """The nodes of ``ids``."""


class Urls(Protocol):
    """Addresses of the site, as paths."""

    def handler(self, usage: str, handler: str, suffix: str, query: str, *, thirdparty: bool) -> str:
        """Address of a handler of the block (or aside) ``usage``."""

    def resource(self, block_type: str, uri: str) -> str:
        """Address of a file in a block's package."""

    def asset(self, path: str) -> str:
        """Address of a course file (``/static/path`` in authors' text)."""

    def jump(self, block_id: str) -> str:
        """Address that leads to a block by its id (``/jump_to_id/ID`` in authors' text)."""

    def course(self, tail: str) -> str:
        """Address below the run (``/course/tail`` in authors' text)."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks. ``user_id`` None = a visitor. ``groups`` maps partition id to group id."""

    user_id: int | None
    username: str = ""
    email: str = ""
    full_name: str = ""
    anonymous_id: str = ""
    is_staff: bool = False  # staff of this run (or of the site), not masquerading
    is_global_staff: bool = False
    is_beta_tester: bool = False
    role: str = "student"
    language: str = "en"
    time_zone: str = "UTC"
    country: str = ""
    groups: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Visit:
    """One person in one run at one moment: everything a runtime needs. ``dues`` are the viewer's own due dates by ref
    of a subsection: they hold for all in it, instead of what the author set."""

    viewer: Viewer
    outline: Outline
    at: datetime
    nodes: NodeSource
    state: StateStore
    sink: Sink
    urls: Urls
    services: Mapping[str, Any] = field(default_factory=dict)  # further services, or overrides, by name
    dues: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AsideWritten:
    """What one aside wrote to its own content and settings."""

    values: Mapping[str, Json]
    unset: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """What a block wrote to its own content and settings while its author worked with it. ``children`` are the refs
    right below it, in order; None when it left them alone. ``asides``: what asides beside it wrote, by their type."""

    values: Mapping[str, Json]
    unset: tuple[str, ...] = ()
    children: tuple[str, ...] | None = None
    asides: Mapping[str, AsideWritten] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Nested:
    """A type of blocks that a block of others lets in. ``refused``: why none can be added now, in words ('' if it can);
    ``single``: one at most."""

    type: str
    refused: str = ""
    single: bool = False


@dataclass(frozen=True, slots=True)
class FieldFacts:
    """One field of a block as a form shows it. ``kind`` is boolean, integer, float, string, choice, date, list, dict or
    json; ``choices`` are (value, words) of a choice."""

    name: str
    label: str
    help: str
    kind: str
    value: Json
    default: Json
    is_set: bool
    choices: tuple[tuple[Json, str], ...] = ()
    long: bool = False


@dataclass(frozen=True, slots=True)
class Resource:
    """Something a fragment wants on the page. ``kind`` is text or url; ``placement`` head or foot."""

    kind: str
    data: str
    mimetype: str
    placement: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """HTML of a block with what it needs on the page. ``legacy``: the page must load the legacy scripts (xblock.js)."""

    html: str
    resources: tuple[Resource, ...] = ()
    legacy: bool = False
    math: bool = False
