"""Invitations: in which track they enrol, and taken back."""

from __future__ import annotations

from lykeion.accounts import api as accounts
from lykeion.catalog import api as catalog
from lykeion.catalog.models import CourseMode
from lykeion.core.clock import now
from lykeion.core.keys import CourseLocator
from tests.instructor.conftest import run
from tests.learn.conftest import person

__all__ = ["run"]


def _mode(key: CourseLocator, user_id: int) -> str:
    _run, enrolment = catalog.run_and_enrolment(key, user_id)
    return enrolment.mode if enrolment else ""


def test_a_track_that_is_no_longer_offered_becomes_the_free_one(run: CourseLocator) -> None:
    for mode in ("audit", "verified"):
        catalog.set_mode(run, mode)
    catalog.allow("eve@example.org", run, at=now(), auto_enroll=True, mode="verified")
    CourseMode.objects.filter(mode="verified").delete()

    eve = person("eve")

    assert _mode(run, eve) == "audit"


def test_an_invitation_taken_back_enrols_nobody_and_a_used_one_cannot_be(run: CourseLocator) -> None:
    for name in ("eve", "fred"):
        catalog.allow(f"{name}@example.org", run, at=now(), auto_enroll=True)
    number = catalog.run(run).id

    withdrawn = catalog.withdraw(number, "Eve@example.org")
    eve, fred = person("eve"), person("fred")

    assert withdrawn is not None
    assert (withdrawn.email, withdrawn.auto_enroll) == ("eve@example.org", True)
    assert (_mode(run, eve), _mode(run, fred)) == ("", "audit")
    assert catalog.withdraw(number, "fred@example.org") is None
    assert accounts.has_confirmed(fred, "fred@example.org")
