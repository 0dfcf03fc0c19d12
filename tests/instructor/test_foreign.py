"""What belongs to another course is not there, whatever number somebody puts into an address or a form."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

import lykeion.teaching
from lykeion.accounts import api as accounts
from lykeion.accounts.types import Role
from lykeion.catalog import api as catalog
from lykeion.content import api as content
from lykeion.core.clock import now
from lykeion.core.keys import CourseLocator, run_of
from lykeion.grades.models import SubsectionGrade
from lykeion.instructor.words import deed_words
from lykeion.jobs import api as jobs
from lykeion.teaching.api import cohorts, columns, courses, gradebook, gradefile, lists, work
from lykeion.teaching.models import Deed
from lykeion.teaching.types import Teacher
from tests.content.trees import make_run, root_of
from tests.instructor.conftest import COURSE
from tests.learn.conftest import person

pytestmark = pytest.mark.django_db(transaction=True)
SUB, SUM = "sequential@sub", "problem@sum"
ONLY_THERE = "zoe"


@pytest.fixture
def there(run: CourseLocator) -> Teacher:
    """The teacher of another course of another organisation, with the learner zoe in it."""
    key = run_of("Other", "C1", "2026")
    make_run(
        content.store(), root_of(content.store(), COURSE, display_name="Hills", start="2020-01-01T00:00:00Z"), run=key
    )
    catalog.catch_up()
    accounts.grant_role(person("other"), Role.INSTRUCTOR, org="Other", run=key)
    catalog.enrol(person(ONLY_THERE), key, at=now())
    found = accounts.find_person("other")
    assert found is not None
    return courses.enter(found, key)


def test_no_number_of_another_course_opens_or_changes_anything(
    as_person: Callable[[str], Client], run: CourseLocator, there: Teacher, settings: Any, tmp_path: Path
) -> None:
    settings.LYKEION_UPLOADS = str(tmp_path)
    zoe = gradebook.learner_named(there, ONLY_THERE).id
    gradebook.override(there, zoe, SUB, 1, reason="", at=now())
    cohort = cohorts.make(there, "Blue", automatic=False, group=None, at=now()).id
    column = columns.add(there, "Oral", shown=True, at=now()).id
    drafted = lists.from_names(there, "enrol", "alice dora", {}, at=now())
    job = gradefile.order_template(there, at=now())
    jobs.run_pending()
    before = (list(Deed.objects.values_list("run_id", "what")), list(SubsectionGrade.objects.values()))
    admin = as_person("admin")

    answers = {
        f"{method} {name} {sent}": getattr(admin, method)(reverse(f"instructor:{name}", args=[run, *parts]), sent)
        for method, name, parts, sent in (
            ("get", "list", [drafted], {}),
            ("get", "list_file", [drafted], {}),
            ("post", "list_go", [drafted], {}),
            ("post", "list_undo", [drafted], {}),
            ("post", "list_discard", [drafted], {}),
            ("get", "cohort", [cohort], {}),
            ("post", "cohort_change", [cohort], {"name": "Mine"}),
            ("post", "cohort_delete", [cohort], {}),
            ("post", "cohort_add", [cohort], {"names": "alice"}),
            ("post", "cohort_remove", [cohort], {"user": zoe}),
            ("get", "grade_job", [job], {}),
            ("get", "grade_job_file", [job], {}),
            ("get", "grade_marks", [zoe], {}),
            ("get", "grade_cell", [zoe, SUB], {}),
            ("get", "work_learner", [zoe], {}),
            ("get", "work_problem", [zoe, SUM], {}),
            ("post", "learner_track", [], {"user": zoe, "mode": "audit"}),
        )
    }
    forms = [
        admin.post(reverse(f"instructor:{name}", args=[run, *parts]), sent, follow=True)
        for name, parts, sent in (
            ("grade_override", [zoe, SUB], {"earned": "0"}),
            ("grade_mark", [zoe], {f"mark-{column}": "x"}),
            ("grade_columns", [], {"act": "remove", "column": column}),
            ("work_do", [zoe, SUM], {"act": "delete_state", "sure": "on"}),
            ("work_do", [zoe, SUM], {"act": "set_score", "points": "1"}),
            ("work_entrance", [zoe], {}),
            ("dates_change", [], {"learner": ONLY_THERE, "ref": SUB, "due": "2031-01-01T12:00"}),
            ("dates_change", [], {"reset": "1", "user": zoe, "ref": SUB}),
            ("exams_change", [], {"act": "delete", "user": zoe, "ref": SUB}),
        )
    ]

    opened = [what for what, answer in answers.items() if answer.status_code != 422 or "Hills" in str(answer.content)]
    assert opened == []
    assert [form.status_code for form in forms if b"zoe@example.org" in form.content] == []
    assert (list(Deed.objects.values_list("run_id", "what")), list(SubsectionGrade.objects.values())) == before
    assert lists.the_list(there, drafted).phase == "draft"
    assert [one.name for one in columns.of_course(there)] == ["Oral"]
    assert [one.name for one in cohorts.cohorts(there)] == ["Blue"]


def test_a_file_that_was_looked_at_in_one_course_is_not_put_into_force_in_another(
    teacher: Callable[..., Teacher], there: Teacher, settings: Any, tmp_path: Path
) -> None:
    settings.LYKEION_UPLOADS = str(tmp_path)
    upload = tmp_path / "grades.csv"
    upload.write_text(f"username,new_override-sub\n{ONLY_THERE},1\n")
    with upload.open("rb") as stream:
        token = gradefile.check(there, stream).token

    with pytest.raises(gradefile.TeachingError, match="another course"):
        gradefile.order(teacher(), token, at=now())
    assert work.tasks(replace(teacher(), run=there.run)) == ()


def test_every_deed_has_words() -> None:
    folder = Path(lykeion.teaching.__file__).parent
    calls = re.compile(r"""record\((?:\w+, )?"(\w+)\"""")
    names = {name for file in folder.rglob("*.py") for name in calls.findall(file.read_text())}

    assert len(names) > 20
    assert [name for name in sorted(names) if deed_words(name) == name] == []
