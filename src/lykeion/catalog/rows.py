"""Rows to values."""

from __future__ import annotations

from typing import Any, Final

from lykeion.catalog import models
from lykeion.catalog.types import Enrolment, Run
from lykeion.core.keys import parse_run

RUN_COLUMNS = (
    "id", "key", "title", "org", "number", "short_description", "image", "language", "start", "end",
    "advertised_start", "enrollment_start", "enrollment_end", "self_paced", "catalog_visibility",
    "course_visibility", "invitation_only", "max_enrolments", "days_early_for_beta", "mobile_available", "effort",
    "prerequisites", "audit_ends", "weeks_to_complete", "gates_graded", "content_cohorted", "team_cohorted",
)  # fmt: skip
TAKING: Final = {"is_active__in": (True,)}
"""Those who take a run now. ``is_active=True`` says the same, but Django writes it so that no index is used for it."""
ENROLMENT_COLUMNS = ("user_id", "run_id", "mode", "is_active", "created", "schedule_start", "own_dates")


def run_of(values: tuple[Any, ...]) -> Run:
    """The value of one row of ``RUN_COLUMNS``."""
    given = dict(zip(RUN_COLUMNS, values, strict=True))
    of_content, of_team = given.pop("content_cohorted"), given.pop("team_cohorted")
    given |= {"key": parse_run(values[1]), "prerequisites": tuple(given["prerequisites"] or ())}
    decided = of_team is not None
    return Run(**given, cohorted=of_team if decided else of_content, cohorts_decided=decided)


def enrolment_of(row: models.Enrolment) -> Enrolment:
    """The value of a row."""
    return Enrolment(*(getattr(row, column) for column in ENROLMENT_COLUMNS))
