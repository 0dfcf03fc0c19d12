"""What metrics are made from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from lykeion.analytics.lake import PARTS_TYPE, TAGS_TYPE

if TYPE_CHECKING:
    import ibis.expr.types as ir

ACTIVITY: Final = pa.schema(
    [
        ("day", pa.date32()),
        ("course_id", pa.string()),
        ("user_id", pa.int64()),
        ("events", pa.int64()),
        ("attempts", pa.int64()),
        ("posts", pa.int64()),
        ("plays", pa.int64()),
        ("last", pa.timestamp("us")),
    ]
)
"""Who did how much in a course on a day."""
ENGAGEMENT: Final = pa.schema(
    [
        ("day", pa.date32()),
        ("course_id", pa.string()),
        ("user_id", pa.int64()),
        ("kind", pa.string()),
        ("entity", pa.string()),
        ("times", pa.int64()),
        ("well", pa.int64()),
        ("last", pa.timestamp("us")),
    ]
)
"""What a learner did with what on a day, how often, and (problems) how often rightly; see
:func:`lykeion.analytics.metrics.engagement.daily_engagement`."""
VIEWINGS: Final = pa.schema(
    [
        ("day", pa.date32()),
        ("course_id", pa.string()),
        ("video_id", pa.string()),
        ("user_id", pa.int64()),
        ("length", pa.float64()),
        ("first", pa.int64()),
        ("last", pa.int64()),
    ]
)
"""What a learner watched without a break, in segments; see :func:`lykeion.analytics.metrics.videos.daily_viewings`."""
MARKS: Final = pa.schema(
    [
        ("day", pa.date32()),
        ("course_id", pa.string()),
        ("user_id", pa.int64()),
        ("percent", pa.float64()),
        ("letter", pa.string()),
        ("word", pa.bool_()),
    ]
)
"""A learner's latest grade of a day and the latest word on passing; see
:func:`lykeion.analytics.metrics.grades.daily_marks`."""
ATTEMPTS: Final = pa.schema(
    [
        ("day", pa.date32()),
        ("course_id", pa.string()),
        ("problem_id", pa.string()),
        ("user_id", pa.int64()),
        ("sent", pa.int64()),
        ("well", pa.int64()),
        ("answered", pa.int64()),
        ("first_parts", PARTS_TYPE),
        ("last_parts", PARTS_TYPE),
        ("last_at", pa.timestamp("us")),
        ("last_id", pa.int64()),
        ("first_at", pa.timestamp("us")),
        ("first_id", pa.int64()),
        ("display_name", pa.string()),
        ("grade", pa.float64()),
        ("max_grade", pa.float64()),
        ("tags", TAGS_TYPE),
        ("tags_at", pa.timestamp("us")),
        ("tags_id", pa.int64()),
    ]
)
"""A learner's submissions to a problem on a day, the first and the last of them whole; see
:func:`lykeion.analytics.metrics.problems.daily_attempts`."""
OUTLINE: Final = pa.schema([("course_id", pa.string()), ("block_id", pa.string()), ("part_id", pa.string())])
"""The blocks that can be completed, and the part of the course (a subsection) that each is in."""
PLACES: Final = pa.schema(
    [("course_id", pa.string()), ("part_id", pa.string()), ("kind", pa.string()), ("entity", pa.string())]
)
"""What there is to be opened (``page``), tried (``problem``) and played (``video``) in each part of a course, each
once, by the name that :data:`ENGAGEMENT` has for it."""
PEOPLE: Final = pa.schema(
    [
        ("user_id", pa.int64()),
        ("gender", pa.string()),
        ("year_of_birth", pa.int64()),
        ("education", pa.string()),
        ("country", pa.string()),
    ]
)
"""What learners told of themselves, in the codes of Open edX. Those who told nothing need not be there."""


@dataclass(frozen=True, slots=True)
class Tables:
    """The settled lake: a table for each kind (``kinds.KINDS``), and what was made of each day alone: :data:`ACTIVITY`,
    :data:`ENGAGEMENT`, :data:`VIEWINGS`, :data:`ATTEMPTS`, :data:`MARKS`."""

    enrol: ir.Table
    problem: ir.Table
    video: ir.Table
    forum: ir.Table
    grade: ir.Table
    completion: ir.Table
    nav: ir.Table
    page: ir.Table
    other: ir.Table
    activity: ir.Table
    engagement: ir.Table
    viewings: ir.Table
    attempts: ir.Table
    marks: ir.Table


@dataclass(frozen=True, slots=True)
class Params:
    """``end``: the first day that is not counted any more (UTC); ``outline``: a table :data:`OUTLINE`, for metrics that
    ask where blocks are, ``places``: :data:`PLACES`, for those that ask what there is; ``people``: :data:`PEOPLE`, for
    those that ask who learners are."""

    end: date
    outline: Any = None
    places: Any = None
    people: Any = None

    @property
    def week(self) -> date:
        """The first of the seven days before the end."""
        return self.end - timedelta(days=7)

    @property
    def until(self) -> datetime:
        """The end as a moment: files that hold nothing before it need not be read, as they would for a day."""
        return datetime.combine(self.end, time.min)

    @property
    def since(self) -> datetime:
        """The first moment of :attr:`week`."""
        return datetime.combine(self.week, time.min)


def before(table: ir.Table, params: Params) -> ir.Table:
    """The rows of the days that count."""
    return table.filter(table.day < params.end)
