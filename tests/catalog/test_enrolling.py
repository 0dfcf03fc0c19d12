"""Who may enrol, and what happens then (openedx.md §1.2)."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models.signals import pre_save
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from lykeion.accounts import api as accounts
from lykeion.accounts.types import AccountError, Role
from lykeion.catalog import api as catalog
from lykeion.catalog import counting, models, signals
from lykeion.catalog.models import EnrolmentAllowed
from lykeion.catalog.types import Enrolment, EnrolmentRefused, RosterQuery
from lykeion.content.types import RunMissing
from lykeion.core.lru import WeightedCache
from tests.accounts.people import NOW, make
from tests.catalog.offers import AFTER, BEFORE, offer
from tests.factories import RUN

pytestmark = pytest.mark.django_db


def refusal(person: Any, **more: Any) -> str:
    """The code of the refusal, or an empty text when there is none."""
    try:
        catalog.can_enrol(person, catalog.run(RUN), at=more.get("at", NOW))
    except EnrolmentRefused as refused:
        return refused.code
    return ""


@pytest.mark.parametrize(
    ("window", "code"),
    [
        ({}, ""),
        ({"enrollment_start": BEFORE}, ""),
        ({"enrollment_start": AFTER}, "enrollment_not_started"),
        ({"enrollment_end": AFTER}, ""),
        ({"enrollment_end": BEFORE}, "enrollment_closed"),
        ({"enrollment_start": BEFORE, "enrollment_end": AFTER}, ""),
        ({"invitation_only": True}, "invitation_only"),
        ({"invitation_only": True, "enrollment_end": BEFORE}, "invitation_only"),
        ({"start": AFTER}, ""),
        ({"catalog_visibility": "none"}, ""),
    ],
)
def test_the_window_and_invitation_only_decide_for_learners(window: dict[str, Any], code: str) -> None:
    offer(**window)

    assert refusal(make("alice")) == code


@pytest.mark.parametrize("window", [{"enrollment_end": BEFORE}, {"invitation_only": True}, {"enrollment_start": AFTER}])
def test_the_team_and_site_staff_may_always(window: dict[str, Any]) -> None:
    offer(**window)
    bob, carol, root = make("bob"), make("carol"), make("root", is_superuser=True)
    accounts.grant_role(bob.id, Role.INSTRUCTOR, run=RUN)
    accounts.grant_role(carol.id, Role.STAFF, org=RUN.org)

    assert [refusal(one) for one in (bob, carol, root)] == ["", "", ""]


def test_a_beta_tester_is_no_team() -> None:
    offer(invitation_only=True)
    dan = make("dan")
    accounts.grant_role(dan.id, Role.BETA_TESTER, run=RUN)

    assert refusal(dan) == "invitation_only"


@pytest.mark.parametrize("window", [{"enrollment_end": BEFORE}, {"invitation_only": True}, {"enrollment_start": AFTER}])
def test_an_invitation_wins_over_closed_doors(window: dict[str, Any]) -> None:
    offer(**window)
    alice = make("alice", email="Alice@Example.com")
    catalog.allow(" ALICE@example.com ", RUN, at=NOW)

    assert refusal(alice) == ""
    assert catalog.enrol(alice.id, RUN, at=NOW).is_active
    assert EnrolmentAllowed.objects.get().used_by_id == alice.id


def test_an_invitation_that_somebody_else_used_denies_even_while_doors_are_open() -> None:
    offer()
    alice, dan = make("alice"), make("dan")
    catalog.allow("alice@example.com", RUN, at=NOW)
    EnrolmentAllowed.objects.update(used_by=dan.id)

    assert refusal(alice) == "allowance_used"


def test_an_invitation_waits_for_a_confirmed_address() -> None:
    offer(invitation_only=True)
    dan = make("dan", email="alice@example.com", confirmed=False)
    catalog.allow("alice@example.com", RUN, at=NOW)

    assert refusal(dan) == "email_unconfirmed"


def test_an_unconfirmed_person_may_enrol_where_everybody_may() -> None:
    offer()
    catalog.allow("dan@example.com", RUN, at=NOW)
    dan = make("dan", confirmed=False)

    assert refusal(dan) == ""
    catalog.enrol(dan.id, RUN, at=NOW)
    assert EnrolmentAllowed.objects.get().used_by_id is None


def test_a_visitor_is_asked_to_sign_in() -> None:
    offer()

    assert refusal(None) == "authentication_required"


def test_the_cap_counts_learners_only() -> None:
    offer(max_student_enrollments_allowed=1)
    bob, alice, dan = make("bob"), make("alice"), make("dan")
    accounts.grant_role(bob.id, Role.STAFF, run=RUN)

    catalog.enrol(bob.id, RUN, at=NOW)
    catalog.enrol(alice.id, RUN, at=NOW)

    assert refusal(dan) == "enrollment_full"
    assert refusal(bob) == ""
    catalog.unenrol(alice.id, RUN, at=NOW)
    assert refusal(dan) == ""


def test_a_full_run_takes_no_invited_ones_either() -> None:
    offer(max_student_enrollments_allowed=0)
    catalog.allow("alice@example.com", RUN, at=NOW)

    assert refusal(make("alice")) == "enrollment_full"


def test_staff_enrols_whom_it_wants() -> None:
    offer(enrollment_end=BEFORE, max_student_enrollments_allowed=0)
    bob, alice = make("bob"), make("alice")

    assert catalog.enrol(alice.id, RUN, at=NOW, by=bob.id).is_active


def test_an_enrolment_says_who_what_and_when() -> None:
    run = offer()
    alice = make("alice")

    made = catalog.enrol(alice.id, RUN, at=NOW)

    assert made == Enrolment(alice.id, run.id, "audit", True, NOW)
    assert catalog.run_and_enrolment(RUN, alice.id) == (run, made)


def test_enrolling_twice_changes_nothing_also_after_the_doors_closed() -> None:
    offer()
    alice = make("alice")
    first = catalog.enrol(alice.id, RUN, at=NOW)
    offer(enrollment_end=BEFORE)

    assert catalog.enrol(alice.id, RUN, at=AFTER) == first


def test_a_second_click_at_the_same_moment_finds_what_the_first_made() -> None:
    run = offer()
    alice = make("alice")

    def be_faster(instance: models.Enrolment, **_: object) -> None:
        pre_save.disconnect(be_faster, sender=models.Enrolment)
        rival = models.Enrolment(user_id=alice.id, run_id=run.id, mode="audit", name_key="alice")
        rival.created = rival.modified = BEFORE
        models.Enrolment.objects.bulk_create([rival])

    pre_save.connect(be_faster, sender=models.Enrolment)

    assert catalog.enrol(alice.id, RUN, at=NOW).is_active


def test_leaving_keeps_the_row_and_coming_back_restores_it() -> None:
    offer()
    alice, bob = make("alice"), make("bob")
    catalog.set_mode(RUN, "audit")
    catalog.set_mode(RUN, "verified")
    first = catalog.enrol(alice.id, RUN, at=NOW, mode="verified", by=bob.id)

    left = catalog.unenrol(alice.id, RUN, at=AFTER)
    back = catalog.enrol(alice.id, RUN, at=AFTER + timedelta(days=1))

    assert left == Enrolment(first.user_id, first.run_id, "verified", False, NOW)
    assert back == first


def test_coming_back_needs_open_doors() -> None:
    offer()
    alice = make("alice")
    catalog.enrol(alice.id, RUN, at=NOW)
    catalog.unenrol(alice.id, RUN, at=NOW)
    offer(enrollment_end=BEFORE)

    with pytest.raises(EnrolmentRefused):
        catalog.enrol(alice.id, RUN, at=NOW)


def test_leaving_a_run_one_never_took_is_nothing() -> None:
    offer()

    assert catalog.unenrol(make("alice").id, RUN, at=NOW) is None


def test_what_is_not_there_is_told() -> None:
    with pytest.raises(RunMissing):
        catalog.enrol(make("alice").id, RUN, at=NOW)
    offer()
    with pytest.raises(AccountError):
        catalog.enrol(999, RUN, at=NOW)


@pytest.mark.parametrize(
    ("modes", "asked", "got"),
    [
        ([], None, "audit"),
        (["audit", "verified"], None, "audit"),
        (["honor", "verified"], None, "honor"),
        (["audit", "honor"], "honor", "honor"),
        (["professional"], None, None),
        (["audit", "verified"], "verified", None),
        (["audit"], "masters", None),
        ([], "verified", None),
    ],
)
def test_learners_choose_among_the_free_modes(modes: list[str], asked: str | None, got: str | None) -> None:
    offer()
    alice = make("alice")
    for mode in modes:
        catalog.set_mode(RUN, mode)

    try:
        mode = catalog.enrol(alice.id, RUN, at=NOW, mode=asked).mode
    except EnrolmentRefused as refused:
        assert refused.code == "mode_unavailable"
        mode = None

    assert mode == got


def test_after_its_deadline_a_mode_can_be_given_by_staff_only() -> None:
    offer()
    alice, bob = make("alice"), make("bob")
    catalog.set_mode(RUN, "audit")
    catalog.set_mode(RUN, "honor", expiration=BEFORE)

    with pytest.raises(EnrolmentRefused):
        catalog.enrol(alice.id, RUN, at=NOW, mode="honor")
    assert catalog.enrol(alice.id, RUN, at=NOW, mode="honor", by=bob.id).mode == "honor"


def test_others_hear_of_coming_and_going() -> None:
    offer()
    alice = make("alice")
    heard: list[tuple[str, int]] = []

    def came(enrolment: Enrolment, **_: object) -> None:
        heard.append(("came", enrolment.user_id))

    def went(enrolment: Enrolment, **_: object) -> None:
        heard.append(("went", enrolment.user_id))

    signals.enrolled.connect(came)
    signals.unenrolled.connect(went)
    catalog.enrol(alice.id, RUN, at=NOW)
    catalog.enrol(alice.id, RUN, at=NOW)
    catalog.unenrol(alice.id, RUN, at=NOW)
    catalog.unenrol(alice.id, RUN, at=NOW)

    assert heard == [("came", alice.id), ("went", alice.id)]


def test_the_tracking_log_tells_it_once_it_is_true(
    settings: object, tmp_path: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    settings.LYKEION_TRACKING_LOG = tmp_path / "log"  # type: ignore[attr-defined]
    offer()
    alice, bob = make("alice"), make("bob")
    catalog.set_mode(RUN, "audit")
    catalog.set_mode(RUN, "verified")

    with django_capture_on_commit_callbacks(execute=True):
        catalog.enrol(alice.id, RUN, at=NOW)
        catalog.enrol(alice.id, RUN, at=NOW, mode="verified", by=bob.id)
        catalog.unenrol(alice.id, RUN, at=NOW)
        assert not (tmp_path / "log").exists()

    lines = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    payload = {"course_id": str(RUN), "user_id": alice.id}
    assert [(line["name"], line["event"]) for line in lines] == [
        ("edx.course.enrollment.activated", {**payload, "mode": "audit"}),
        ("edx.course.enrollment.mode_changed", {**payload, "mode": "verified"}),
        ("edx.course.enrollment.deactivated", {**payload, "mode": "verified"}),
    ]
    assert [line["context"]["user_id"] for line in lines] == [alice.id, bob.id, alice.id]
    assert {line["context"]["org_id"] for line in lines} == {RUN.org}


def test_auto_enrolment_waits_for_the_confirmed_address(client: Any) -> None:
    offer(invitation_only=True)
    catalog.allow("alice@example.com", RUN, at=NOW, auto_enroll=True)
    dan = make("dan", email="alice@example.com", confirmed=False)

    assert catalog.enrolments_of(dan.id) == []

    accounts.retire(dan.id, at=NOW)
    catalog.allow("bob@example.com", RUN, at=NOW, auto_enroll=True)
    bob = make("bob")
    assert [enrolment.user_id for _run, enrolment in catalog.enrolments_of(bob.id)] == [bob.id]


def test_inviting_somebody_who_is_here_enrols_at_once() -> None:
    offer(invitation_only=True)
    alice = make("alice")

    catalog.allow("alice@example.com", RUN, at=NOW, auto_enroll=True)
    catalog.allow("alice@example.com", RUN, at=NOW, auto_enroll=True)

    assert len(catalog.enrolments_of(alice.id)) == 1
    assert EnrolmentAllowed.objects.get().used_by_id == alice.id


def test_a_deleted_account_takes_nothing_any_more_and_its_invitations_are_gone() -> None:
    run = offer()
    alice = make("alice")
    catalog.allow("alice@example.com", RUN, at=NOW)
    catalog.enrol(alice.id, RUN, at=NOW)

    accounts.retire(alice.id, at=NOW)

    assert catalog.enrolments_of(alice.id) == []
    assert catalog.enrolments_of(alice.id, active=False) == [(run, Enrolment(alice.id, run.id, "audit", False, NOW))]
    assert not EnrolmentAllowed.objects.exists()


def test_the_database_refuses_a_learner_whom_no_page_would_show() -> None:
    run, alice = offer(), make("alice")
    nameless = models.Enrolment(user_id=alice.id, run_id=run.id, mode="audit", created=NOW, modified=NOW)

    with pytest.raises(IntegrityError), transaction.atomic():
        models.Enrolment.objects.bulk_create([nameless])

    assert models.Enrolment.objects.count() == 0


def test_many_learners_are_counted_once_a_minute_and_few_always(
    monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    monkeypatch.setattr(counting, "_COUNTED", WeightedCache(10))  # of this test alone
    run = offer()
    for name in ("alice", "bob"):
        catalog.enrol(make(name).id, RUN, at=NOW)

    few = [catalog.enrolled_by_mode(run.id), catalog.roster_size(run.id, RosterQuery())]
    catalog.enrol(make("carol").id, RUN, at=NOW)
    more = catalog.enrolled_by_mode(run.id)
    monkeypatch.setattr(counting, "MANY", 3)
    many = [catalog.enrolled_by_mode(run.id), catalog.roster_size(run.id, RosterQuery(mode="audit"))]
    with django_assert_num_queries(0):
        again = [catalog.enrolled_by_mode(run.id), catalog.roster_size(run.id, RosterQuery(mode="audit"))]

    assert (few, more) == ([{"audit": 2}, 2], {"audit": 3})
    assert many == again == [{"audit": 3}, 3]
