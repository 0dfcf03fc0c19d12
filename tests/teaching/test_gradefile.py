"""Grades as a file: out, looked at, in; a worker that dies in between loses nothing."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from lykeion.accounts import api as accounts
from lykeion.accounts.types import Role
from lykeion.catalog import api as catalog
from lykeion.core import parcels
from lykeion.core.clock import now
from lykeion.core.keys import CourseLocator
from lykeion.grades.models import SubsectionGrade
from lykeion.jobs import api as jobs
from lykeion.jobs.types import State
from lykeion.teaching import gradecsv
from lykeion.teaching.api import columns, deeds, gradebook, gradefile
from lykeion.teaching.types import FieldError, NotAllowed, Teacher, TeachingError
from tests.learn.conftest import person
from tests.teaching.test_gradebook import SUB, many, whose

pytestmark = pytest.mark.django_db(transaction=True)
Enter = Callable[..., Teacher]


@pytest.fixture(autouse=True)
def _own_place(settings: Any, tmp_path: Path) -> None:
    settings.LYKEION_UPLOADS = str(tmp_path / "uploads")


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def points(name: str) -> float | None:
    return SubsectionGrade.objects.get(user_id=whose(name), ref=SUB).override_earned_graded


def looked(teacher: Teacher, content: bytes) -> gradefile.Preview:
    return gradefile.check(teacher, io.BytesIO(content))


class Running:
    """A job's worker that dies after so many signs of life."""

    id, attempt = 1, 1

    def __init__(self, lives: int, kept: Any = None) -> None:
        self.lives, self.kept = lives, kept

    @contextmanager
    def result_file(self, name: str) -> Iterator[io.BytesIO]:
        """The job's file."""
        self.file = io.BytesIO()
        yield self.file

    def progress(self, done: int, total: int, message: str = "", kept: Any = None) -> None:
        self.kept = kept or self.kept
        self.lives -= 1
        if self.lives == 0:
            raise SystemExit


@pytest.mark.usefixtures("run")
def test_the_file_says_what_grades_are_now(teacher: Enter) -> None:
    admin = teacher()
    column = columns.add(admin, "Oral", shown=False, at=now())
    columns.put(admin, column.id, whose("dora"), "=1+1", at=now())
    gradebook.override(admin, whose("alice"), SUB, 0.5, reason="", at=now())

    alice, dora = rows("".join(gradefile.template(admin, at=now())))

    assert (alice["username"], alice["grade-sub"], alice["possible-sub"], alice["new_override-sub"]) == (
        "alice", "0.5", "1", "0.5",
    )  # fmt: skip
    assert (dora["grade-sub"], dora["name-sub"], dora["column-Oral"]) == ("", "Reading", "'=1+1")


@pytest.mark.usefixtures("run")
def test_a_file_that_comes_back_as_it_went_changes_nothing(teacher: Enter) -> None:
    admin = teacher()
    gradebook.override(admin, whose("alice"), SUB, 0.5, reason="", at=now())

    preview = looked(admin, "".join(gradefile.template(admin, at=now())).encode())

    assert (preview.lines, preview.changed, preview.refused, preview.token) == (2, 0, 0, "")


@pytest.mark.usefixtures("run")
def test_a_preview_changes_nothing_and_the_upload_does_what_it_said(teacher: Enter) -> None:
    admin = teacher()
    columns.add(admin, "Oral", shown=False, at=now())
    text = "username;new_override-su;column-Oral\nAlice;0,5;good\ndora;7;\nnobody;1;\n\n"

    preview = looked(admin, text.encode())
    untouched = SubsectionGrade.objects.exists()
    job = gradefile.order(admin, preview.token, at=now())
    jobs.run_pending()

    assert [(one.line, one.title, one.before, one.after) for one in preview.changes] == [
        (2, "Reading", "", "0.5"), (2, "Oral", "", "good"),
    ]  # fmt: skip
    assert [(one.line, one.username) for one in preview.refusals] == [(3, "dora"), (4, "nobody")]
    assert (untouched, points("alice")) == (False, 0.5)
    done = jobs.status(job)
    assert (done.state, done.result["changed"], done.result["refused"]) == (State.DONE, 1, 2)
    with gradefile.opened(admin, job, at=now()) as opened:
        report = rows(opened.read().decode())
    assert [(one["line"], one["result"]) for one in report] == [("2", "changed"), ("3", "refused"), ("4", "refused")]
    assert [deed.what for deed in deeds.log(admin, about=whose("alice"))[0]] == ["mark", "override"]


