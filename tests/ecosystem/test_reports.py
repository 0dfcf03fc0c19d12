"""Reports about open responses, as the package itself tells them; no browser is needed."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import pytest

pytest.importorskip("openassessment")

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from openassessment.fileupload.api import get_student_file_key
from openassessment.fileupload.backends.django_storage import Backend
from openassessment.workflow import api as workflow
from submissions import api as submissions

from lykeion.accounts import api as accounts
from lykeion.catalog import api as catalog
from lykeion.content import api as content
from lykeion.core.clock import now
from lykeion.core.keys import CourseLocator, usage_text
from lykeion.teaching.api import reports
from lykeion.teaching.reports.kinds import KINDS
from lykeion.teaching.reports.making import write
from lykeion.teaching.reports.types import Asked
from tests.content.trees import make_run, root_of
from tests.learn.conftest import person

COURSE = (
    "chapter@c",
    {"display_name": "Week"},
    ("sequential@s", {}, ("vertical@v", {}, ("openassessment@essay", {"display_name": "Essay"}))),
)


@pytest.fixture
def run(db: None) -> CourseLocator:
    """A course with one open response, which alice has handed in."""
    store = content.store()
    key = make_run(store, root_of(store, COURSE, display_name="Essays", start="2020-01-01T00:00:00Z"))
    catalog.catch_up()
    catalog.enrol(person("alice"), key, at=now())
    alice = accounts.find_person("alice")
    assert alice is not None
    made = submissions.create_submission(
        {
            "student_id": accounts.anonymous_id(alice.id, key),
            "course_id": str(key),
            "item_id": usage_text(key, "openassessment@essay"),
            "item_type": "openassessment",
        },
        {"parts": [{"text": "=Rivers"}]},
    )
    workflow.create_workflow(made["uuid"], ["staff"])
    return key


def _csv(kind: str, run: CourseLocator, folder: Path) -> list[dict[str, str]]:
    file = io.BytesIO()
    write(KINDS[kind], "csv", Asked(catalog.run(run), now()), file, folder)
    return list(csv.DictReader(io.StringIO(file.getvalue().decode())))


def test_responses_are_reported_with_the_title_of_their_block(run: CourseLocator, tmp_path: Path) -> None:
    [row] = _csv("ora_data", run, tmp_path)

    assert row["Problem Name"] == "Essay"
    assert '"=Rivers"' in row["Response"]


def test_how_far_responses_are(run: CourseLocator, tmp_path: Path) -> None:
    [row] = _csv("ora_summary", run, tmp_path)

    assert row["block_name"] == usage_text(run, "openassessment@essay")
    assert (row["status"], row["is_staff_grade_received"]) == ("waiting", "0")


def test_reports_of_open_responses_are_offered_where_the_package_is() -> None:
    assert {"ora_data", "ora_summary", "ora_files"} <= {one.name for one in reports.kinds()}


def test_texts_and_files_are_packed_with_a_list_of_them(run: CourseLocator, tmp_path: Path) -> None:
    alice = accounts.find_person("alice")
    assert alice is not None
    usage = usage_text(run, "openassessment@essay")
    item = {"student_id": accounts.anonymous_id(alice.id, run), "course_id": str(run), "item_id": usage}
    keys = [get_student_file_key(item, index) for index in range(2)]
    kept = default_storage.save(Backend()._get_file_path(keys[0]), ContentFile(b"%PDF"))
    answer = {
        "parts": [{"text": "Lakes"}],
        "file_keys": keys,
        "files_descriptions": ["plan", "gone"],
        "files_names": ["../../=plan.pdf", "gone.pdf"],
        "files_sizes": [4, 9],
    }
    submissions.create_submission({**item, "item_type": "openassessment"}, answer)
    file = io.BytesIO()

    rows, size = write(KINDS["ora_files"], "zip", Asked(catalog.run(run), now()), file, tmp_path)
    default_storage.delete(kept)

    with zipfile.ZipFile(file) as archive:
        names = archive.namelist()
        texts = {name: archive.read(name) for name in names}
    folder = "[1]Week, [1]s, [1]v"
    assert (rows, size) == (4, len(file.getvalue()))
    assert names == [
        f"{folder}/[1] - alice - prompt_0.txt",
        f"{folder}/[1] - alice - _.._=plan.pdf",
        f"{folder}/[1] - alice - prompt_0 (2).txt",
        "submissions.csv",
    ]
    assert [texts[name] for name in names[:3]] == [b"=Rivers", b"%PDF", b"Lakes"]
    listed = list(csv.DictReader(io.StringIO(texts["submissions.csv"].decode())))
    assert [(row["name"], row["type"], row["file_found"]) for row in listed] == [
        ("prompt_0.txt", "text", "True"),
        ("../../=plan.pdf", "attachment", "True"),
        ("gone.pdf", "attachment", "False"),
        ("prompt_0.txt", "text", "True"),
    ]
