"""One visit of blocks: what the runtime needs, and trying again when somebody else was faster."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from time import monotonic, sleep
from typing import TypeVar

from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _

from lykeion.blocks.types import HandlerFailed, Visit
from lykeion.content import api as content
from lykeion.content.types import OutlineBlock
from lykeion.core.errors import LykeionError
from lykeion.courseware.access import pace_of, third_party_wall
from lykeion.courseware.commit import Conflict, commit, one_at_a_time
from lykeion.courseware.desk import Desk
from lykeion.courseware.directory import RunDirectory
from lykeion.courseware.entering import plan, takes_part
from lykeion.courseware.lending import lent
from lykeion.courseware.links import urls_of
from lykeion.courseware.rebinding import Rebinding
from lykeion.courseware.sink import Published
from lykeion.courseware.state import VisitState
from lykeion.courseware.telling import LearnersState
from lykeion.courseware.types import Visitor
from lykeion.grades.types import CourseGrade

TRIES = 3  # at least
PATIENCE = 5.0  # seconds in which more tries begin
T = TypeVar("T")


class Busy(LykeionError):
    """Others kept changing the same things, however often we tried. Nothing was kept."""


@dataclass(frozen=True, slots=True)
class Work:
    """A visit under way: what its blocks read and what they leave."""

    visit: Visit
    state: VisitState
    sink: Published


_under_way: ContextVar[Work | None] = ContextVar("under_way", default=None)


def under_way() -> Work | None:
    """The visit that this code is called from, if it is: packages of others tell of things without saying for whom."""
    return _under_way.get()


def begin(
    visitor: Visitor, *, visible: Callable[[OutlineBlock], bool] | None = None, sink: Published | None = None
) -> Work:
    """A fresh visit. ``visible`` says which blocks there are; what is open to the visitor when it is not given."""
    state = VisitState(visitor.viewer.user_id, visitor.run.id, visitor.copy)
    sink = sink or Published(visitor.outline, visitor.viewer.user_id)
    visit = Visit(
        viewer=visitor.viewer,
        outline=visitor.outline,
        at=visitor.at,
        dues=visitor.dues,
        nodes=content.nodes,
        state=state,
        sink=sink,
        urls=visitor.urls or urls_of(visitor.outline),
        services={
            "visible": visible or plan(visitor).is_open,
            "masked": visitor.copy is not None,
            "choices": dict(visitor.facts.chosen),
            "completions": state.completions,
            "graders": Desk(visitor, sink),
            **lent(visitor, state, sink),
            "directory": RunDirectory(visitor),
            "rebind_user": Rebinding(visitor, state, sink),
            "user_state": LearnersState(visitor),
        },
    )
    return Work(visit, state, sink)


def _to_third_parties(visitor: Visitor) -> Callable[[OutlineBlock], bool]:
    pace = pace_of(visitor.run)
    return lambda block: not third_party_wall(visitor.outline, block, pace, visitor.at)


def everything(_block: OutlineBlock) -> bool:
    """For those who may find any block."""
    return True


def keeping(
    visitor: Visitor,
    act: Callable[[Work], T],
    *,
    noauth: bool = False,
    kept: bool = True,
    grader: bool = False,
    whole: bool = False,
) -> tuple[T, CourseGrade | None]:
    """What ``act`` returns for a fresh visit, once all that it wrote is kept; and the new course grade if there is one.

    ``act`` runs outside any transaction, and again from the start when what it read was changed meanwhile. Whenever
    somebody was faster, somebody did get through: so with pauses of random length a whole class that votes at once is
    done in the end. Raises :class:`Busy` after five seconds. What people who do not take part write is dropped, and
    everything if it is not to be ``kept``. The reply of a ``grader`` to what somebody submitted while they took part is
    kept, and finds blocks that closed or were hidden since.

    Handlers of blocks with tables of their own ask for the ``whole`` in one transaction: then what ``act`` wrote by
    itself is kept with the rest, or undone before it runs again. Not so views: they are looked at all the time, and a
    transaction of theirs would hold up everybody who writes while code of others makes a page.
    """
    keeps = kept and (noauth or grader or takes_part(visitor))
    undoes = visitor.copy is not None or not kept or (whole and not keeps)
    visible = everything if grader else _to_third_parties(visitor) if noauth else None
    tries, until = 0, monotonic() + PATIENCE
    while tries < TRIES or monotonic() < until:
        work = begin(visitor, visible=visible)
        try:
            with _all_or_nothing() if whole else nullcontext():
                made = _undone(act, work) if undoes else _acted(act, work)
                if not keeps:
                    return made, None
                if visitor.copy is not None:
                    visitor.copy.keep({ref: document.text for ref, document in work.state.changed_rows().items()})
                return made, commit(visitor, work.state, work.sink)
        except Conflict:
            tries += 1
            _pause(tries)
    raise Busy(_("This changed in another window at the same time. Reload the page and try again."))


def _acted(act: Callable[[Work], T], work: Work) -> T:
    token = _under_way.set(work)
    try:
        return act(work)
    finally:
        _under_way.reset(token)


@contextmanager
def _all_or_nothing() -> Iterator[None]:
    """A transaction around all of a visit; what the database says about others who write the same is a
    :class:`Conflict`, also when a block's handler was told."""
    with one_at_a_time():
        try:
            yield
        except HandlerFailed as failed:
            if isinstance(failed.__cause__, Conflict | OperationalError):
                raise failed.__cause__ from failed
            raise


def _undone(act: Callable[[Work], T], work: Work) -> T:
    """What ``act`` returns. What it wrote to the database by itself, as blocks of others with tables of their own do,
    is undone: somebody of the team looks as a named learner, whom nothing may reach, or nobody meant to write."""
    with transaction.atomic():
        made = _acted(act, work)
        transaction.set_rollback(True)
    return made


def _pause(tries: int) -> None:
    """After so many tries: up to 4, 8, 16, ... 256 ms, so that those who met here do not meet again."""
    sleep(random.uniform(0, min(0.256, 0.002 * 2**tries)))  # noqa: S311 - no secret hangs on it


def persist(write: Callable[[], T], state: VisitState) -> T:
    """What ``write`` returns, tried again on what is stored by then when somebody else was faster: for changes that do
    not depend on what was read. Inside a transaction of the caller's it is tried once. Raises :class:`Busy`."""
    tries, until = 0, monotonic() + PATIENCE
    while tries < TRIES or monotonic() < until:
        try:
            return write()
        except Conflict:
            if connection.in_atomic_block:
                raise
            tries += 1
            state.reread()
            _pause(tries)
    raise Busy(_("This changed in another window at the same time. Reload the page and try again."))
