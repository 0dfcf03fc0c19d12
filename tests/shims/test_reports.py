"""Reports that blocks keep for the course team."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage

from lykeion.shims.modules.lms.djangoapps.instructor_task import models


def test_the_newest_reports_of_a_course_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "default_storage", FileSystemStorage(tmp_path, base_url="/files/"))
    monkeypatch.setattr(models.courseware, "is_for_team", lambda: True)
    monkeypatch.setattr(models, "MOST", 2)
    store = models.ReportStore.from_config("GRADES_DOWNLOAD")

    for name in ("one.csv", "two.csv", "three.csv", "three.csv"):
        store.store_rows("course-v1:A+B+C", name, [["x"]])

    assert {name for name, _address in store.links_for("course-v1:A+B+C")} == {"two.csv", "three.csv"}
    assert store.links_for("course-v1:A+B+D") == []
