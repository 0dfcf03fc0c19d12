"""Replies of programs elsewhere that grade: what they change for the learner who waits."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from lykeion.blocks import api as blocks
from lykeion.blocks.types import NoSuchBlock, ReplyTaken, StateKey, Viewer
from lykeion.catalog import api as catalog
from lykeion.content import api as content
from lykeion.content.types import Json
from lykeion.core.keys import CourseLocator
from lykeion.courseware.commit import commit
from lykeion.courseware.entering import learner
from lykeion.courseware.sink import Published
from lykeion.courseware.types import AccessDenied, Visitor
from lykeion.courseware.visit import Work, begin, everything, keeping, persist, under_way


def take_reply(
    run_key: CourseLocator, user_id: int, usage: str, dispatch: str, key: str, body: str, *, at: datetime
) -> ReplyTaken:
    """Keeps a grader's reply; see :func:`lykeion.courseware.api.take_reply`."""
    run = catalog.run(run_key)
    nobody = Visitor(run, content.outline(run.key), Viewer(user_id=None), None, at)
    try:
        who = learner(nobody, user_id)
    except AccessDenied:  # the account is gone
        return ReplyTaken("unknown")

    def take(work: Work) -> ReplyTaken:
        try:
            return blocks.grader_reply(work.visit, usage, dispatch, key, body)
        except NoSuchBlock:
            return ReplyTaken("unknown")

    return keeping(who, take, grader=True)[0]


def keep_for(
    run_key: CourseLocator,
    user_id: int,
    ref: str,
    *,
    changes: Mapping[str, Json] | None = None,
    removed: Collection[str] = (),
    score: tuple[float | None, float | None] | None = None,
    at: datetime,
) -> None:
    """Writes a learner's fields and score of one block; see :func:`lykeion.courseware.api.keep_for`.

    A score that a block of a visit gives is put down with the rest of the visit, to be kept with it.
    """
    visiting = under_way()
    if score is not None and not changes and not removed and visiting and visiting.visit.outline.run == run_key:
        _put_down(visiting.sink, ref, user_id, score)
        return
    run = catalog.run(run_key)
    nobody = Visitor(run, content.outline(run.key), Viewer(user_id=None), None, at)
    who = learner(nobody, user_id)
    work = begin(who, visible=everything)
    key = StateKey(user_id, "usage", ref)
    if changes:
        work.state.write(key, changes)
    for name in removed:
        work.state.delete(key, name)
    if score is not None:
        _put_down(work.sink, ref, user_id, score)
    persist(lambda: commit(who, work.state, work.sink), work.state)


def _put_down(sink: Published, ref: str, user_id: int, score: tuple[float | None, float | None]) -> None:
    sink.grade(
        ref,
        *score,
        only_if_higher=False,
        user_id=user_id,
        score_deleted=score[0] is None,
        grader_response=False,
    )
