"""Every metric by its name: what is published, measured on each engine, and compared between engines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from lykeion.analytics.columns import PROBLEM, SPANS
from lykeion.analytics.metrics import activity, completion, engagement, enrolment, grades, learners, problems, videos
from lykeion.analytics.metrics.tables import Params, Tables

Metric = Callable[[Tables, Params], Any]

METRICS: Final[dict[str, Metric]] = {
    "enrolment": enrolment.enrolment,
    "enrolment_by_gender": enrolment.enrolment_by_gender,
    "demography": enrolment.demography,
    "summary": enrolment.summary,
    "modules": engagement.modules,
    "visits": engagement.visits,
    "reach": engagement.reach,
    "activity": activity.weekly_activity,
    "retention": activity.retention,
    "items": problems.items,
    "tags": problems.tags,
    "videos": videos.videos,
    "grades": grades.grade_distribution,
    "averages": grades.averages,
    "completion": completion.completion,
    "funnel": completion.funnel,
    "ranges": learners.ranges,
    "answers": problems.answers,
    "scores": problems.scores,
    "timeline": videos.timeline,
}
"""What is kept as rows of a run."""
REPORTS: Final[dict[str, Metric]] = {
    "day": engagement.by_day,
    "week": engagement.by_week,
    "ever": engagement.ever,
    PROBLEM: problems.responses,
}
"""Reports of what each learner did, by what a row is of."""
ALL: Final[dict[str, Metric]] = {
    **METRICS,
    "learners": learners.learners,
    "enrolments": enrolment.enrolments,
    "module_engagement": engagement.module_engagement,
    **{f"engagement_{span}": REPORTS[span] for span in SPANS},
    "responses": problems.responses,
}
