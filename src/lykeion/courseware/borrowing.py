"""Blocks outside of any page: for code of others that asks for a block by its key, as Open edX's module store lets it.

Such code has no visit that ends, so what a borrowed block publishes is kept at once; what it only writes to a
learner's fields is kept when the request ends (:func:`keep_lent`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from lykeion.blocks import api as blocks
from lykeion.blocks.types import NoSuchBlock, Viewer
from lykeion.catalog import api as catalog
from lykeion.content import api as content
from lykeion.content.types import Json, Node, Outline
from lykeion.core.keys import BlockUsageLocator, CourseLocator, ref_of
from lykeion.courseware.access import pace_of, third_party_wall, wall_refusal
from lykeion.courseware.commit import commit
from lykeion.courseware.entering import check_taking_part, enter, plan
from lykeion.courseware.sink import Published
from lykeion.courseware.types import AccessDenied, Visitor
from lykeion.courseware.visit import Work, begin, everything, persist


@dataclass
class Prompt(Published):
    """Keeps what is published as soon as it is."""

    keep: Callable[[], None] = field(default=lambda: None)

    def grade(self, *args: Any, **kwargs: Any) -> None:
        """A raw score, kept at once."""
        super().grade(*args, **kwargs)
        self.keep()

    def completion(self, *args: Any, **kwargs: Any) -> None:
        """Completion, kept at once."""
        super().completion(*args, **kwargs)
        self.keep()

    def event(self, *args: Any, **kwargs: Any) -> None:
        """An event, told at once."""
        super().event(*args, **kwargs)
        self.keep()


@dataclass(eq=False)
class Loan:
    """One borrowed block, whose it is now, and the visit behind it."""

    block: Any
    visitor: Visitor
    work: Work

    def keep(self) -> None:
        """Keeps what was published and written so far."""
        persist(lambda: commit(self.visitor, self.work.state, self.work.sink), self.work.state)
        self.work.state.settle()
        self.work.sink.clear()


_lent: ContextVar[list[Loan] | None] = ContextVar("lent", default=None)


def borrow(usage: BlockUsageLocator, at: datetime) -> Any:
    """The published block of ``usage``, bound to nobody. Every block is there, whoever may see it.

    Raises ``RunMissing``, :class:`NoSuchBlock`.
    """
    run = catalog.run(usage.course_key)
    visitor = Visitor(run, _outline(run.key, usage), Viewer(user_id=None), None, at)
    sink = Prompt(visitor.outline, None)
    work = begin(visitor, visible=everything, sink=sink)
    loan = Loan(blocks.build(work.visit, ref_of(usage)), visitor, work)
    sink.keep = loan.keep
    loan.block.runtime.loan = loan
    return loan.block


_drafts: ContextVar[bool] = ContextVar("drafts", default=False)


@contextmanager
def lending_drafts() -> Iterator[None]:
    """While an author works with a block: packages that borrow it by key get it although nobody has published it."""
    token = _drafts.set(True)
    try:
        yield
    finally:
        _drafts.reset(token)


def _outline(run: CourseLocator, usage: BlockUsageLocator) -> Outline:
    published = content.outline(run)
    if not _drafts.get() or ref_of(usage) in published.index:
        return published
    return content.outline(run, "draft")


def bind(block: Any, user: Any) -> None:
    """Gives a borrowed block to ``user`` (a row, or Django's anonymous user) for the rest of the request.

    Raises :class:`AccessDenied` when they may not have it: for nobody, as for calls of third parties, when it is not
    released or for staff only.
    """
    loan: Loan = block.runtime.loan
    outlined = loan.visitor.outline.blocks[loan.visitor.outline.index[ref_of(block.scope_ids.usage_id)]]
    if not user.is_authenticated:
        wall = third_party_wall(loan.visitor.outline, outlined, pace_of(loan.visitor.run), loan.visitor.at)
        if wall:
            raise wall_refusal(wall, outlined, beta=False)
    else:
        visitor = enter(user, loan.visitor.run.key, loan.visitor.at)
        check_taking_part(visitor)
        if wall := plan(visitor).wall(outlined):
            raise wall_refusal(wall, outlined, beta=visitor.viewer.is_beta_tester)
        loan.visitor = visitor
        loan.work.state.user_id = loan.work.sink.user_id = visitor.viewer.user_id
        block.runtime.visit = replace(loan.work.visit, viewer=visitor.viewer)
        block.runtime.rebind(block, user.pk)
    waiting = _lent.get()
    if waiting is not None:
        waiting.append(loan)


@contextmanager
def keep_lent() -> Iterator[list[Loan]]:
    """Around a request: what blocks that were bound in it hold unsaved is kept when it ends, unless it fails or
    empties the list it is given."""
    lent: list[Loan] = []
    token = _lent.set(lent)
    try:
        yield lent
        for loan in lent:
            loan.block.save()
            loan.keep()
    finally:
        _lent.reset(token)


def drop_lent() -> None:
    """Lets go of what blocks that were bound in this request hold unsaved."""
    if (lent := _lent.get()) is not None:
        lent.clear()


def course_fields(run: CourseLocator) -> dict[str, Json]:
    """What the author set for the course as a whole: its advanced settings. Raises ``RunMissing``."""
    outline = content.outline(catalog.run(run).key)
    top: Node = content.nodes([outline.course.object_id])[outline.course.object_id]
    return dict(top.fields)


def may_load(user: Any, usage: BlockUsageLocator, at: datetime) -> bool:
    """Whether ``user`` (a row, or Django's anonymous user) may have the block of ``usage`` on a page."""
    try:
        bind(borrow(usage, at), user)
    except (AccessDenied, NoSuchBlock):
        return False
    return bool(user.is_authenticated)
