"""What a page of a course says to a learner about their certificate."""

from __future__ import annotations

from lykeion.certificates import api as certificates
from lykeion.certificates.types import Own
from lykeion.courseware.types import Visitor


def own_certificate(visitor: Visitor, learner_id: int | None = None) -> Own | None:
    """Where the learner stands (``learner_id``: whom staff looks at); None for visitors, for those who do not take the
    course, and in courses that give no certificates, where it costs no read."""
    user_id = learner_id or visitor.viewer.user_id
    if user_id is None or (learner_id is None and visitor.enrolment is None):
        return None
    rules = certificates.rules(visitor.run, visitor.outline.root)
    return certificates.own(user_id, visitor.run, rules, at=visitor.at)
