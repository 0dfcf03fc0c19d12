"""What each metric is, in plain Python, slowly: a learner, a day, a second at a time (analytics.md §1).

Modules are called as those of ``lykeion.analytics.metrics`` that they are for.
"""

from tests.analytics.metrics.definitions import (
    activity,
    completion,
    engagement,
    enrolment,
    events,
    grades,
    learners,
    problems,
    videos,
)

__all__ = [
    "activity",
    "completion",
    "engagement",
    "enrolment",
    "events",
    "grades",
    "learners",
    "problems",
    "videos",
]
