"""What is kept of answers and reports goes with those whom it may name."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from lykeion.accounts.signals import person_retired
from lykeion.analytics.api import ASK, EVERYWHERE, REPORT, question
from lykeion.analytics.ingest import ingest
from lykeion.analytics.kept import drop_kept
from lykeion.analytics.lake import Lake
from lykeion.analytics.models import LearnerFigure
from lykeion.analytics.types import BadQuestion
from lykeion.core.clock import now
from lykeion.jobs import api as jobs
from lykeion.jobs import files
from lykeion.jobs.models import Job, JobLine
from lykeion.jobs.types import JobError, State
from tests.analytics.lines import RUN, enrolled

pytestmark = pytest.mark.django_db
OTHER = "course-v1:Lykeion+T2+now"
FOUND = {"columns": [], "shown": [["7"]], "rows": 1}
AT = datetime(2026, 3, 3, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.LYKEION_JOB_FILES = tmp_path / "job-files"


def done(name: str, about: str, *, sql: str = "SELECT 1", state: State = State.DONE, started: datetime = AT) -> Job:
    """A job that was over a moment after it began, with its file and a line of its log."""
    made = Job.objects.create(
        name=name, about=about, payload={"sql": sql, "courses": [about], "course": about, "span": "day"}, by=1,
        state=state, created=started, due=started, started=started, result=FOUND, file=files.keep(BytesIO(b"alice")),
    )  # fmt: skip
    JobLine.objects.create(job=made.pk, at=started, text="alice")
    return made


def test_answers_and_reports_of_their_courses_and_of_all_go(settings: Any) -> None:
    about = [RUN, OTHER, EVERYWHERE]
    answers, reports = [done(ASK, one) for one in about], [done(REPORT, one) for one in about[:2]]

    counts = [drop_kept(7, [RUN], before=now()) for _twice in range(2)]

    assert counts == [3, 0]
    assert [question(one.pk, course=one.about, by=1).found for one in answers] == [
        {"error": "gone"}, FOUND, {"error": "gone"},
    ]  # fmt: skip
    assert [Job.objects.filter(pk=one.pk).exists() for one in reports] == [False, True]
    kept = {answers[1].file, reports[1].file}
    assert {one.name for one in settings.LYKEION_JOB_FILES.rglob("*") if one.is_file()} == {
        one.rpartition("/")[2] for one in kept
    }
    assert set(JobLine.objects.values_list("job", flat=True)) == {answers[1].pk, reports[1].pk}


def test_a_question_that_has_their_number_goes_too() -> None:
    named, other = (done(ASK, RUN, sql=f"SELECT * FROM learners WHERE user_id = {user}") for user in (7, 70))

    drop_kept(7, [RUN], before=now())

    assert question(other.pk, course=RUN, by=1).sql.endswith("= 70")
    with pytest.raises(BadQuestion):
        question(named.pk, course=RUN, by=1)
    with pytest.raises(JobError):
        jobs.status(named.pk)


def test_what_was_made_since_and_what_is_being_made_stays() -> None:
    later = done(ASK, RUN, started=AT + timedelta(hours=1))
    running = done(REPORT, RUN, state=State.RUNNING)

    count = drop_kept(7, [RUN], before=AT + timedelta(hours=1))

    assert count == 0
    assert set(Job.objects.exclude(file="").values_list("pk", flat=True)) == {later.pk, running.pk}


def test_it_is_done_when_an_account_is_deleted(settings: Any, tmp_path: Path) -> None:
    (tmp_path / "tracking.log").write_bytes(enrolled(7))
    lake = Lake(str(tmp_path / "lake"))
    ingest([tmp_path / "tracking.log"], lake)
    settings.LYKEION_LAKE_URL = lake.url
    asked, other = done(ASK, RUN), done(ASK, OTHER)
    being_made = done(REPORT, RUN, state=State.RUNNING)

    person_retired.send(None, user_id=7, email="alice@example.org", at=AT)
    jobs.run_pending()
    Job.objects.filter(pk=being_made.pk).update(state=State.DONE)  # it read the lake as it was before
    Job.objects.filter(due__gt=now()).update(due=now())
    jobs.run_pending()

    assert [question(one.pk, course=one.about, by=1).found.get("error") for one in (asked, other)] == ["gone", None]
    assert not Job.objects.filter(pk=being_made.pk).exists()


def test_a_refresh_before_the_job_brings_nobody_back_into_lists(settings: Any, tmp_path: Path) -> None:
    settings.LYKEION_LAKE_URL = str(tmp_path / "lake")
    person_retired.send(None, user_id=7, email="alice@example.org", at=AT)
    for user in (7, 8):
        LearnerFigure.objects.create(run_id=1, user_id=user, mode="audit", enrolled_on=AT.date())  # it read old days

    jobs.run_pending()

    assert list(LearnerFigure.objects.values_list("user_id", flat=True)) == [8]


def test_a_try_that_was_ended_in_between_does_not_lose_the_courses(settings: Any, tmp_path: Path) -> None:
    (tmp_path / "tracking.log").write_bytes(enrolled(7))
    lake = Lake(str(tmp_path / "lake"))
    ingest([tmp_path / "tracking.log"], lake)
    settings.LYKEION_LAKE_URL = lake.url
    person_retired.send(None, user_id=7, email="alice@example.org", at=AT)
    settings.LYKEION_LAKE_ENGINE = "nothing of that name"  # it comes as far as to the settling
    jobs.run_pending()
    asked = done(ASK, RUN)

    settings.LYKEION_LAKE_ENGINE = "duckdb"
    Job.objects.filter(due__gt=now()).update(due=now())
    jobs.run_pending()

    assert question(asked.pk, course=RUN, by=1).found == {"error": "gone"}
