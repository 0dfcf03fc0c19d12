"""Cohorts: who is in which, and what the log and the grades are told."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from lykeion.accounts import api as accounts
from lykeion.accounts.models import User
from lykeion.catalog import api as catalog
from lykeion.catalog.models import CohortEmail
from lykeion.catalog.types import CohortError, Placed
from tests.factories import NOW, PAST, RUN, chapter, course, learner, person, store_course

pytestmark = pytest.mark.django_db

PARTITIONS = [{"id": 7, "scheme": "cohort", "groups": [{"id": 1, "name": "A"}, {"id": 2, "name": "B"}]}]


@pytest.fixture(autouse=True)
def trees() -> None:
    store_course(course(chapter("c"), user_partitions=PARTITIONS, cohort_config={"cohorted": True}))


def cohort_of(user: User) -> str | None:
    found = catalog.cohort_of(catalog.run(RUN), user.pk)
    return found.name if found else None


def unconfirmed(name: str) -> User:
    made = accounts.create_person(username=name, email=f"{name}@example.org", password=None, at=PAST)
    return User.objects.get(pk=made.id)


def test_a_course_says_whether_it_has_cohorts_and_its_team_may_say_otherwise() -> None:
    said = [catalog.run(RUN).cohorted]
    said += [catalog.set_cohorted(RUN, wanted, at=NOW).cohorted for wanted in (False, None, True)]

    assert said == [True, False, True, True]


def test_people_are_placed_by_name_or_address() -> None:
    catalog.make_cohort(RUN, "Day", at=NOW)
    catalog.make_cohort(RUN, "Night", at=NOW)
    alice, bea = learner("alice"), learner("bea")
    catalog.add_to_cohort(RUN, "Night", ["bea"], at=NOW)
    unconfirmed("carl")

    entries = ["alice", "alice ", "BEA@example.org", "nobody", "new@example.org", "carl@example.org", "a@@b", ""]
    placed = catalog.add_to_cohort(RUN, "Day", entries, at=NOW)

    assert [(one.entry, one.outcome, one.previous) for one in placed] == [
        ("alice", "added", ""),
        ("BEA@example.org", "moved", "Night"),
        ("nobody", "unknown", ""),
        ("new@example.org", "preassigned", ""),
        ("carl@example.org", "preassigned", ""),
        ("a@@b", "invalid", ""),
    ]
    assert [cohort_of(alice), cohort_of(bea)] == ["Day", "Day"]
    assert [one.outcome for one in catalog.add_to_cohort(RUN, "Day", ["alice"], at=NOW)] == ["present"]


def test_an_address_is_remembered_until_somebody_proves_that_it_is_theirs() -> None:
    catalog.make_cohort(RUN, "Day", at=NOW)
    catalog.add_to_cohort(RUN, "Day", ["Zoe@example.org"], at=NOW)

    zoe = person("zoe")

    assert (cohort_of(zoe), CohortEmail.objects.count()) == ("Day", 0)


def test_a_file_places_line_by_line() -> None:
    catalog.make_cohort(RUN, "Day", at=NOW)
    learner("alice")

    file = "\ufeffUsername,email,Cohort\nalice,other@example.org,Day\n,x@example.org,Day\nalice,,Dusk\n,,Day\n"
    placed = catalog.import_cohorts(RUN, file, at=NOW)

    assert placed == (
        Placed("alice", "Day", "added", line=2),
        Placed("x@example.org", "Day", "preassigned", line=3),
        Placed("alice", "Dusk", "no_cohort", line=4),
        Placed("", "Day", "invalid", line=5),
    )


@pytest.mark.parametrize("head", ["", "cohort", "username", "username,group", "name,cohort"])
def test_a_file_with_other_columns_places_nobody(head: str) -> None:
    with pytest.raises(CohortError, match="first line names the columns"):
        catalog.import_cohorts(RUN, f"{head}\nalice,Day\n", at=NOW)


def test_a_content_group_must_be_one_of_the_course() -> None:
    catalog.make_cohort(RUN, "Day", at=NOW)

    linked = catalog.link_cohort(RUN, "Day", (7, 2), at=NOW)

    assert (linked.partition, linked.group) == (7, 2)
    assert catalog.link_cohort(RUN, "Day", None, at=NOW).group is None
    with pytest.raises(CohortError, match="no content group 9 in partition 7"):
        catalog.link_cohort(RUN, "Day", (7, 9), at=NOW)


def test_names_are_taken_once_and_only_empty_cohorts_go() -> None:
    catalog.make_cohort(RUN, "Day", at=NOW)
    catalog.make_cohort(RUN, "Night", at=NOW)
    alice = learner("alice")
    catalog.add_to_cohort(RUN, "Day", ["alice"], at=NOW)

    for wrong in (
        lambda: catalog.make_cohort(RUN, " Day ", at=NOW),
        lambda: catalog.make_cohort(RUN, "  ", at=NOW),
        lambda: catalog.rename_cohort(RUN, "Day", "Night"),
        lambda: catalog.delete_cohort(RUN, "Day"),
        lambda: catalog.delete_cohort(RUN, "Dusk"),
    ):
        with pytest.raises(CohortError):
            wrong()
    assert catalog.remove_from_cohort(RUN, alice.pk, at=NOW)
    assert not catalog.remove_from_cohort(RUN, alice.pk, at=NOW)
    catalog.delete_cohort(RUN, "Day")
    catalog.rename_cohort(RUN, "Night", "Day")
    assert [one.name for one in catalog.cohorts(RUN)] == ["Day"]


def test_learners_are_put_into_automatic_cohorts_and_stay_there() -> None:
    for name in ("One", "Two"):
        catalog.make_cohort(RUN, name, automatic=True, at=NOW)
    catalog.make_cohort(RUN, "Manual", at=NOW)
    run = catalog.run(RUN)
    people = [person(f"learner{number}").pk for number in range(24)]

    first = [catalog.assigned_cohort(run, one, at=NOW).name for one in people]
    again = [catalog.assigned_cohort(run, one, at=NOW).name for one in people]

    assert first == again
    assert set(Counter(first)) == {"One", "Two"}


def test_a_default_group_is_made_where_no_cohort_is_automatic() -> None:
    catalog.make_cohort(RUN, "Manual", at=NOW)

    found = catalog.assigned_cohort(catalog.run(RUN), person("alice").pk, at=NOW)

    assert (found.name, found.automatic) == ("Default Group", True)
    with pytest.raises(CohortError, match="only automatic cohort"):
        catalog.set_cohort_automatic(RUN, "Default Group", automatic=False)


def test_the_log_says_who_was_put_where(tmp_path: Path, settings, django_capture_on_commit_callbacks) -> None:
    settings.LYKEION_TRACKING_LOG = tmp_path / "log"
    bob, alice = person("bob"), learner("alice")
    with django_capture_on_commit_callbacks(execute=True):
        catalog.make_cohort(RUN, "Day", at=NOW, by=bob.pk)
        catalog.make_cohort(RUN, "Night", at=NOW, by=bob.pk)
        catalog.add_to_cohort(RUN, "Day", ["alice"], at=NOW, by=bob.pk)
        catalog.add_to_cohort(RUN, "Night", ["alice", "new@example.org"], at=NOW, by=bob.pk)

    lines = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    told = [(line["name"].removeprefix("edx.cohort."), line["event"]) for line in lines if "cohort" in line["name"]]
    assert [name for name, _event in told] == [
        "creation_requested", "created", "creation_requested", "created", "user_add_requested", "user_added",
        "user_removed", "user_add_requested", "user_added", "email_address_preassigned",
    ]  # fmt: skip
    moved = dict(told[6:])
    assert moved["user_add_requested"]["previous_cohort_name"] == "Day"
    assert moved["user_added"]["user_id"] == alice.pk
    assert moved["email_address_preassigned"]["user_email"] == "new@example.org"


def test_a_deleted_account_leaves_no_place() -> None:
    catalog.make_cohort(RUN, "Day", at=NOW)
    alice = learner("alice")
    catalog.add_to_cohort(RUN, "Day", ["alice"], at=NOW)

    catalog.forget_person(alice.pk, "alice@example.org", at=NOW)

    assert cohort_of(alice) is None
