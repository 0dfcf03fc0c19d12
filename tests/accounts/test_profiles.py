"""What others see of a person."""

from __future__ import annotations

from datetime import date

import pytest

from lykeion.accounts.models import User
from lykeion.accounts.profiles import is_too_young, profile
from lykeion.accounts.types import Profile
from tests.accounts.people import make

TODAY = date(2026, 6, 1)


@pytest.mark.parametrize(("year", "young"), [(None, True), (2026, True), (2013, True), (2012, False), (1950, False)])
def test_under_13_and_of_unknown_age_count_as_too_young(year: int | None, young: bool) -> None:
    assert is_too_young(year, TODAY) is young


@pytest.fixture
def alice(db: None) -> User:
    """Old enough, with something to tell."""
    user = User.objects.get(pk=make("alice", full_name="Alice Abel").id)
    user.bio, user.country, user.year_of_birth = "I like owls", "GR", 1990
    return user


def test_everybody_who_is_signed_in_sees_an_open_profile(alice: User) -> None:
    shown = profile(alice, viewer_id=alice.pk + 1, today=TODAY)

    assert shown == Profile("alice", False, False, False, "Alice Abel", "I like owls", "GR", alice.date_joined.date())


def test_a_private_profile_is_a_username(alice: User) -> None:
    alice.profile_visibility = "private"

    assert profile(alice, viewer_id=alice.pk + 1, today=TODAY) == Profile("alice", False, True, False)
    assert profile(alice, viewer_id=alice.pk, today=TODAY).full_name == "Alice Abel"


def test_a_child_cannot_open_the_profile(alice: User) -> None:
    alice.year_of_birth = 2015

    assert profile(alice, viewer_id=alice.pk + 1, today=TODAY) == Profile("alice", False, True, True)


def test_a_visitor_sees_a_username(alice: User) -> None:
    assert profile(alice, viewer_id=None, today=TODAY).full_name == ""
