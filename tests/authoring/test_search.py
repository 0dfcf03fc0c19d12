"""Search: what authors find is what their drafts say now, and nothing of others'."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lykeion.accounts import api as accounts
from lykeion.accounts.types import Person
from lykeion.authoring.api import components, outline, search
from lykeion.authoring.models import SearchEntry
from lykeion.authoring.types import Author
from lykeion.content import api as content
from lykeion.core.keys import CourseLocator
from tests.content.trees import NOON
from tests.studio.conftest import as_person, author, run  # noqa: F401  fixtures

pytestmark = pytest.mark.django_db(transaction=True)  # the index of MariaDB knows what is committed


def someone(name: str) -> Person:
    found = accounts.find_person(name)
    assert found is not None
    return found


def refs(who: str, text: str, **more: str) -> list[str]:
    return sorted(one.ref for one in search.search(someone(who), text, **more).found)  # type: ignore[arg-type]


@pytest.mark.usefixtures("run")
def test_titles_and_texts_are_found_by_words_and_their_beginnings() -> None:
    assert refs("carol", "rivers") == ["html@text", "vertical@unit"]
    assert refs("carol", "RIV run") == ["html@text"]
    assert refs("carol", "rivers", kind="html") == ["html@text"]
    assert refs("carol", "volcano") == []
    assert refs("carol", "2") == ["problem@sum"]
    assert refs("carol", '"; DROP -+*()') == []


@pytest.mark.usefixtures("run")
def test_a_result_says_where_it_is() -> None:
    [found] = search.search(someone("carol"), "run").found

    assert (found.course, found.where, found.unit) == ("Waters", ("Week 1", "Reading", "Rivers"), "vertical@unit")
    assert found.text == "Rivers run."


@pytest.mark.usefixtures("run")
def test_words_of_different_paragraphs_stay_apart(author: Callable[[], Author]) -> None:  # noqa: F811  a fixture
    components.save(
        author(), "html@text", {"data": "<ul><li>grow&nbsp;up</li><li>shrink</li></ul>"}, base=None, at=NOON
    )

    assert [one.text for one in search.search(someone("carol"), "shrink").found] == ["grow up shrink"]


def test_what_is_edited_is_found_at_once(author: Callable[[], Author]) -> None:  # noqa: F811  a fixture
    assert refs("carol", "glacier") == []

    components.save(author(), "html@text", {"data": "<p>Glaciers creep.</p>"}, base=None, at=NOON)
    outline.add(author(), "sequential@sub", "vertical", "Glacier", at=NOON)

    assert [ref.partition("@")[0] for ref in refs("carol", "glacier")] == ["html", "vertical"]
    assert refs("carol", "run") == []
    outline.remove(author(), "vertical@unit", at=NOON)
    assert [ref.partition("@")[0] for ref in refs("carol", "glacier")] == ["vertical"]


def test_an_edit_costs_a_row_or_two(author: Callable[[], Author], run: CourseLocator) -> None:  # noqa: F811  fixtures
    search.catch_up([run])
    before = set(SearchEntry.objects.values_list("pk", flat=True))

    components.save(author(), "html@text", {"data": "other"}, base=None, at=NOON)
    search.catch_up([run])

    assert len(set(SearchEntry.objects.values_list("pk", flat=True)) - before) == 1


def test_a_version_that_is_gone_is_no_obstacle(run: CourseLocator) -> None:  # noqa: F811  a fixture
    from lykeion.authoring.models import SearchedRun

    SearchedRun.objects.create(run=str(run), root="0" * 48)

    assert refs("carol", "rivers") == ["html@text", "vertical@unit"]


@pytest.mark.usefixtures("run")
@pytest.mark.parametrize("who", ["limited", "beta", "alice", "dan"])
def test_who_may_not_open_a_course_finds_nothing_in_it(who: str) -> None:
    assert refs(who, "rivers") == []


def test_a_new_course_is_read_by_a_job(run: CourseLocator) -> None:  # noqa: F811  a fixture
    from lykeion.jobs import api as jobs

    content.publish(run, author="carol", at=NOON)
    content.rerun(run, CourseLocator("Lykeion", "T1", "later"), title="Later", author="carol", at=NOON)
    jobs.run_pending()

    assert SearchEntry.objects.filter(run="course-v1:Lykeion+T1+later").count() == 7
