"""From a member of an audience to one learner: each part adds what it knows of them, if the course needs it.

The order matters: groups decide choices, choices and dates decide walls.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from lykeion.courseware.assigning import with_random_groups
from lykeion.courseware.dating import with_own_dates
from lykeion.courseware.drawing import with_choices
from lykeion.courseware.groups import with_cohort
from lykeion.courseware.limits import gated
from lykeion.courseware.masking import with_groups_of_mask, without_other_sites
from lykeion.courseware.needs import Needs, needs_of
from lykeion.courseware.opening import with_own_work
from lykeion.courseware.types import Visitor

Part = Callable[[Visitor, Needs], Visitor]

GROUPS: Final[tuple[Part, ...]] = (with_cohort, with_random_groups)
"""Parts that find out which groups the learner is in."""

FACTS: Final[tuple[Part, ...]] = (with_own_dates, with_choices, with_own_work)
"""Parts that find out the rest. Dates come first: what is open by its date may be shut for another reason; what own
work opens comes last, for it needs to know the rest."""

PARTS: Final[tuple[Part, ...]] = (*GROUPS, with_groups_of_mask, gated, *FACTS, without_other_sites)
"""Each returns the visitor with what it found out; without a query where ``Needs`` says that nobody asks."""


def made_personal(visitor: Visitor) -> Visitor:
    """``visitor`` with the groups, dates and facts of the person they are; nobody in particular has done nothing."""
    needs = needs_of(visitor.outline)
    if visitor.viewer.user_id is None:
        return with_own_work(gated(visitor, needs), needs)
    for part in PARTS:
        visitor = part(visitor, needs)
    return visitor