@pytest.mark.usefixtures("run")
def test_a_line_takes_an_override_back(teacher: Enter) -> None:
    admin = teacher()
    gradebook.override(admin, whose("alice"), SUB, 0.5, reason="", at=now())

    gradefile.order(admin, looked(admin, b"username,new_override-sub\nalice,-\n").token, at=now())
    jobs.run_pending()

    assert points("alice") is None


@pytest.mark.usefixtures("run")
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "username"),
        (b"name,new_override-sub\n", "username"),
        (b"username,grade-sub\nalice,1\n", "nothing can change"),
        (b"username,new_override-other\nalice,1\n", "names no graded subsection of this course.$"),
        (b"username,new_override-subb\nalice,1\n", "Did you mean “new_override-sub”"),
        (b"username,column-Oral\nalice,1\n", "no column"),
        (b"username,new_override-sub,new_override-su\nalice,1,0\n", "Two columns are about"),
        (b"username,username,new_override-sub\nalice,dora,1\n", "once among them"),
        (b'username,new_override-sub\nalice,"' + b"1" * 200_000, "no CSV file"),
        ("username,new_override-sub\nalic\xe9,1\n".encode("latin-1"), "UTF-8"),
    ],
)
def test_what_is_no_such_file_is_refused_in_words(teacher: Enter, content: bytes, words: str) -> None:
    with pytest.raises(FieldError, match=words) as refused:
        looked(teacher(), content)

    assert refused.value.field == "file"


