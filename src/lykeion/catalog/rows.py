"""Rows to values."""

from __future__ import annotations

from typing import Any

from lykeion.catalog import models
from lykeion.catalog.types import Enrolment, Run
from lykeion.core.keys import parse_run

RUN_COLUMNS = (
    "id", "key", "title", "org", "number", "short_description", "image", "language", "start", "end",
    "advertised_start", "enrollment_start", "enrollment_end", "self_paced", "catalog_visibility",
    "course_visibility", "invitation_only", "max_enrolments", "days_early_for_beta", "mobile_available", "effort",
    "prerequisites",
)  # fmt: skip
ENROLMENT_COLUMNS = ("user_id", "run_id", "mode", "is_active", "created")


def run_of(values: tuple[Any, ...]) -> Run:
    """The value of one row of ``RUN_COLUMNS``."""
    given = dict(zip(RUN_COLUMNS, values, strict=True))
    given |= {"key": parse_run(values[1]), "prerequisites": tuple(values[-1] or ())}
    return Run(**given)


def enrolment_of(row: models.Enrolment) -> Enrolment:
    """The value of a row."""
    return Enrolment(row.user_id, row.run_id, row.mode, row.is_active, row.created)
