"""``lykeion import``, ``export`` and ``content gc`` as scripts see them."""

from __future__ import annotations

import errno
import json
import tarfile
from pathlib import Path

import pytest

from lykeion.__main__ import main
from lykeion.content import api, commands
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


def test_many_warnings_of_one_kind_are_summed_up_for_people_and_all_told_to_scripts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    links = "".join(f'<img src="/static/picture_{n}.png"/>\n' for n in range(12))
    odd = {"sequential/s1.xml": '<sequential due="soon"><vertical url_name="u1"/></sequential>'}
    folder = write(tmp_path, {"html/h1.html": links, **odd})

    commands.import_command(folder)
    said = [line for line in capsys.readouterr().out.splitlines() if line.startswith("warning: ")]
    commands.import_command(folder, json=True)
    told = json.loads(capsys.readouterr().out)["warnings"]

    missing = [line for line in said if "is not in the course" in line]
    assert len(missing) == 5
    assert missing[1].startswith("warning: html/h1.html:2: html 'h1': static/picture_1.png is not in the course")
    assert said[said.index(missing[-1]) + 1] == "warning: and 7 more of this kind; see --json"
    assert any("'soon' is not a date" in line for line in said)
    assert len([one for one in told if "is not in the course" in one["message"]]) == 12


def test_import_can_speak_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    commands.import_command(write(tmp_path), org="Other", course="O1", run_name="spring", json=True)

    said = json.loads(capsys.readouterr().out)
    assert said["run"] == "course-v1:Other+O1+spring"
    assert said["counts"] == {"chapter": 1, "course": 1, "html": 1, "problem": 1, "sequential": 1, "vertical": 1}
    assert said["files"] == 2
    assert said["published"] == said["draft"]
    assert [sorted(warning) for warning in said["warnings"]] == [["file", "line", "message"]]


def test_a_second_import_says_what_changed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    commands.import_command(write(tmp_path))
    capsys.readouterr()

    commands.import_command(write(tmp_path))
    same = capsys.readouterr().out.splitlines()
    commands.import_command(write(tmp_path, {"html/h1.html": "<p>New</p>", "static/new.pdf": "x"}))
    changed = capsys.readouterr().out.splitlines()
    commands.import_command(write(tmp_path), json=True)
    told = json.loads(capsys.readouterr().out)

    assert same[8:-1] == ["nothing that is published changed"]
    assert changed[8:-1] == ["changed: html@h1 'Text' (data)", "added: files/new.pdf 'new.pdf'"]
    assert (told["is_new"], [change["ref"] for change in told["changes"]]) == (False, ["html@h1"])


def test_an_archive_may_hold_the_course_one_folder_down(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path / "in" / "some" / "folder")
    with tarfile.open(tmp_path / "c.tar.gz", "w:gz") as archive:
        archive.add(tmp_path / "in", ".")

    assert main(["import", str(tmp_path / "c.tar.gz"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["run"] == "course-v1:Lykeion+T1+r1"
    assert main(["export", "course-v1:Lykeion+T1+r1", "-o", str(tmp_path / "o.tar.gz"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["files"] == 2
    assert main(["content", "gc", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["dry_run"] is True


@pytest.mark.parametrize(
    "error",
    [OSError(errno.ENOSPC, "No space left on device"), PermissionError(errno.EACCES, "Permission denied", "/x/y")],
)
def test_what_the_disk_refuses_is_one_sentence_and_changes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, error: OSError
) -> None:
    commands.import_command(write(tmp_path))
    before = api.heads()
    capsys.readouterr()

    def refuse(sources: object) -> None:
        raise error

    monkeypatch.setattr("lykeion.content.imports.store_files", refuse)
    code = main(["import", str(write(tmp_path, {"html/h1.html": "new"}))])

    said = capsys.readouterr()
    assert (code, said.out, api.heads()) == (1, "", before)
    assert said.err.startswith(f"lykeion: {error.strerror}")
    assert said.err.endswith("nothing was imported. Mend that and run the command again.\n")


def test_a_missing_path_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["import", str(tmp_path / "nothing")])

    assert (code, capsys.readouterr().err) == (1, f"lykeion: There is no file or folder {tmp_path}/nothing.\n")


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


def test_libraries_are_imported_and_exported_by_the_same_commands(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = tmp_path / "old" / "library"
    old.mkdir(parents=True)
    (old / "library.xml").write_text(
        '<library display_name="Old" org="Axim" library="old"><html url_name="h">Hi</html></library>'
    )
    archive = tmp_path / "pool.zip"

    codes = [
        commands.import_command(tmp_path / "old", json=True),
        commands.export_command("lib:Axim:old", archive),
        commands.import_command(archive, org="Axim", course="new"),
    ]

    facts, _, said = capsys.readouterr().out.partition("\n}\n")
    assert codes == [0, 0, 0]
    assert json.loads(f"{facts}}}")["counts"] == {"html": 1}
    assert said.splitlines() == [
        *("lib:Axim:old", "       1 html", "       0 files"),
        *("lib:Axim:new", "       1 html", "       0 files"),
    ]
    assert sorted(map(str, api.libraries())) == ["lib:Axim:new", "lib:Axim:old"]
    with pytest.raises(ContentError, match="Give both"):
        commands.import_command(archive, org="Axim")