def test_a_large_file_is_made_by_a_job_that_goes_on_where_it_died(
    run: CourseLocator, teacher: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(run, 5)
    monkeypatch.setattr(gradefile, "CHUNK", 2)
    admin, dying = teacher(), Running(2)

    with pytest.raises(SystemExit):
        gradefile.write_template(admin, dying)
    after = Running(-1, dying.kept)
    gradefile.write_template(admin, after)

    made = rows(after.file.getvalue().decode())
    assert [one["username"] for one in made] == ["alice", "dora", *(f"many{number:02d}" for number in range(5))]


@pytest.mark.usefixtures("run")
def test_the_file_of_another_course_is_not_given_out(teacher: Enter) -> None:
    admin = teacher()
    other = jobs.enqueue(gradefile.TEMPLATE, {"run": "course-v1:a+b+c", "by": admin.person.id})

    with pytest.raises(TeachingError, match="no such file"):
        gradefile.opened(admin, other, at=now())
    with pytest.raises(TeachingError, match="too old"):
        gradefile.order(admin, "forged", at=now())


@pytest.mark.usefixtures("run")
def test_who_may_grade_no_more_when_the_job_runs_changes_nothing(teacher: Enter) -> None:

    staff = teacher("staff")
    job = gradefile.order(staff, looked(staff, b"username,new_override-sub\nalice,1\n").token, at=now())
    accounts.revoke_role(staff.person.id, Role.STAFF, org=str(staff.run.key.org), run=staff.run.key)

    jobs.run_pending()

    assert (jobs.status(job).state, SubsectionGrade.objects.exists()) == (State.FAILED, False)


@pytest.mark.usefixtures("run")
@pytest.mark.parametrize("text", ["=HYPERLINK(1)", "'=1", "'tis", "-5", "@x", "a;b\nc", '"q"', "\uff1d1"])
def test_texts_come_back_as_they_went_whatever_they_look_like(teacher: Enter, text: str) -> None:
    admin = teacher()
    column = columns.add(admin, "Oral", shown=False, at=now())
    columns.put(admin, column.id, whose("alice"), text, at=now())

    written = "".join(gradefile.template(admin, at=now()))

    assert rows(written)[0]["column-Oral"][:1] not in ("=", "-", "@", "\uff1d")
    assert looked(admin, written.encode()).changed == 0
    assert looked(admin, written.removeprefix("\ufeff").encode("utf-16")).changed == 0


def test_a_user_name_that_looks_like_a_formula_is_harmless_and_found_again(run: CourseLocator, teacher: Enter) -> None:
    catalog.enrol(person("-2-3"), run, at=now())
    admin = teacher()

    written = "".join(gradefile.template(admin, at=now()))
    preview = looked(admin, b"username,new_override-sub\n'-2-3,1\n")

    assert "'-2-3" in [row["username"] for row in rows(written)]
    assert [(change.username, change.after) for change in preview.changes] == [("-2-3", "1")]


@pytest.mark.usefixtures("run")
def test_a_second_line_about_one_person_is_refused_also_after_a_worker_died(
    teacher: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = teacher()
    content = b"username,new_override-sub\nalice,1\ndora,1\nALICE,0\n"
    preview = looked(admin, content)
    monkeypatch.setattr(gradecsv, "CHUNK", 2)
    dying = Running(1)

    with pytest.raises(SystemExit):
        gradefile.apply(admin, parcels.keep(content), dying)
    kept = gradefile.apply(admin, parcels.keep(content), Running(-1, dying.kept))

    assert [(one.line, one.words) for one in preview.refusals] == [(4, "“ALICE” has a line further up already.")]
    assert (kept["changed"], kept["refused"], points("alice")) == (2, 1, 1.0)


@pytest.mark.usefixtures("run")
def test_who_takes_grades_away_as_a_file_is_in_the_log(teacher: Enter) -> None:
    admin, data = teacher(), teacher("data")
    gradefile.template(admin, at=now())
    job = gradefile.order_template(admin, at=now())
    jobs.run_pending()
    gradefile.opened(teacher("staff"), job, at=now()).close()

    with pytest.raises(NotAllowed):
        gradefile.template(data, at=now())
    with pytest.raises(NotAllowed):
        gradefile.opened(data, job, at=now())
    assert [(deed.what, deed.by and deed.by.username) for deed in deeds.log(admin)[0]] == [
        ("fetch_grade_file", "staff"), ("grade_template", "admin"), ("grade_template", "admin"),
    ]  # fmt: skip


@pytest.mark.usefixtures("run")
def test_a_long_file_is_looked_at_by_a_job_that_finds_the_same(teacher: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    admin, content = teacher(), b"username,new_override-sub\nalice,1\nnobody,1\n"
    monkeypatch.setattr(gradefile, "CHECKED_AT_ONCE", 2)
    upload, broken = io.BytesIO(content), io.BytesIO(content + b"\xff\xff")

    is_long = gradefile.is_long(upload)
    job, failing = gradefile.order_check(admin, upload), gradefile.order_check(admin, broken)
    jobs.run_pending()

    at_once, found = looked(admin, content), gradefile.preview_of(gradefile.result(admin, job))
    assert (is_long, found.token != "", found.changed, SubsectionGrade.objects.exists()) == (True, True, 1, False)
    assert (found.changes, found.refusals, found.lines) == (at_once.changes, at_once.refusals, at_once.lines)
    assert ("UTF-8" in jobs.status(failing).error, jobs.status(failing).state) == (True, State.FAILED)
    gradefile.order(admin, found.token, at=now())
    jobs.run_pending()
    assert points("alice") == 1.0


@pytest.mark.usefixtures("run")
def test_points_for_what_was_not_done_here_count_by_the_policy(teacher: Enter) -> None:
    admin = teacher()

    gradefile.order(admin, looked(admin, b"username,new_override-second\nalice,1\n").token, at=now())
    jobs.run_pending()

    [line] = [one for one in gradebook.book(admin, gradebook.BookFilter()).lines if one.learner.username == "alice"]
    assert line.percent == round(0.15 / 10 + 0.0005, 2)  # one of ten homeworks that count, of 15 %
