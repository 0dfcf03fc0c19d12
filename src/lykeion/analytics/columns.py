"""What the rows of each result are, in order. Pure: pages read this without any engine."""

from __future__ import annotations

from typing import Final

RANGED: Final = (
    "problem_attempts",
    "problems_attempted",
    "problems_completed",
    "videos_viewed",
    "discussion_contributions",
    "attempts_per_completed",
)
"""What learners of a course are compared by."""
FEWEST: Final = 5
"""What fewer learners told is counted together with others: alone it would tell who they are."""
TOGETHER: Final = "together"
"""The value of what is counted together."""
WHOLE: Final[dict[str, tuple[str, ...]]] = {
    "enrolment": ("day", "mode", "count", "cumulative"),
    "enrolment_by_gender": ("day", "gender", "count"),  # not ``cumulative``: it would tell of the one who left
    "demography": ("trait", "value", "count"),
    "summary": ("mode", "count", "change", "cumulative", "passing"),
    "modules": ("entity_type", "entity_id", "learners", "events", "week_learners", "week_events"),
    "visits": ("section", "subsection", "learners", "views"),
    "reach": ("part_id", "kind", "there", "some", "every"),
    "activity": ("week", "any", "attempted", "played", "posted"),
    "retention": ("cohort", "since", "active", "size"),
    "items": (
        "problem_id",
        "part_id",
        "display_name",
        "question",
        "learners",
        "submissions",
        "right_first",
        "right_last",
        "discrimination",
    ),
    "tags": ("name", "value", "problem_id", "submissions", "correct"),
    "videos": ("video_id", "duration", "viewers", "users_at_start", "users_at_end", "users_of_all"),
    "grades": ("tenth", "learners", "passed"),
    "averages": ("learners", "passed", "average", "median"),
    "completion": ("block_id", "learners"),
    "funnel": ("part_id", "started", "finished"),
    "ranges": tuple(f"{name}_{end}" for name in RANGED for end in ("low", "high")),
}
"""Results of a whole run."""
PARTED: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "answers": (
        "problem_id",
        ("part_id", "value", "variant", "answer", "correct", "first_count", "last_count"),
    ),
    "scores": ("problem_id", ("grade", "max_grade", "learners")),
    "timeline": ("video_id", ("segment", "users", "views")),
}
"""Results of a part of a run: the column that says which, and the others."""
COLUMNS: Final[dict[str, tuple[str, ...]]] = {**WHOLE, **{name: columns for name, (_part, columns) in PARTED.items()}}
SPANS: Final = ("day", "week", "ever")
"""What a row of a report of engagement is of."""
PROBLEM: Final = "problem"
"""What a row of the report of answers is of."""

_DAYS: Final = frozenset({"day", "week", "cohort"})
_NUMBERS: Final = frozenset({"duration", "discrimination", "average", "median", "grade", "max_grade"})
_COUNTED: Final = frozenset(
    {
        *("count", "change", "cumulative", "passing", "learners", "events", "week_learners", "week_events", "views"),
        *("there", "some", "every", "any", "attempted", "played", "posted", "since", "active", "size", "submissions"),
        *("right_first", "right_last", "viewers", "users_at_start", "users_at_end", "users_of_all", "tenth", "passed"),
        *("started", "finished", "first_count", "last_count", "segment", "users"),
    }
)


def kinds(metric: str) -> tuple[str, ...]:
    """What the columns of a metric hold: ``date``, ``float``, ``int``, ``bool`` or ``str``."""
    if metric == "tags":
        return ("str", "str", "str", "int", "int")  # ``correct`` is a count here
    return tuple(map(_kind, COLUMNS[metric]))


def _kind(column: str) -> str:
    if column in _DAYS:
        return "date"
    if column in _NUMBERS or column.endswith(("_low", "_high")):
        return "float"
    if column in _COUNTED:
        return "int"
    return "bool" if column == "correct" else "str"
