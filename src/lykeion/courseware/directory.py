"""The people of a run, as blocks of others ask for them: by ids that say nothing."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model

from lykeion.accounts import api as accounts
from lykeion.courseware.types import Visitor


class RunDirectory:
    """The :class:`~lykeion.blocks.types.Directory` of one visit. Rows of people leave the house here and nowhere else:
    blocks of others (edx-sga, the LTI consumer, open response) hand them to Django's own queries."""

    def __init__(self, visitor: Visitor) -> None:
        self._visitor = visitor

    def me(self) -> Any | None:
        """The viewer's row; None for a visitor. One query."""
        return _row(self._visitor.viewer.user_id)

    def whose(self, anonymous_id: str) -> Any | None:
        """The row of whoever has this anonymous id in the run; None for nobody. One query."""
        return _row(accounts.whose_id(anonymous_id, self._visitor.run.key))

    def anonymous_id(self, username: str) -> str | None:
        """The anonymous id of somebody of that name in the run; None for nobody, and for a learner who asks about
        others. One query."""
        viewer = self._visitor.viewer
        if viewer.user_id is not None and not viewer.is_staff and username != viewer.username:
            return None
        person = accounts.find_person(username)
        return None if person is None else accounts.anonymous_id(person.id, self._visitor.run.key)

    def external_id(self, kind: str) -> str | None:
        """The viewer's id for outside systems of a kind; None for a visitor."""
        user_id = self._visitor.viewer.user_id
        return None if user_id is None else str(accounts.external_id(user_id, kind))


def _row(user_id: int | None) -> Any | None:
    if user_id is None:
        return None
    return get_user_model().objects.filter(pk=user_id, is_active=True).first()
