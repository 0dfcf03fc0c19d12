"""Replies of programs elsewhere that grade: what they change for the learner who waits."""

from __future__ import annotations

from datetime import datetime

from lykeion.blocks import api as blocks
from lykeion.blocks.types import NoSuchBlock, ReplyTaken, Viewer
from lykeion.catalog import api as catalog
from lykeion.content import api as content
from lykeion.core.keys import CourseLocator
from lykeion.courseware.entering import learner
from lykeion.courseware.types import AccessDenied, Visitor
from lykeion.courseware.visit import Work, keeping


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
