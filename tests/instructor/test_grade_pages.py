"""The pages of grades, work, dates and exams: what a teacher reads there, and what a form does."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from lykeion.accounts import api as accounts
from lykeion.accounts.models import User
from lykeion.catalog import api as catalog
from lykeion.core.clock import now
from lykeion.core.keys import CourseLocator
from lykeion.courseware.ordering import order_regrade
from lykeion.grades.models import CourseGrade, SubsectionGrade
from lykeion.jobs import api as jobs
from lykeion.teaching.api import columns, deeds, gradefile, work
from lykeion.teaching.types import Teacher
from tests.learn.conftest import person
from tests.teaching.test_dates import EXAM, EXAM_TREE, publish

AsPerson = Callable[[str], Client]
Enter = Callable[..., Teacher]
SUB = "sequential@sub"


def address(run: CourseLocator, name: str, *parts: Any) -> str:
    return reverse(f"instructor:{name}", args=[run, *parts])


def whose(name: str) -> int:
    found = accounts.find_person(name)
    assert found is not None
    return found.id


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_names_and_texts_that_look_like_html_are_shown_as_they_are(
    as_person: AsPerson, run: CourseLocator, teacher: Enter
) -> None:
    admin, alice = teacher(), whose("alice")
    User.objects.filter(pk=alice).update(full_name="<b>Al</b>")
    CourseGrade.objects.update_or_create(
        user_id=alice, run_id=admin.run.id, defaults={"letter": "<i>", "percent": 0.5, "modified": now()}
    )
    column = columns.add(admin, "Oral <u>exam</u>", shown=False, at=now())
    columns.put(admin, column.id, alice, "<script>", at=now())

    book = text(as_person("staff").get(address(run, "gradebook")))

    assert [part in book for part in ("&lt;b&gt;Al", "50 %</strong> &lt;i&gt;", ">&lt;script&gt;</a>")] == [True] * 3
    assert [part in book for part in ("<b>Al", "<i>", "<script></a>", "<u>exam")] == [False] * 4


def test_a_cell_is_overridden_and_tells_its_history(as_person: AsPerson, run: CourseLocator) -> None:
    staff, alice = as_person("staff"), whose("alice")
    cell = address(run, "grade_cell", alice, SUB)

    done = staff.post(address(run, "grade_override", alice, SUB), {"earned": "0,5", "reason": "Oral"}, follow=True)
    wrong = staff.post(
        address(run, "grade_override", alice, SUB), {"earned": "lots", "reason": "Oral again"}, follow=True
    )
    once = text(staff.get(cell))
    book = text(staff.get(address(run, "gradebook")))
    seen_by_data = text(as_person("data").get(cell))

    assert ("The grade is overridden." in text(done), "0 → 0.5" in text(done)) == (True, True)
    assert "Give the points as a number" in text(wrong)
    assert all(f'value="{typed}"' in text(wrong) for typed in ("lots", "Oral again"))
    assert 'value="Oral again"' not in once
    assert ("0.5/1" in book, "overridden" in book) == (True, True)
    assert ("0 → 0.5" in seen_by_data, 'name="earned"' in seen_by_data) == (True, False)

    staff.post(address(run, "grade_override", alice, SUB), {"remove": "1"})
    assert SubsectionGrade.objects.get(user_id=alice, ref=SUB).override_earned_graded is None


@pytest.mark.parametrize("count", [1, 30])
def test_the_page_costs_the_same_however_many_learn(
    as_person: AsPerson, run: CourseLocator, django_assert_max_num_queries: Any, count: int
) -> None:
    for number in range(count):
        catalog.enrol(person(f"many{number:02d}"), run, at=now())
    client = as_person("admin")
    client.get(address(run, "gradebook"))

    with django_assert_max_num_queries(18):
        page = client.get(address(run, "gradebook"))

    assert text(page).count('scope="row"') == count + 2


@pytest.mark.parametrize(
    ("page", "action", "sent", "kept"),
    [
        ("work_problem", "work_do", {"act": "set_score", "points": "99", "reason": "Oral"},
         ['value="99"', 'value="Oral"']),
        ("work_problem", "work_do", {"act": "delete_state", "reason": "Cheated"},
         ['value="Cheated"', "<details open>"]),
        ("work_all", "work_all_do", {"act": "rescore", "reason": "Key"},
         ['value="rescore" required checked', 'value="Key"']),
        ("gradebook", "grade_columns", {"act": "add", "name": "Oral ", "shown": "on"}, ['required value="Oral "']),
        ("exams", "exams_change", {"act": "allow", "learner": "noone", "amount": "7", "unit": "times", "ref": EXAM},
         ['value="noone"', 'value="7"', 'value="times" selected']),
    ],
)  # fmt: skip
def test_a_refused_form_keeps_what_was_typed_once(
    as_person: AsPerson, run: CourseLocator, page: str, action: str, sent: dict[str, str], kept: list[str]
) -> None:
    admin, alice = as_person("admin"), whose("alice")
    admin.post(address(run, "work_do", alice, "problem@sum"), {"act": "set_score", "points": "1"})
    admin.post(address(run, "grade_columns"), {"act": "add", "name": "Oral"})
    if page == "exams":
        publish(run, EXAM_TREE)
    parts: tuple[Any, ...] = {"work_problem": (alice, "problem@sum"), "work_all": ("problem@sum",)}.get(page, ())

    refused = re.sub(r' class="[^"]*"', "", text(admin.post(address(run, action, *parts), sent, follow=True)))
    again = re.sub(r' class="[^"]*"', "", text(admin.get(address(run, page, *parts))))

    assert [one in refused for one in kept] == [True] * len(kept)
    assert [one in again for one in kept] == [False] * len(kept)


def test_a_refused_change_of_a_column_or_a_mark_keeps_what_was_typed(
    as_person: AsPerson, run: CourseLocator, teacher: Enter
) -> None:
    admin, alice = as_person("admin"), whose("alice")
    for name in ("Oral", "Essay"):
        admin.post(address(run, "grade_columns"), {"act": "add", "name": name})
    oral = columns.of_course(teacher())[0].id

    changed = text(
        admin.post(address(run, "grade_columns"), {"act": "change", "column": oral, "name": "Essay "}, follow=True)
    )
    marked = text(admin.post(address(run, "grade_mark", alice), {f"mark-{oral}": "x" * 300}, follow=True))

    assert (changed.count('value="Essay "'), changed.count('value="Essay"'), changed.count('value="Oral"')) == (1, 1, 0)
    assert f'value="{"x" * 300}"' in marked


def test_links_that_are_written_without_a_template_are_those_of_the_addresses(
    as_person: AsPerson, run: CourseLocator
) -> None:
    staff, alice = as_person("staff"), whose("alice")

    book = text(staff.get(address(run, "gradebook")))
    work = text(staff.get(address(run, "work_learner", alice)))

    beside = [urljoin(address(run, "gradebook"), href) for href in re.findall(r'<td><a href="([^"]+)"', book)]
    assert beside.count(address(run, "grade_cell", alice, SUB)) == 1
    assert f'href="{address(run, "work_problem", alice, "problem@sum")}"' in work


def test_grades_that_are_computed_anew_say_how_far_they_are(as_person: AsPerson, run: CourseLocator) -> None:
    admin = as_person("admin")
    order_regrade(run)

    during = text(admin.get(address(run, "gradebook")))
    jobs.run_pending()
    after = text(admin.get(address(run, "gradebook")))

    assert ("being computed anew" in during, "being computed anew" in after) == (True, False)
    assert "All grades are computed anew" in text(admin.get(address(run, "regrading")))


def test_columns_are_added_filled_in_and_shown_to_their_learner(
    as_person: AsPerson, run: CourseLocator, teacher: Enter
) -> None:
    staff, alice = as_person("staff"), whose("alice")
    progress = reverse("progress", args=[run])

    staff.post(address(run, "grade_columns"), {"act": "add", "name": "Oral exam", "shown": "on"})
    [column] = columns.of_course(teacher())
    staff.post(address(run, "grade_mark", alice), {f"mark-{column.id}": "very good"})

    assert "very good" in text(staff.get(address(run, "gradebook")))
    assert "very good" in text(staff.get(address(run, "grade_marks", alice)))
    assert "very good" in text(as_person("alice").get(progress))
    assert "Oral exam" not in text(as_person("dora").get(progress))
    staff.post(address(run, "grade_columns"), {"act": "change", "column": column.id, "name": "Oral exam"})
    assert "very good" not in text(as_person("alice").get(progress))


def test_a_file_goes_out_and_comes_back_after_a_look(
    as_person: AsPerson, run: CourseLocator, settings: Any, tmp_path: Path
) -> None:
    settings.LYKEION_UPLOADS = str(tmp_path)
    staff = as_person("staff")
    out = b"".join(staff.post(address(run, "grade_template"))).decode()
    sent = out.replace("alice,Alice,audit,,Reading,,1,", "alice,Alice,audit,,Reading,,1,1")

    preview = staff.post(address(run, "grade_check"), {"file": SimpleUploadedFile("g.csv", sent.encode())})
    wrong = staff.post(address(run, "grade_check"), {"file": SimpleUploadedFile("g.csv", b"nothing")})
    state = staff.post(address(run, "grade_apply"), {"token": preview.context["preview"].token})
    jobs.run_pending()

    assert sent != out, out
    assert ("1 change" in text(preview), (wrong.status_code, "username" in text(wrong))) == (True, (422, True))
    assert "Lines changed" in text(staff.get(state["Location"]))
    assert b"changed" in b"".join(staff.get(state["Location"] + "/file"))
    assert SubsectionGrade.objects.get(user_id=whose("alice"), ref=SUB).override_earned_graded == 1


def test_a_long_file_is_looked_at_in_the_background(
    as_person: AsPerson, run: CourseLocator, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.LYKEION_UPLOADS = str(tmp_path)
    monkeypatch.setattr(gradefile, "CHECKED_AT_ONCE", 1)
    staff, content = as_person("staff"), b"username,new_override-sub\nalice,1\n"

    sent = staff.post(address(run, "grade_check"), {"file": SimpleUploadedFile("g.csv", content)})
    waiting = text(staff.get(sent["Location"]))
    jobs.run_pending()
    part = text(staff.get(sent["Location"], headers={"HX-Request": "true"}))
    preview = text(staff.get(sent["Location"]))

    assert ("You can leave this page" in waiting, "See what would change" in part) == (True, True)
    assert ("1 change" in preview, "Make these changes" in preview) == (True, True)


def test_a_learner_is_found_and_a_score_is_set(as_person: AsPerson, run: CourseLocator, teacher: Enter) -> None:
    staff, alice = as_person("staff"), whose("alice")
    there = address(run, "work_problem", alice, "problem@sum")

    found = staff.get(address(run, "work"), {"name": "alice"})
    nobody = text(staff.get(address(run, "work"), {"name": "dan"}))
    done = staff.post(address(run, "work_do", alice, "problem@sum"), {"act": "set_score", "points": "1"}, follow=True)
    reset = staff.post(address(run, "work_do", alice, "problem@sum"), {"act": "rescore"}, follow=True)

    assert (found["Location"], "No learner of this course" in nobody) == (address(run, "work_learner", alice), True)
    assert ("The score is set." in text(done), "nothing to change" in text(reset)) == (True, True)
    assert ("1/1" in text(staff.get(there)), "Sum" in text(staff.get(found["Location"]))) == (True, True)
    assert [deed.what for deed in deeds.log(teacher())[0]] == ["set_score"]
    assert CourseGrade.objects.get(user_id=alice).percent > 0


def test_what_cannot_be_undone_needs_a_tick(as_person: AsPerson, run: CourseLocator, teacher: Enter) -> None:
    staff, alice = as_person("staff"), whose("alice")
    there, form = address(run, "work_do", alice, "problem@sum"), {"act": "delete_state", "reason": "Asked for it"}
    staff.post(there, {"act": "set_score", "points": "1"})

    unsure = text(staff.post(there, form, follow=True))
    kept = work.one(teacher(), alice, "problem@sum", at=now()).has_state
    staff.post(there, {**form, "sure": "on"})

    assert ("Nothing was deleted." in unsure, kept) == (True, True)
    assert not work.one(teacher(), alice, "problem@sum", at=now()).has_state


def test_all_learners_need_a_tick_and_an_admin(as_person: AsPerson, run: CourseLocator) -> None:
    admin, alice = as_person("admin"), whose("alice")
    admin.post(address(run, "work_do", alice, "problem@sum"), {"act": "set_score", "points": "1"})
    there = address(run, "work_all_do", "problem@sum")

    unsure = admin.post(there, {"act": "delete_state"}, follow=True)
    begun = admin.post(there, {"act": "delete_state", "sure": "on", "reason": "Broken"}, follow=True)
    jobs.run_pending()
    after = text(admin.get(address(run, "work_tasks")))

    assert ("Tick that" in text(unsure), "It has begun" in text(begun)) == (True, True)
    assert ("Changed for 1 learner," in after, "Broken" in after) == (True, True)
    assert "Begin" not in text(as_person("staff").get(address(run, "work_all", "problem@sum")))
    assert admin.get(address(run, "work_all", "html@text")).status_code == 422


def test_a_date_is_given_and_taken_back(as_person: AsPerson, run: CourseLocator) -> None:
    staff, form = as_person("staff"), {"learner": "alice", "ref": SUB, "due": "2031-01-01T12:00", "reason": "Ill"}

    given = staff.post(address(run, "dates_change"), form, follow=True)
    wrong = [
        text(staff.post(address(run, "dates_change"), {**form, **change}, follow=True))
        for change in ({"due": "soon"}, {"due": "2029-01-01T12:00"}, {"learner": "nobody"})
    ]
    hers = text(staff.get(address(run, "dates"), {"learner": "alice"}))
    back = staff.post(address(run, "dates_change"), {"reset": "1", "user": whose("alice"), "ref": SUB}, follow=True)

    assert "alice has until" in text(given)
    words = ("date and the time", "later date", "No learner of this course")
    assert [part in page for part, page in zip(words, wrong, strict=True)] == [True, True, True]
    assert ('value="soon"' in wrong[0], 'value="Ill"' in wrong[0]) == (True, True)
    assert ("2031" in hers, "holds again" in text(back)) == (True, True)


def test_a_course_without_exams_says_so(as_person: AsPerson, run: CourseLocator) -> None:
    staff = as_person("staff")

    page = text(staff.get(address(run, "exams")))
    wrong = text(staff.post(address(run, "exams_change"), {"act": "allow", "learner": "alice"}, follow=True))

    assert ("no timed exam" in page, "whole minutes" in wrong) == (True, True)
