"""Files on their way: in parts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from lykeion.authoring.api import files, uploads
from lykeion.authoring.types import Author, AuthoringError, NotAllowed
from lykeion.content import api as content
from lykeion.content.types import ContentError
from lykeion.core.clock import now
from lykeion.core.keys import CourseLocator
from lykeion.jobs import api as jobs
from lykeion.jobs.types import State
from tests.authoring.api.test_files import paths
from tests.content.trees import NOON

Enter = Callable[..., Author]


def begin(author: Author, path: str = "a.txt", size: int = 6, **more: object) -> uploads.Known:
    return uploads.begin(author, **{"purpose": "file", "path": path, "size": size, "mark": "1", "at": NOON, **more})  # type: ignore[arg-type]


def kept(settings: Any) -> list[Path]:
    return [path for path in Path(settings.LYKEION_UPLOADS).rglob("*") if path.is_file()]


@pytest.fixture(autouse=True)
def _own_place(settings: Any, tmp_path: Path) -> None:
    settings.LYKEION_UPLOADS = tmp_path / "uploads"


def test_a_file_that_came_in_parts_is_in_the_course_once_it_is_taken(
    author: Enter, run: CourseLocator, settings: Any
) -> None:
    carol = author()
    upload = begin(carol)
    uploads.receive(carol, upload.key, 0, b"abc", at=NOON)
    assert paths(run) == {}

    last = uploads.receive(carol, upload.key, 3, b"def", at=NOON)
    [stored] = uploads.take(carol, [upload.key], at=NOON).value

    assert (last.offset, last.is_whole, stored.path) == (6, True, "a.txt")
    assert paths(run) == {"a.txt": b"abcdef"}
    assert kept(settings) == []


def test_an_upload_that_was_left_goes_on_where_it_was(author: Enter) -> None:
    carol = author()
    uploads.receive(carol, begin(carol).key, 0, b"abc", at=NOON)

    again, other = begin(carol), begin(carol, mark="2")

    assert (again.offset, other.offset) == (3, 0)


@pytest.mark.parametrize(("offset", "data"), [(0, b"abc"), (4, b"x"), (3, b"defg")])
def test_a_part_from_elsewhere_is_told_where_to_go_on(author: Enter, offset: int, data: bytes, settings: Any) -> None:
    carol = author()
    upload = begin(carol)
    uploads.receive(carol, upload.key, 0, b"abc", at=NOON)

    with pytest.raises(uploads.OutOfStep) as refused:
        uploads.receive(carol, upload.key, offset, data, at=NOON)

    assert (refused.value.offset, len(kept(settings))) == (3, 1)


def test_half_a_file_is_not_taken(author: Enter, run: CourseLocator) -> None:
    carol = author()
    upload = begin(carol)
    uploads.receive(carol, upload.key, 0, b"abc", at=NOON)

    with pytest.raises(AuthoringError, match="3 of 6 bytes"):
        uploads.take(carol, [upload.key], at=NOON)

    assert paths(run) == {}


def test_a_file_larger_than_the_site_takes_is_refused_before_it_is_sent(author: Enter, settings: Any) -> None:
    settings.LYKEION_FILE_MB = 2

    with pytest.raises(AuthoringError, match=r"a\.txt has 3 MB; this site takes 2 MB at most"):
        begin(author(), size=(2 << 20) + 1)


def test_what_one_person_has_on_the_way_is_bounded_and_the_largest_are_named(author: Enter, settings: Any) -> None:
    settings.LYKEION_UPLOADS_MB = 4
    carol = author()
    first = begin(carol, size=3 << 20)

    with pytest.raises(AuthoringError, match=r"on their way have 3 MB, and this one has 2 MB; .* 4 MB .*a\.txt"):
        begin(carol, size=2 << 20)

    assert begin(carol, size=3 << 20).key == first.key
    assert begin(author("editor"), size=2 << 20).offset == 0
    uploads.drop(carol, first.key)
    assert begin(carol, size=2 << 20).offset == 0


def test_the_author_is_asked_before_a_file_of_that_name_is_replaced(author: Enter, run: CourseLocator) -> None:
    files.put(author(), "a.txt", files.Bytes(b"old"), NOON)
    carol = author()

    with pytest.raises(uploads.Exists, match=r"a\.txt"):
        begin(carol, ask=True)
    upload = begin(carol)
    uploads.receive(carol, upload.key, 0, b"abcdef", at=NOON)
    uploads.take(carol, [upload.key], keep=[upload.key], at=NOON)

    assert paths(run) == {"a.txt": b"old", "a-2.txt": b"abcdef"}


def test_nobody_goes_on_with_the_upload_of_somebody_else(author: Enter) -> None:
    upload = begin(author())

    with pytest.raises(ContentError, match="not known"):
        uploads.receive(author("staff"), upload.key, 0, b"abc", at=NOON)


def test_editors_upload_files_but_no_courses(author: Enter) -> None:
    begin(author("editor"))

    with pytest.raises(NotAllowed):
        begin(author("editor"), purpose="course")


def test_uploads_that_nobody_goes_on_with_are_forgotten_after_a_week(
    author: Enter, settings: Any, run: CourseLocator
) -> None:
    carol = author()
    uploads.receive(carol, begin(carol).key, 0, b"abc", at=NOON)
    going_on = begin(carol, path="b.txt")
    uploads.receive(carol, going_on.key, 0, b"abc", at=NOON + timedelta(days=6))

    gone = uploads.drop_old(NOON + timedelta(days=8))

    assert (gone, [one.path for one in uploads.open_ones(carol, "file")], len(kept(settings))) == (1, ["b.txt"], 1)


def test_one_person_has_so_many_unfinished_uploads_and_no_more(author: Enter) -> None:
    carol = author()
    for number in range(uploads.MOST + 2):
        begin(carol, path=f"{number}.txt", at=NOON + timedelta(seconds=number))

    names = [one.path for one in uploads.open_ones(carol, "file")]

    assert (len(names), names[0]) == (uploads.MOST, "2.txt")


def test_an_empty_file_is_whole_at_once(author: Enter, run: CourseLocator) -> None:
    carol = author()
    uploads.take(carol, [begin(carol, size=0).key], at=NOON)

    assert paths(run) == {"a.txt": b""}
    assert content.history(run, "draft")[0].why == "Uploaded: files/a.txt"


def test_the_sweeper_comes_again_as_long_as_something_waits(author: Enter) -> None:
    upload = begin(author(), at=now())

    def waiting() -> list[State]:
        return [job.state for job in jobs.latest(uploads.SWEEP)]

    assert waiting() == [State.WAITING]
    jobs.run_pending(at=now() + timedelta(days=2))
    assert waiting() == [State.WAITING]
    uploads.drop(author(), upload.key)
    jobs.run_pending(at=now() + timedelta(days=4))
    assert waiting() == []
