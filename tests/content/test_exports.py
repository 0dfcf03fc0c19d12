"""Courses out."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest

from lykeion.content import api
from lykeion.content.types import ContentError, ImportWarning, Node, ObjectStore, RunMissing
from lykeion.core.keys import run_of
from tests.content.olx import SMALL, write
from tests.content.trees import NOON, make_run, root_of

RUN = run_of("Lykeion", "T1", "r1")


def unpacked(archive: Path) -> dict[str, str]:
    with tarfile.open(archive) as tar:
        return {
            member.name.removeprefix("course/"): tar.extractfile(member).read().decode()  # type: ignore[union-attr]
            for member in tar.getmembers()
        }


def test_an_export_holds_what_was_imported(here: ObjectStore, tmp_path: Path) -> None:
    api.import_course(write(tmp_path / "in"), author="carol", at=NOON)

    report = api.export_course(RUN, tmp_path / "out.tar.gz")

    written = unpacked(tmp_path / "out.tar.gz")
    assert (report.run, report.files, report.warnings) == (RUN, 2, ())
    assert report.counts == {"chapter": 1, "course": 1, "html": 1, "problem": 1, "sequential": 1, "vertical": 1}
    assert set(SMALL) <= set(written)
    for path in ("html/h1.html", "static/images/tree.png", "custom_tags/old", "policies/assets.json", "tabs/more.html"):
        assert written[path] == SMALL[path]


def test_an_export_carries_the_key_of_its_run(here: ObjectStore, tmp_path: Path) -> None:
    run = run_of("Other", "O1", "spring")
    api.import_course(write(tmp_path / "in"), run=run, author="carol", at=NOON)

    api.export_course(run, tmp_path / "out.tar.gz")

    written = unpacked(tmp_path / "out.tar.gz")
    assert "course/spring.xml" in written
    assert 'org="Other"' in written["course.xml"]


def test_units_that_differ_go_out_as_drafts_and_come_back_as_drafts(here: ObjectStore, tmp_path: Path) -> None:
    usage = "block-v1:Lykeion+T1+r1+type@sequential+block@s1"
    place = f'parent_url="{usage}" index_in_children_list="0"'
    first = api.import_course(
        write(
            tmp_path / "in",
            {"drafts/vertical/u1.xml": f'<vertical {place} display_name="New"/>'},
        ),
        author="carol",
        at=NOON,
    )

    api.export_course(RUN, tmp_path / "out.tar.gz")
    second = api.import_course(tmp_path / "out.tar.gz", run_name="r2", author="carol", at=NOON)

    assert "drafts/vertical/u1.xml" in unpacked(tmp_path / "out.tar.gz")
    assert (second.published, second.draft) == (first.published, first.draft)
    assert second.published != second.draft


def test_what_olx_cannot_say_of_a_draft_is_told(here: ObjectStore, tmp_path: Path) -> None:
    page, other = Node("about", {"data": "old"}), Node("about", {"data": "new"})
    old = root_of(here, ("chapter@a",), parts={"about/overview": page})
    new = root_of(here, ("chapter@a", {"display_name": "New"}), ("chapter@b",), parts={"about/overview": other})
    run = make_run(here, old, new)

    report = api.export_course(run, tmp_path / "out.tar.gz")

    assert [warning.message for warning in report.warnings] == [
        "unpublished changes of chapter 'a' itself cannot be exported",
        "chapter 'b' was never published and cannot be exported",
        "unpublished changes of about/overview cannot be exported",
    ]
    assert unpacked(tmp_path / "out.tar.gz")["about/overview.html"] == "old"
    assert isinstance(report.warnings[0], ImportWarning)


def test_the_same_version_makes_the_same_archive(here: ObjectStore, tmp_path: Path) -> None:
    api.import_course(write(tmp_path / "in"), author="carol", at=NOON)

    api.export_course(RUN, tmp_path / "a.tar.gz")
    api.export_course(RUN, tmp_path / "b.tar.gz")

    assert (tmp_path / "a.tar.gz").read_bytes() == (tmp_path / "b.tar.gz").read_bytes()


def test_a_run_that_is_not_there_cannot_be_exported(here: ObjectStore, tmp_path: Path) -> None:
    with pytest.raises(RunMissing, match=r"There is no course run course-v1:Lykeion\+T1\+r1 here"):
        api.export_course(RUN, tmp_path / "out.tar.gz")


def test_an_archive_needs_a_folder_to_go_to(here: ObjectStore, tmp_path: Path) -> None:
    api.import_course(write(tmp_path / "in"), author="carol", at=NOON)

    with pytest.raises(ContentError, match=r"There is no folder .*/nowhere to write out\.tar\.gz into"):
        api.export_course(RUN, tmp_path / "nowhere" / "out.tar.gz")


def test_a_missing_file_is_named_and_no_archive_is_left(here: ObjectStore, tmp_path: Path) -> None:
    root = api.import_course(write(tmp_path / "in"), author="carol", at=NOON).published
    stored = api.files(root)["notes.pdf"]
    with api.open_file(stored) as stream:
        Path(stream.name).unlink()

    with pytest.raises(ContentError, match=r"The course file notes\.pdf \(.*\) is missing from the file storage"):
        api.export_course(RUN, tmp_path / "out.tar.gz")

    assert not (tmp_path / "out.tar.gz").exists()
