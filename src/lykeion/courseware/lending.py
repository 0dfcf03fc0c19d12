"""Services that blocks may ask for and that need the site's tables: each made for one visit, and costing nothing until
it is asked. What they write is kept with the rest of the visit, or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from lykeion.blocks.types import StateKey
from lykeion.core.keys import ref_of, usage_text
from lykeion.courseware.bookmarking import bookmark, marked
from lykeion.courseware.parting import Partitions
from lykeion.courseware.sink import Published
from lykeion.courseware.state import VisitState
from lykeion.courseware.tags import FAMILY
from lykeion.courseware.types import Visitor
from lykeion.grades import api as grades


def lent(visitor: Visitor, state: VisitState, sink: Published) -> dict[str, Any]:
    """The services of one visit, by name."""
    return {
        "bookmarks": Bookmarks(visitor, sink),
        "enrollments": Enrolments(visitor),
        "grade_utils": GradeFacts(visitor),
        "partitions": Partitions(visitor),
        "user_tags": Tags(visitor, state),
    }


class Bookmarks:
    """Service ``bookmarks``: the viewer's marks on units (``openedx/core/djangoapps/bookmarks/services.py``)."""

    def __init__(self, visitor: Visitor, sink: Published) -> None:
        self._visitor = visitor
        self._sink = sink

    def bookmarks(self, course_key: object) -> list[Mapping[str, str]]:
        """The viewer's bookmarks in this run; of another run none is told."""
        if course_key != self._visitor.run.key:
            return []
        return [{"usage_id": usage_text(self._visitor.run.key, ref)} for ref in self._marks()]

    def is_bookmarked(self, usage_key: Any) -> bool:
        """Whether the viewer has marked it."""
        return usage_key.context_key == self._visitor.run.key and ref_of(usage_key) in self._marks()

    def set_bookmarked(self, usage_key: Any) -> bool:
        """Has a unit marked when the visit is kept."""
        return self._later(usage_key, on=True)

    def unset_bookmarked(self, usage_key: Any) -> bool:
        """Has the mark taken away when the visit is kept."""
        return self._later(usage_key, on=False)

    def _marks(self) -> list[str]:
        return sorted(marked(self._visitor))

    def _later(self, usage_key: Any, *, on: bool) -> bool:
        if usage_key.context_key != self._visitor.run.key:
            return False
        self._sink.also.append(partial(bookmark, self._visitor, ref_of(usage_key), on))
        return True


@dataclass(frozen=True, slots=True)
class EnrolmentFacts:
    """One enrolment as blocks read it."""

    course_id: object
    user_id: int
    mode: str
    is_active: bool


class Enrolments:
    """Service ``enrollments``: in which way the viewer takes the run; blocks are told of nobody else's."""

    def __init__(self, visitor: Visitor) -> None:
        self._visitor = visitor

    def get_active_enrollments_by_course(self, course_id: object) -> list[EnrolmentFacts]:
        """The viewer's own, if they take the run."""
        run, enrolment = self._visitor.run.key, self._visitor.enrolment
        if course_id not in {run, str(run)} or enrolment is None or not enrolment.is_active:
            return []
        return [EnrolmentFacts(run, enrolment.user_id, enrolment.mode, True)]

    def get_active_enrollments_by_course_and_user(self, course_id: object, user_id: object) -> EnrolmentFacts | None:
        """The viewer's own, if that is the id of the viewer and they take the run."""
        mine = self.get_active_enrollments_by_course(course_id)
        return next((one for one in mine if one.user_id == user_id), None)

    def get_enrollments_can_take_proctored_exams(self, course_id: object, text_search: str | None = None) -> list[Any]:
        """Nobody: exams are not watched here."""
        return []


class GradeFacts:
    """Service ``grade_utils`` (``lms/djangoapps/grades/util_services.py``)."""

    def __init__(self, visitor: Visitor) -> None:
        self._visitor = visitor

    def are_grades_frozen(self) -> bool:
        """Whether the grades of the run are final."""
        return grades.is_frozen(self._visitor.run.end, self._visitor.at)


class Tags:
    """Service ``user_tags``: small texts that blocks keep of a learner in the run, whichever block asks
    (``xmodule/partitions/partitions_service.py`` and ``user_api.course_tag_api``)."""

    COURSE_SCOPE = "course"

    def __init__(self, visitor: Visitor, state: VisitState) -> None:
        self._user_id = visitor.viewer.user_id
        self._state = state

    def get_tag(self, scope: str, key: str) -> str | None:
        """The text kept under ``key``; None when there is none. Raises :class:`ValueError` for an unknown scope."""
        place = self._place(scope)
        value = None if place is None else self._state.read(place).get(key)
        return None if value is None else str(value)

    def set_tag(self, scope: str, key: str, value: str) -> None:
        """Keeps a text under ``key``, of somebody who is logged in."""
        place = self._place(scope)
        if place is not None:
            self._state.write(place, {key: str(value)})

    def _place(self, scope: str) -> StateKey | None:
        if scope != self.COURSE_SCOPE:
            raise ValueError(f"There are tags for the scope {self.COURSE_SCOPE!r} only, not for {scope!r}.")
        return None if self._user_id is None else StateKey(self._user_id, "definition", "tags", FAMILY)
