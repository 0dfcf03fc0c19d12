"""What blocks of others ask about the learners of a run on behalf of staff."""

from __future__ import annotations

from lykeion.accounts import api as accounts
from lykeion.content.types import Json
from lykeion.core.keys import BadKey, parse_usage, ref_of
from lykeion.courseware.state import decode, read_rows
from lykeion.courseware.types import Visitor


class LearnersState:
    """Service ``user_state`` (``StateService`` in xmodule/services.py): a learner's fields of a block of this run, for
    staff. Somebody else learns of their own only."""

    def __init__(self, visitor: Visitor) -> None:
        self._visitor = visitor

    def get_state_as_dict(self, username_or_email: str, block_id: str) -> dict[str, Json]:
        """What is kept of the learner in the block of that usage key; empty for nobody and nothing."""
        person = accounts.find_person(username_or_email)
        viewer = self._visitor.viewer
        if person is None or not (viewer.is_staff or person.id == viewer.user_id):
            return {}
        try:
            usage = parse_usage(str(block_id))
        except BadKey:
            return {}
        if usage.course_key != self._visitor.run.key:
            return {}
        ref = ref_of(usage)
        found = read_rows(person.id, self._visitor.run.id, [ref]).get(ref)
        return {} if found is None else decode(found.state)
