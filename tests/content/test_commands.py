"""``lykeion import``, ``export`` and ``content gc`` as scripts see them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lykeion.content import commands
from lykeion.content.types import ContentError, ImportRefused
from lykeion.core.keys import BadKey
from tests.content.olx import write

pytestmark = pytest.mark.usefixtures("here")


def test_import_prints_the_run_the_counts_and_the_warnings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write(tmp_path, {"sequential/s1.xml": '<sequential\ndue="soon"><vertical url_name="u1"/></sequential>'})

    code = commands.import_command(folder)

    said = capsys.readouterr()
    assert code == 0
    assert said.out.splitlines() == [
        "course-v1:Lykeion+T1+r1",
        "       1 chapter",
        "       1 course",
        "       1 html",
        "       1 problem",
        "       1 sequential",
        "       1 vertical",
        "       2 files",
        "warning: policy.json: the policy of 'poll/none' fits no block of the course; kept as it is",
        "warning: sequential/s1.xml:2: sequential 's1': due: 'soon' is not a date; ignored",
    ]


def test_import_can_speak_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    commands.import_command(write(tmp_path), org="Other", course="O1", run_name="spring", json=True)

    said = json.loads(capsys.readouterr().out)
    assert said["run"] == "course-v1:Other+O1+spring"
    assert said["counts"] == {"chapter": 1, "course": 1, "html": 1, "problem": 1, "sequential": 1, "vertical": 1}
    assert said["files"] == 2
    assert said["published"] == said["draft"]
    assert [sorted(warning) for warning in said["warnings"]] == [["file", "line", "message"]]


def test_export_writes_the_archive_and_says_what_went_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    commands.import_command(write(tmp_path / "in"))
    capsys.readouterr()

    code = commands.export_command("course-v1:Lykeion+T1+r1", tmp_path / "out.tar.gz")

    assert code == 0
    assert (tmp_path / "out.tar.gz").stat().st_size > 500
    assert capsys.readouterr().out.splitlines()[0] == "course-v1:Lykeion+T1+r1"


def test_gc_only_counts_unless_told_to_delete(capsys: pytest.CaptureFixture[str]) -> None:
    counted, deleted = commands.gc_command(), commands.gc_command(delete=True)

    assert (counted, deleted) == (0, 0)
    assert capsys.readouterr().out.splitlines() == [
        "0 objects, 0 files, 0 outlines, 0 old moves would be removed; run again with --delete to do it. "
        "0 objects are in use.",
        "0 objects, 0 files, 0 outlines, 0 old moves were removed. 0 objects are in use.",
    ]


def test_gc_can_speak_json(capsys: pytest.CaptureFixture[str]) -> None:
    commands.gc_command(json=True)

    assert json.loads(capsys.readouterr().out) == {
        "kept": 0, "objects": 0, "files": 0, "log_entries": 0, "outlines": 0, "dry_run": True,
    }  # fmt: skip


def test_what_goes_wrong_is_left_to_the_caller_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused):
        commands.import_command(tmp_path / "nothing")
    with pytest.raises(BadKey):
        commands.export_command("nonsense", tmp_path / "out.tar.gz")
    with pytest.raises(ContentError):
        commands.export_command("course-v1:Lykeion+T1+r1", tmp_path / "out.tar.gz")
