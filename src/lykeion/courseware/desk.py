"""Service ``graders``: what blocks of one visit hand to programs elsewhere that grade."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from datetime import datetime
from functools import partial

from lykeion.capa.types import AnswerError, GraderNotAllowed, GraderOrder, gettext_noop
from lykeion.courseware.sink import Published
from lykeion.courseware.types import Visitor
from lykeion.graders import api as graders
from lykeion.graders.types import Order, Unreachable


class Desk:
    """The :class:`~lykeion.blocks.builtin.problem.replies.GraderDesk` of one visit.

    Orders and what became of them are written in the transaction that keeps the rest of the visit.
    """

    def __init__(self, visitor: Visitor, sink: Published) -> None:
        self._visitor = visitor
        self._sink = sink

    @property
    def student_id(self) -> str:
        """The learner's anonymous id in this run."""
        return self._visitor.viewer.anonymous_id

    @property
    def default_queue(self) -> str:
        """``ORG-COURSE``."""
        return f"{self._visitor.run.key.org}-{self._visitor.run.key.course}"

    @property
    def at(self) -> datetime:
        """The moment of the visit."""
        return self._visitor.at

    def new_key(self) -> str:
        """32 hex digits that nobody can guess."""
        return secrets.token_hex(16)

    def check(self, url: str) -> None:
        """Raises GraderNotAllowed unless the operator lets us ask ``url``."""
        try:
            graders.check_allowed(url)
        except graders.NotAllowed as error:
            raise GraderNotAllowed(error.host) from error

    def ask(self, url: str, fields: Mapping[str, str]) -> str:
        """What the grader at ``url`` answers. Raises AnswerError: no attempt is lost."""
        self.check(url)
        try:
            return graders.ask(url, fields)
        except Unreachable as error:
            words = gettext_noop(
                "The grader does not answer, so nothing was counted. Please try again later. ({error})"
            )
            raise AnswerError(words, error=error) from error

    def send(self, usage: str, order: GraderOrder) -> None:
        """Has ``order`` placed when the visit is kept. Its files are stored now: no transaction waits for a disk."""
        placed = Order(
            key=order.key,
            queue=order.queue,
            run=str(self._visitor.run.key),
            user_id=self._visitor.viewer.user_id or 0,
            usage=usage,
            input_id=order.input_id,
            dispatch=order.dispatch,
            body=json.dumps(order.body),
            files={file.name: graders.keep_file(file.content) for file in order.files},
        )
        self._sink.also.append(partial(graders.place, placed, self.at))

    def done(self, key: str, error: str = "") -> None:
        """Has the order closed, or left to the operator, when the visit is kept."""
        self._sink.also.append(partial(graders.fail, key, error) if error else partial(graders.close, key, self.at))
