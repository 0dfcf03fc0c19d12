"""What learners do, for the tests of this folder."""

from __future__ import annotations

from datetime import datetime

from webob import Request

from lykeion.accounts.models import User
from lykeion.core.keys import usage_of
from lykeion.courseware import api as courseware
from lykeion.courseware.types import HandlerReply, Visitor
from tests.factories import NOW, RUN
from tests.reads import CONTENT

ENTER = 2 + CONTENT  # queries of coming in: run and enrolment, roles, where the run points


def enter(user: User, at: datetime = NOW) -> Visitor:
    """``user`` in the run of the tests."""
    return courseware.enter(user, RUN, at)


def post(values: dict[str, str]) -> Request:
    """A form."""
    return Request.blank("/", method="POST", POST=values)


def answer(visitor: Visitor, name: str, choice: str = "choice_1") -> HandlerReply:
    """Submits ``choice`` to the multiple choice problem ``name``."""
    form = post({f"input_{name}_2_1": choice})
    return courseware.handle(visitor, usage(f"problem@{name}"), "xmodule_handler", "problem_check", form)


def usage(ref: str) -> str:
    """The usage key of a block of the run of the tests."""
    return str(usage_of(RUN, ref))
