"""A course that gives certificates in the track ``honor``, and learners who can be made to pass it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lykeion.catalog import api as catalog
from lykeion.catalog.types import Run
from lykeion.content import api as content
from lykeion.core.clock import now
from lykeion.grades import api as grades
from lykeion.jobs import api as jobs
from tests.content.trees import RUN, make_run, root_of
from tests.instructor.conftest import COURSE
from tests.learn.conftest import person

DESIGN = {
    "certificates": [
        {
            "is_active": True,
            "course_title": "The Waters",
            "description": "Rivers and lakes",
            "signatories": [{"name": "Bob", "title": "Professor", "organization": "Lyceum"}],
        }
    ]
}
POLICY = {
    "GRADER": [{"type": "Homework", "short_label": "HW", "min_count": 2, "drop_count": 0, "weight": 1.0}],
    "GRADE_CUTOFFS": {"Pass": 0.5},
}
Passing = Callable[..., None]


def offer(**fields: object) -> Run:
    """The course, published, offered as ``audit`` and ``honor``."""
    given = {"self_paced": True, "certificates": DESIGN, "grading_policy": POLICY, **fields}
    store = content.store()
    key = make_run(store, root_of(store, COURSE, display_name="Waters", start="2020-01-01T00:00:00Z", **given), run=RUN)
    catalog.catch_up()
    for mode in ("audit", "honor"):
        catalog.set_mode(key, mode)
    return catalog.run(key)


def learner(run: Run, name: str = "alice", mode: str = "honor") -> int:
    """Somebody who takes the course; their id."""
    made = person(name)
    catalog.enrol(made, run.key, mode=mode, by=made, at=now())
    return made


def score(run: Run, user_id: int, points: float, *, work: bool = True) -> None:
    """Earns ``points`` (0 to 1) in both problems; then (``work``) the jobs that waited are done."""
    sheet = grades.sheet_of(content.outline(run.key), lambda block: True, POLICY)
    for ref in ("problem@sum", "problem@deep"):
        grades.record_score(
            user_id=user_id, run_id=run.id, sheet=sheet, ref=ref, raw_earned=points, raw_possible=1.0, at=now()
        )
    if work:
        jobs.run_pending()


@pytest.fixture
def run(db: None) -> Run:
    """The course, self-paced: certificates are shown at once."""
    return offer()


@pytest.fixture
def alice(run: Run) -> int:
    """Alice's id: she takes the course and has done nothing yet."""
    return learner(run)
