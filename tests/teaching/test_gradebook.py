"""The gradebook: who is on which page, what a cell says, what a teacher puts in the place of a grade."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lykeion.accounts import api as accounts
from lykeion.accounts.models import User
from lykeion.catalog import api as catalog
from lykeion.catalog import rostering
from lykeion.core.clock import now
from lykeion.core.keys import CourseLocator
from lykeion.courseware import api as courseware
from lykeion.grades.models import CourseGrade
from lykeion.teaching.api import columns, deeds, gradebook, work
from lykeion.teaching.api.gradebook import BookFilter
from lykeion.teaching.types import FieldError, NotAllowed, Teacher, TeachingError
from tests.learn.conftest import person

Enter = Callable[..., Teacher]
SUB = "sequential@sub"


def whose(name: str) -> int:
    found = accounts.find_person(name)
    assert found is not None
    return found.id


def person_row(name: str) -> User:
    return User.objects.get(username=name)


def names(book: gradebook.Book) -> list[str]:
    return [line.learner.username for line in book.lines]


def many(run: CourseLocator, count: int) -> None:
    for number in range(count):
        catalog.enrol(person(f"many{number:02d}"), run, at=now())


@pytest.mark.usefixtures("run")
def test_a_line_has_the_grade_and_a_cell_for_each_graded_subsection(teacher: Enter) -> None:
    admin, alice = teacher(), whose("alice")
    work.set_score(admin, alice, "problem@sum", 1, reason="", at=now())

    book = gradebook.book(admin, BookFilter())

    first = book.lines[0]
    assert names(book) == ["alice", "dora"]
    assert [column.ref for column in book.columns] == [SUB, "sequential@second"]
    assert {ref: (cell.earned, cell.possible) for ref, cell in first.cells.items()} == {SUB: (1.0, 1.0)}
    assert (first.percent, book.lines[1].percent) == (CourseGrade.objects.get(user_id=alice).percent, 0.0)


def test_pages_go_both_ways_whoever_comes_in_between(run: CourseLocator, teacher: Enter) -> None:
    many(run, 60)
    admin = teacher()

    first = gradebook.book(admin, BookFilter())
    second = gradebook.book(admin, BookFilter(after=first.after))
    back = gradebook.book(admin, BookFilter(before=second.before))

    narrowed = gradebook.book(admin, BookFilter(text="many"))
    assert (len(first.lines), first.total, first.before) == (50, 62, "")
    assert (len(narrowed.lines), narrowed.total) == (50, None)
    assert (names(second)[-1], second.after) == ("many59", "")
    assert names(first) + names(second) == sorted(names(first) + names(second))
    assert names(back) == names(first)


@pytest.mark.parametrize("few", [500, 1])  # looked up first, or asked one by one
def test_learners_are_found_by_name_cohort_track_and_grade(
    run: CourseLocator, teacher: Enter, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rostering, "FEW", few)
    admin, alice = teacher(), whose("alice")
    catalog.set_cohorted(run, True, at=now())
    catalog.make_cohort(run, "Blue", at=now())
    catalog.add_to_cohort(run, "Blue", ["dora"], at=now())
    gradebook.override(admin, alice, SUB, 1, reason="", at=now())
    percent = round(CourseGrade.objects.get(user_id=alice).percent * 100)

    found = {
        "text": names(gradebook.book(admin, BookFilter(text="ALI"))),
        "address": names(gradebook.book(admin, BookFilter(text="dora@"))),
        "cohort": names(gradebook.book(admin, BookFilter(cohort="Blue"))),
        "mode": names(gradebook.book(admin, BookFilter(mode="verified"))),
        "low": names(gradebook.book(admin, BookFilter(low=percent))),
        "high": names(gradebook.book(admin, BookFilter(high=percent - 1))),
        "both": names(gradebook.book(admin, BookFilter(text="dora example", cohort="Blue", mode="audit"))),
        "neither": names(gradebook.book(admin, BookFilter(text="alice", cohort="Blue"))),
        "no word": names(gradebook.book(admin, BookFilter(text="@", low=percent))),
        "no such cohort": names(gradebook.book(admin, BookFilter(cohort="Green"))),
    }
    CourseGrade.objects.filter(user_id=alice).update(percent=1.2)  # weights may make more than 100 %
    found["extra"] = names(gradebook.book(admin, BookFilter(low=90)))

    assert found == {
        "text": ["alice"], "address": ["dora"], "cohort": ["dora"], "mode": [], "low": ["alice"], "high": ["dora"],
        "extra": ["alice"], "both": ["dora"], "neither": [], "no word": [], "no such cohort": [],
    }  # fmt: skip


@pytest.mark.parametrize("way", [{"after": "m"}, {"before": "z"}, {"after": "m", "mode": "audit"}])
def test_a_page_in_the_middle_begins_there_in_an_index(run: CourseLocator, teacher: Enter, way: dict[str, str]) -> None:
    """Which names are on it is asked of an index alone: with other columns MariaDB went through all names before."""
    many(run, 3)
    admin = teacher()

    with CaptureQueriesContext(connection) as asked:
        gradebook.book(admin, BookFilter(**way))

    [first, *_others] = [one["sql"] for one in asked if "catalog_enrolment" in one["sql"] and "name_key" in one["sql"]]
    assert re.match(r"SELECT \S+ AS \S+ FROM \S+ WHERE ", first)
    if connection.vendor == "sqlite":  # what MariaDB does with a few rows tells nothing of many
        index = "catalog_enrolment_tracks" if "mode" in way else "catalog_enrolment_names"
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {first}")
            assert f"USING COVERING INDEX {index}" in " ".join(str(row) for row in cursor.fetchall())


def test_a_page_asks_a_bounded_number_of_learners_and_leads_on_from_there(
    run: CourseLocator, teacher: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rostering, "FEW", 1)
    monkeypatch.setattr(rostering, "LOOKED", 5)
    many(run, 12)  # behind alice and dora
    admin = teacher()
    CourseGrade.objects.filter(run_id=admin.run.id).delete()
    CourseGrade.objects.bulk_create(
        CourseGrade(user_id=whose(name), run_id=admin.run.id, percent=0.9, modified=now())
        for name in ("alice", "dora", *(f"many{number:02d}" for number in range(11)))
    )

    asked, found, backwards = BookFilter(high=5), [], []
    while (book := gradebook.book(admin, asked)).after:
        found.append(names(book))
        asked = BookFilter(high=5, after=book.after)
    found.append(names(book))
    asked = BookFilter(high=5, before="zz")
    while (back := gradebook.book(admin, asked)).before:
        backwards.append(names(back))
        asked = BookFilter(high=5, before=back.before)

    assert found == [[], [], ["many11"]]
    assert book.total is None
    assert backwards == [["many11"], []]


@pytest.mark.parametrize("count", [1, 30])
def test_a_page_costs_the_same_however_many_learn(
    run: CourseLocator, teacher: Enter, django_assert_max_num_queries: Any, count: int
) -> None:
    many(run, count)
    admin = teacher()
    column = columns.add(admin, "Oral", shown=True, at=now())
    columns.put(admin, column.id, whose("many00"), "A", at=now())
    courseware.grade_columns(run)

    with django_assert_max_num_queries(7):
        gradebook.book(admin, BookFilter())


@pytest.mark.usefixtures("run")
def test_an_override_tells_who_when_from_and_to(teacher: Enter) -> None:
    admin, staff, alice = teacher(), teacher("staff"), whose("alice")

    gradebook.override(staff, alice, SUB, 0.5, reason="Oral exam", at=now())
    gradebook.override(admin, alice, SUB, None, reason="", at=now())

    cell = gradebook.cell(admin, alice, SUB, now())
    told = [(one.by.username, one.what, one.details["from"], one.details["to"]) for one in cell.history if one.by]
    assert told == [("admin", "remove_override", 0.5, 0.0), ("staff", "override", 0.0, 0.5)]
    assert (cell.grade.earned_graded, cell.grade.overridden) == (0.0, False)
    assert cell.titles == {"problem@sum": "Sum"}


@pytest.mark.usefixtures("run")
def test_points_that_cannot_be_are_refused_and_nothing_is_written(teacher: Enter) -> None:
    admin, alice = teacher(), whose("alice")

    with pytest.raises(TeachingError, match="from 0 to 1"):
        gradebook.override(admin, alice, SUB, 2, reason="", at=now())
    with pytest.raises(NotAllowed):
        gradebook.override(teacher("data"), alice, SUB, 1, reason="", at=now())
    with pytest.raises(TeachingError, match="no such learner"):
        gradebook.cell(admin, whose("dan"), SUB, now())

    assert deeds.log(admin) == ([], False)


def test_a_column_of_ones_own_is_for_the_team_until_it_is_shown(run: CourseLocator, teacher: Enter) -> None:
    admin, alice = teacher(), whose("alice")
    column = columns.add(admin, " Oral  exam ", shown=False, at=now())
    columns.put(admin, column.id, alice, "passed", at=now())
    before = columns.of_learner(admin.run.id, alice)

    columns.change(admin, column.id, "Oral", shown=True, at=now())

    [after] = columns.of_learner(admin.run.id, alice)
    assert (column.name, before, (after.name, after.text)) == ("Oral exam", (), ("Oral", "passed"))
    assert not columns.put(admin, column.id, alice, "passed", at=now())
    with pytest.raises(FieldError, match="already"):
        columns.add(admin, "Oral", shown=False, at=now())
    columns.remove(admin, column.id, at=now())
    assert [deed.what for deed in deeds.log(admin)[0]] == ["remove_column", "change_column", "mark", "add_column"]
    with pytest.raises(TeachingError, match="gone"):
        columns.put(admin, column.id, alice, "x", at=now())


@pytest.mark.usefixtures("run")
def test_a_team_cannot_ask_who_else_has_an_account(teacher: Enter) -> None:
    for name in ("dan", "dan@example.org", "nobody", "nobody@example.org", ""):
        with pytest.raises(TeachingError, match=f"^No learner of this course is called “{name}”.$"):
            gradebook.learner_named(teacher(), name)
