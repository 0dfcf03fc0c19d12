"""The page of reports: ordered, made, fetched, cancelled, swept."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lykeion.core.clock import now
from lykeion.core.keys import CourseLocator
from lykeion.jobs import api as jobs
from lykeion.jobs.models import Job
from lykeion.teaching.api import deeds, reports
from lykeion.teaching.models import Report
from lykeion.teaching.reports import making, people
from lykeion.teaching.types import NotAllowed, ReportState, Teacher, TeachingError


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    """Where files go."""
    settings.LYKEION_REPORTS = tmp_path / "reports"
    return tmp_path / "reports"


def _order(client: Client, run: CourseLocator, kind: str = "profiles", **more: Any) -> Any:
    return client.post(reverse("instructor:reports", args=[run]), {"kind": kind, "format": "csv", **more})


def test_a_report_is_ordered_made_and_fetched(
    as_person: Callable[[str], Client], run: CourseLocator, teacher: Callable[..., Teacher]
) -> None:
    client = as_person("data")

    answer = _order(client, run)
    waiting = client.get(answer["Location"].partition("#")[0]).content.decode()
    jobs.run_pending()
    page = client.get(reverse("instructor:reports", args=[run])).content.decode()
    report = Report.objects.get()
    file = client.get(reverse("instructor:report_file", args=[run, report.pk]))

    assert (answer.status_code, "Waits for its turn" in waiting, "every 2s" in waiting) == (
        HTTPStatus.FOUND,
        True,
        True,
    )
    assert ("Download" in page, "every 2s" in page, report.rows) == (True, False, 2)
    text = b"".join(file.streaming_content).decode()  # type: ignore[attr-defined]
    assert text.splitlines()[0].startswith("id,username,name,email")
    assert file["Content-Disposition"].startswith('attachment; filename="Lykeion_T1_now_student_profile_info_')
    assert file["Cache-Control"] == "private, no-store"
    found, _more = deeds.log(teacher())
    assert [one.what for one in found] == ["fetch_report", "report"]


def test_the_same_report_is_not_made_twice_at_once(as_person: Callable[[str], Client], run: CourseLocator) -> None:
    client = as_person("admin")

    for _ in range(2):
        _order(client, run)
    _order(client, run, "cohorts")

    assert list(Report.objects.order_by("id").values_list("kind", flat=True)) == ["profiles", "cohorts"]


def test_a_report_with_scripts_answers_with_the_list(as_person: Callable[[str], Client], run: CourseLocator) -> None:
    address = reverse("instructor:reports", args=[run])

    answer = as_person("admin").post(address, {"kind": "cohorts", "format": "xlsx"}, headers={"HX-Request": "true"})

    assert answer.status_code == HTTPStatus.OK
    assert answer.content.decode().lstrip().startswith("<section")


@pytest.mark.parametrize(
    "asked", [{"kind": "nothing"}, {"kind": "grade", "format": "doc"}, {"kind": "responses"}, {"kind": "ora_data"}]
)
def test_what_cannot_be_made_is_refused(
    as_person: Callable[[str], Client], run: CourseLocator, asked: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lykeion.shims.api.apps.is_installed", lambda _name: False)

    answer = _order(as_person("admin"), run, **asked)

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert not Report.objects.exists()


def test_answers_are_chosen_from_the_course(as_person: Callable[[str], Client], run: CourseLocator) -> None:
    client = as_person("admin")

    page = client.get(reverse("instructor:report_answers", args=[run])).content.decode()
    _order(client, run, "responses", refs=["sequential@sub", "problem@deep"])
    jobs.run_pending()

    assert all(f'value="{ref}"' in page for ref in ("chapter@week1", "sequential@sub", "vertical@unit", "problem@sum"))
    report = Report.objects.get()
    assert (report.asked, report.state) == (["sequential@sub", "problem@deep"], ReportState.DONE)


def test_parts_that_were_ticked_stay_when_the_report_is_refused(
    as_person: Callable[[str], Client], run: CourseLocator
) -> None:
    form = {"kind": "responses", "parts": "yes", "format": "pdf", "refs": ["problem@sum"]}

    refused = as_person("data").post(reverse("instructor:reports", args=[run]), form)

    page = refused.content.decode()
    assert (refused.status_code, "Choose CSV, XLSX or Parquet." in page) == (HTTPStatus.UNPROCESSABLE_ENTITY, True)
    assert re.findall(r'name="refs" value="([^"]+)" checked', page) == ["problem@sum"]


def test_a_cancelled_report_leaves_no_file(
    as_person: Callable[[str], Client], run: CourseLocator, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = as_person("admin")
    _order(client, run)
    report = Report.objects.get()
    moment = people._moment
    monkeypatch.setitem(
        people._FIELDS,
        "last_login",
        lambda _one, person: (
            client.post(reverse("instructor:report_cancel", args=[run, report.pk])),
            moment(person.last_login),
        )[1],
    )

    jobs.run_pending()

    report.refresh_from_db()
    assert report.state == ReportState.CANCELLED
    assert [one for one in folder.rglob("*") if one.is_file()] == []
    assert "Cancelled" in client.get(reverse("instructor:reports", args=[run])).content.decode()


def test_a_report_that_fails_says_so_after_its_last_try(
    as_person: Callable[[str], Client], run: CourseLocator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(people._FIELDS, "username", lambda _one, _person: 1 / 0)
    client = as_person("admin")
    _order(client, run)

    for hours in range(4):
        jobs.run_pending(at=now() + timedelta(hours=hours))

    report = Report.objects.get()
    assert (report.state, "server" in report.error) == (ReportState.FAILED, True)
    assert "Failed" in client.get(reverse("instructor:reports", args=[run])).content.decode()


def test_a_report_whose_worker_died_is_not_said_to_run_for_ever(
    run: CourseLocator, teacher: Callable[..., Teacher]
) -> None:
    admin = teacher()
    number = reports.order(admin, "cohorts", "csv", at=now())
    Job.objects.all().update(state="failed")

    [line], _more = reports.latest(admin, at=now() + timedelta(minutes=6))

    assert (line.id, line.state) == (number, ReportState.FAILED)


def test_files_are_swept_after_their_days(
    run: CourseLocator, teacher: Callable[..., Teacher], folder: Path, settings: Any
) -> None:
    admin = teacher()
    number = reports.order(admin, "cohorts", "csv", at=now())
    jobs.run_pending()
    assert len([one for one in folder.rglob("*") if one.is_file()]) == 1

    jobs.run_pending(at=now() + timedelta(days=settings.LYKEION_REPORT_DAYS, hours=1))
    kept = making.sweep(now() - timedelta(days=1))
    making.sweep(now() + timedelta(seconds=1))

    assert kept is not None
    assert [one for one in folder.rglob("*") if one.is_file()] == []
    with pytest.raises(TeachingError, match="Make the report again"):
        reports.fetch(admin, number, at=now())


def test_who_may_not_have_reports_may_not_order_them_by_any_way(
    run: CourseLocator, teacher: Callable[..., Teacher]
) -> None:
    with pytest.raises(NotAllowed):
        reports.order(teacher("staff"), "cohorts", "csv", at=now())


def test_a_report_of_another_course_is_not_there(
    as_person: Callable[[str], Client], run: CourseLocator, teacher: Callable[..., Teacher]
) -> None:
    reports.order(teacher(), "cohorts", "csv", at=now())
    jobs.run_pending()
    Report.objects.update(run_id=999_999)

    answer = as_person("root").get(reverse("instructor:report_file", args=[run, Report.objects.get().pk]))

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
