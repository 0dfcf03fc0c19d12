"""Service ``rebind_user``: a third party called a block as nobody, and the block has found out about whom it speaks."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied

from lykeion.core.errors import LykeionError
from lykeion.courseware.entering import learner
from lykeion.courseware.sink import Published
from lykeion.courseware.state import VisitState
from lykeion.courseware.types import Visitor


class NotToBeRebound(LykeionError, PermissionDenied):
    """A block wanted to act for somebody for whom it may not. Views of packages answer 403 by themselves."""


class Rebinding:
    """Lets a visit of nobody go on as one of the learner's: their fields are read, and kept with the rest.

    The block has checked the caller (a signature); visits of people are never turned into those of others.
    Source: ``UserStateRebinder`` of Open edX (``rebind_noauth_module_to_user`` in xmodule/services.py).
    """

    def __init__(self, visitor: Visitor, state: VisitState, sink: Published) -> None:
        self._visitor = visitor
        self._state = state
        self._sink = sink

    def rebind_noauth_module_to_user(self, block: Any, real_user: Any) -> None:
        """From here on ``block`` speaks for ``real_user`` (a row). Raises :class:`NotToBeRebound`."""
        if self._visitor.viewer.user_id is not None:
            raise NotToBeRebound("Only calls of third parties, which come as nobody, can be rebound to a learner.")
        if self._state.user_id not in {None, real_user.pk}:
            raise NotToBeRebound("This call speaks for another learner already.")
        who = learner(self._visitor, real_user.pk)
        if who.enrolment is None and not who.is_staff:
            raise NotToBeRebound("This person never took the course.")
        self._state.user_id = self._sink.user_id = real_user.pk
        block.runtime.rebind(block, real_user.pk)
