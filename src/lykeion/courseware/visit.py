"""One visit of blocks: what the runtime needs, and trying again when somebody else was faster."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic, sleep
from typing import TypeVar

from django.utils.translation import gettext as _

from lykeion.blocks.types import Visit
from lykeion.content import api as content
from lykeion.content.types import OutlineBlock
from lykeion.core.errors import LykeionError
from lykeion.courseware.access import third_party_wall
from lykeion.courseware.commit import Conflict, commit
from lykeion.courseware.desk import Desk
from lykeion.courseware.entering import pace_of, plan, takes_part
from lykeion.courseware.links import urls_of
from lykeion.courseware.sink import Published
from lykeion.courseware.state import VisitState
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


def begin(visitor: Visitor, *, visible: Callable[[OutlineBlock], bool] | None = None) -> Work:
    """A fresh visit. ``visible`` says which blocks there are; what is open to the visitor when it is not given."""
    state = VisitState(visitor.viewer.user_id, visitor.run.id)
    sink = Published(visitor.outline, visitor.viewer.user_id)
    visit = Visit(
        viewer=visitor.viewer,
        outline=visitor.outline,
        at=visitor.at,
        nodes=content.nodes,
        state=state,
        sink=sink,
        urls=urls_of(visitor.outline),
        services={"visible": visible or plan(visitor).is_open, "graders": Desk(visitor, sink)},
    )
    return Work(visit, state, sink)


def _to_third_parties(visitor: Visitor) -> Callable[[OutlineBlock], bool]:
    pace = pace_of(visitor.run)
    return lambda block: not third_party_wall(visitor.outline, block, pace, visitor.at)


def _everything(_block: OutlineBlock) -> bool:
    return True


def keeping(
    visitor: Visitor, act: Callable[[Work], T], *, noauth: bool = False, kept: bool = True, grader: bool = False
) -> tuple[T, CourseGrade | None]:
    """What ``act`` returns for a fresh visit, once all that it wrote is kept; and the new course grade if there is one.

    ``act`` runs outside any transaction, and again from the start when what it read was changed meanwhile. Whenever
    somebody was faster, somebody did get through: so with pauses of random length a whole class that votes at once is
    done in the end. Raises :class:`Busy` after five seconds. What people who do not take part write is dropped, and
    everything if it is not to be ``kept``. The reply of a ``grader`` to what somebody submitted while they took part is
    kept, and finds blocks that closed or were hidden since.
    """
    visible = _everything if grader else _to_third_parties(visitor) if noauth else None
    tries, until = 0, monotonic() + PATIENCE
    while tries < TRIES or monotonic() < until:
        work = begin(visitor, visible=visible)
        made = act(work)
        if not kept or not (noauth or grader or takes_part(visitor)):
            return made, None
        try:
            return made, commit(visitor, work.state, work.sink)
        except Conflict:
            tries += 1
            _pause(tries)
    raise Busy(_("This changed in another window at the same time. Reload the page and try again."))


def _pause(tries: int) -> None:
    """After so many tries: up to 4, 8, 16, ... 256 ms, so that those who met here do not meet again."""
    sleep(random.uniform(0, min(0.256, 0.002 * 2**tries)))  # noqa: S311 - no secret hangs on it
