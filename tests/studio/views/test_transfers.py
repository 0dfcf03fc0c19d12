"""Pages of import and export."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lykeion.content import api as content
from lykeion.content.types import ContentError
from lykeion.core.keys import CourseLocator
from lykeion.jobs import api as jobs
from tests.content.conftest import _fresh  # noqa: F401  # files of its own for every test

HTMX = {"HX-Request": "true"}


@pytest.fixture
def base(run: CourseLocator) -> str:
    return f"/studio/course/{run}/"


@pytest.fixture(autouse=True)
def _own_place(settings: Any, tmp_path: Path) -> None:
    settings.LYKEION_UPLOADS = tmp_path / "uploads"


def archive_of(client: Client, base: str, ref: str = "") -> bytes:
    report = client.post(f"{base}export", {"ref": ref})["Location"]
    jobs.run_pending()
    answer = client.get(f"{report}/course.tar.gz")
    return b"".join(answer)  # type: ignore[call-overload]


def test_a_course_is_exported_and_imported_again_by_forms_alone(carol: Client, base: str, run: CourseLocator) -> None:
    archive = archive_of(carol, base)
    content.edit(
        run, lambda draft: draft.remove("chapter@week1"), author="carol", at=content.history(run, "draft")[0].at
    )

    report = carol.post(f"{base}import", {"file": SimpleUploadedFile("course.tar.gz", archive)})["Location"]
    waiting = carol.get(report, headers=HTMX).content.decode()
    jobs.run_pending()
    done = carol.get(report).content.decode()

    assert ('hx-trigger="load delay:1s"' in waiting, "Waiting" in waiting) == (True, True)
    assert ("Done" in done, "Take the import back" in done, "hx-trigger" in done) == (True, True, False)
    assert content.way(content.head(run, "draft"), "html@text")
    number = report.rpartition("/")[2]
    assert carol.post(f"{base}undo/import/{number}")["Location"] == base
    with pytest.raises(ContentError, match="not in the course"):
        content.way(content.head(run, "draft"), "html@text")


def test_a_hostile_archive_is_refused_on_its_page(carol: Client, base: str) -> None:
    report = carol.post(f"{base}import", {"file": SimpleUploadedFile("course.tar.gz", b"nothing")})["Location"]
    jobs.run_pending()

    shown = carol.get(report).content.decode()

    assert ("Nothing was changed" in shown, "not a .tar.gz, .tar or .zip archive" in shown) == (True, True)


def test_a_part_goes_in_and_out(carol: Client, base: str, run: CourseLocator) -> None:
    archive = archive_of(carol, base, "vertical@unit")

    form = {"file": SimpleUploadedFile("unit.tar.gz", archive), "target": "sequential@sub"}
    report = carol.post(f"{base}import-part", form)["Location"]
    jobs.run_pending()

    assert "Done" in carol.get(report).content.decode()
    sub = content.way(content.head(run, "draft"), "sequential@sub")[-1]
    assert len(content.children(sub.object_id)) == 3


def test_reports_of_other_courses_and_kinds_are_not_shown(carol: Client, base: str) -> None:
    report = carol.post(f"{base}export")["Location"]

    assert carol.get(report.replace("/export/", "/import/")).status_code == 404
    assert carol.get(f"{base}export/999").status_code == 404


def test_the_pages_show_what_was_done_before(carol: Client, base: str) -> None:
    archive_of(carol, base)

    for page in ("export", "import", "import-part"):
        assert carol.get(f"{base}{page}").status_code == 200
    assert "Archives so far" in carol.get(f"{base}export").content.decode()
