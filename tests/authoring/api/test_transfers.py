"""Courses and parts of them, in and out."""

from __future__ import annotations

import io
import subprocess
import sys
import tarfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from lykeion.authoring import errands
from lykeion.authoring.api import courses, files, transfers, uploads
from lykeion.authoring.api.files import Bytes
from lykeion.authoring.types import Author, AuthoringError, NotAllowed
from lykeion.authoring.wholecourse import places
from lykeion.content import api as content
from lykeion.content.types import ContentError, NewBlock
from lykeion.core.clock import now
from lykeion.core.keys import CourseLocator, run_of
from lykeion.jobs import api as jobs
from tests.content.trees import NOON
from tests.olx.test_shared_courses import CLEANER

Enter = Callable[..., Author]
PICTURE = '<p><img src="/static/a.png"/></p>'


@pytest.fixture(autouse=True)
def _own_place(settings: Any, tmp_path: Path) -> None:
    settings.LYKEION_UPLOADS = tmp_path / "uploads"


def refs(run: CourseLocator, branch: Any = "draft") -> list[str]:
    return [place.ref for place in places(content.head(run, branch)) if "@" in place.ref]


def exported(author: Author, ref: str = "") -> bytes:
    number = transfers.export(author, ref, at=now())
    jobs.run_pending()
    _name, stream = transfers.archive_of(author, number)
    with stream:
        return stream.read()


def names_in(archive: bytes) -> set[str]:
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        return set(tar.getnames())


def uploaded(author: Author, data: bytes, purpose: str, name: str = "course.tar.gz") -> str:
    upload = uploads.begin(author, purpose=purpose, path=name, size=len(data), mark="1", at=now())
    uploads.receive(author, upload.key, 0, data, at=now())
    return upload.key


def imported(author: Author, data: bytes) -> transfers.Shown:
    number = transfers.import_archive(author, uploaded(author, data, "course"), at=now())
    jobs.run_pending()
    return transfers.shown(author, number, transfers.IMPORT)


def pasted(author: Author, data: bytes, target: str) -> transfers.Shown:
    number = transfers.paste_archive(author, uploaded(author, data, "part"), target, at=now())
    jobs.run_pending()
    return transfers.shown(author, number, transfers.PASTE)


def with_picture(author: Enter) -> Author:
    files.put(author(), "a.png", Bytes(b"picture"), NOON)
    files.put(author(), "b.png", Bytes(b"not shown"), NOON)
    content.edit(author().run, lambda d: d.update("html@text", {"data": PICTURE}), author="carol", at=NOON)
    return author()


@pytest.fixture
def elsewhere(author: Enter, db: None) -> Author:
    """Carol in an empty course of hers."""
    run = run_of("Lykeion", "OTHER", "now")
    content.create_run(run, title="Other", author="carol", at=NOON)
    person = author("root").person
    return courses.enter(person, run)


def test_a_course_that_went_out_comes_in_as_it_was_and_an_import_can_be_undone(
    author: Enter, run: CourseLocator
) -> None:
    carol = with_picture(author)
    archive, before = exported(carol), refs(run)
    content.edit(run, lambda d: d.remove("chapter@week1"), author="carol", at=NOON)
    changed = content.head(run, "draft")

    found = imported(author(), archive)

    assert (found.phase, found.report["counts"]["html"], found.report["files"]) == ("done", 1, 2)
    assert before == refs(run) == refs(run, "published")
    assert uploads.open_ones(carol, "course") == []
    transfers.undo(author(), found.id, transfers.IMPORT, at=NOON)
    assert content.head(run, "draft") == changed
    assert content.history(run, "draft")[0].why == "Undid: an import"


def test_a_course_that_was_never_published_is_exported_as_it_is_here(author: Enter, run: CourseLocator) -> None:
    content.edit(run, lambda d: d.add("course@course", NewBlock("chapter", "fresh")), author="carol", at=NOON)

    published, draft = (names_in(exported(author(), ref)) for ref in ("", transfers.DRAFT))

    assert draft - published == {"course/chapter/fresh.xml"}


def test_an_import_is_not_undone_over_the_work_of_others(author: Enter, run: CourseLocator) -> None:
    found = imported(author(), exported(author()))
    content.edit(run, lambda d: d.update("html@text", {"data": "new"}), author="dora", at=NOON)

    with pytest.raises(AuthoringError, match="changed since"):
        transfers.undo(author(), found.id, transfers.IMPORT, at=NOON)


def tarred(*entries: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for name, data in entries:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"no archive", "not a .tar.gz"),
        (tarred(("../../etc/passwd", b"x")), "leaves the archive"),
        (tarred(("notes.txt", b"x")), "course.xml"),
        (tarred(("course.xml", b"<library org='a' library='b'/>")), "library"),
    ],
)
def test_what_is_no_course_is_refused_with_words_and_changes_nothing(
    author: Enter, run: CourseLocator, data: bytes, words: str
) -> None:
    before = content.head(run, "draft")

    found = imported(author(), data)

    assert (found.phase, found.is_over, content.head(run, "draft")) == ("refused", True, before)
    assert words in found.refused


