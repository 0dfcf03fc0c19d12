"""Stand-in for Open edX's module of this name: the modes a run is offered in."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from lykeion.catalog import api as catalog


class Mode(NamedTuple):
    """One mode of a run."""

    slug: str
    name: str
    expiration_datetime: datetime | None = None
    min_price: int = 0


class CourseMode:
    """What a run is offered as."""

    AUDIT, HONOR, VERIFIED, MASTERS = "audit", "honor", "verified", "masters"
    DEFAULT_MODE = Mode("audit", "Audit")

    @classmethod
    def modes_for_course(
        cls, course_id: object = None, include_expired: bool = False, only_selectable: bool = True, **more: object
    ) -> list[Mode]:
        """The modes of the run of that key. Raises ``RunMissing``."""
        offered = catalog.run(str(course_id))
        return [Mode(slug, slug.replace("-", " ").title(), until) for slug, until in catalog.modes(offered)]