def test_warnings_of_an_import_are_kept_with_file_and_line(author: Enter) -> None:
    broken = b'<course org="L" course="T" url_name="r">\n<chapter url_name="gone"/>\n</course>'

    found = imported(author(), tarred(("course.xml", broken)))

    assert found.report["warnings"][0]["file"] == "course.xml"
    assert found.report["warnings"][0]["line"] == 2


def test_an_import_tells_that_its_rules_of_grading_cannot_be_read(author: Enter) -> None:
    course = b'<course org="L" course="T" url_name="r"><chapter url_name="c"/></course>'
    policy = b'{"GRADER": [{"type": "Exam", "weight": "half"}]}'
    files = ("course.xml", course), ("chapter/c.xml", b"<chapter/>"), ("policies/r/grading_policy.json", policy)

    found = imported(author(), tarred(*files))

    told = {one["file"]: one["message"] for one in found.report["warnings"]}
    assert "entry 1 (Exam), weight" in told["grading_policy.json"]


def test_editors_import_no_courses_and_readers_export_them(author: Enter) -> None:
    with pytest.raises(NotAllowed):
        transfers.import_archive(author("editor"), "0", at=NOON)

    assert exported(author("reader"))[:2] == b"\x1f\x8b"


def test_a_unit_goes_into_another_course_with_its_files_alone(author: Enter, elsewhere: Author) -> None:
    archive = exported(with_picture(author), "vertical@unit")

    found = pasted(elsewhere, archive, "course@course")

    kinds = [ref.partition("@")[0] for ref in refs(elsewhere.run)]
    assert kinds == ["course", "chapter", "sequential", "vertical", "html", "problem"]
    assert sorted(content.files(content.head(elsewhere.run, "draft"))) == ["a.png"]
    assert (found.phase, found.report["counts"]["html"]) == ("done", 1)
    assert not content.has_unpublished_changes(elsewhere.run) or refs(elsewhere.run, "published") == ["course@course"]


def test_a_paste_into_the_same_course_gets_names_and_files_of_its_own(author: Enter, run: CourseLocator) -> None:
    archive = exported(with_picture(author), "vertical@unit")
    files.put(author(), "a.png", Bytes(b"another picture"), NOON)

    found = pasted(author(), archive, "sequential@sub")

    [copy] = found.report["refs"]
    below = content.children(content.way(content.head(run, "draft"), copy)[-1].object_id)
    text = content.nodes([below[0].object_id])[below[0].object_id].fields["data"]
    assert copy != "vertical@unit"
    assert "/static/a-2.png" in text
    assert sorted(content.files(content.head(run, "draft"))) == ["a-2.png", "a.png", "b.png"]
    transfers.undo(author(), found.id, transfers.PASTE, at=NOON)
    assert copy not in refs(run)


def test_a_section_cannot_be_put_into_a_subsection(author: Enter) -> None:
    archive = exported(author(), "chapter@week1")

    found = pasted(author(), archive, "sequential@sub")

    assert "cannot be put there" in found.refused


def test_locked_files_are_told_to_open_edx_and_come_back_locked(author: Enter, elsewhere: Author) -> None:
    files.put(author(), "secret.pdf", Bytes(b"x"), NOON, locked=True)
    content.publish(author().run, author="carol", at=NOON)

    imported(elsewhere, exported(author()))

    [stored] = content.files(content.head(elsewhere.run, "draft")).values()
    assert (stored.path, stored.locked) == ("secret.pdf", True)


def test_archives_that_were_made_are_removed_after_a_week(author: Enter) -> None:
    carol = author()
    exported(carol)

    assert errands.drop_files(now() + timedelta(days=8)) == 1
    with pytest.raises(ContentError, match="Export again"):
        transfers.archive_of(carol, transfers.latest(carol, transfers.EXPORT)[0].id)


@pytest.mark.parametrize("ref", ["", "vertical@unit"])
def test_olxcleaner_finds_no_error_in_what_went_out(author: Enter, tmp_path: Path, ref: str) -> None:
    pytest.importorskip("olxcleaner")
    carol = with_picture(author)
    content.publish(carol.run, author="carol", at=NOON)
    with tarfile.open(fileobj=io.BytesIO(exported(author(), ref))) as archive:
        archive.extractall(tmp_path / "out", filter="data")
    [top] = (tmp_path / "out").rglob("course.xml")

    command = [sys.executable, "-c", CLEANER, str(top.parent)]
    found = subprocess.run(command, capture_output=True, check=True, text=True).stdout

    assert found.strip() == "[]"
