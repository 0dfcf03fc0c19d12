"""Deleting an account."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress

from lykeion.accounts import api, signals
from lykeion.accounts.models import RetiredName, RoleGrant, User
from lykeion.accounts.types import AccountError, Role
from tests.accounts.people import NOW, make

pytestmark = pytest.mark.django_db


def test_nothing_of_the_person_is_left_but_the_row() -> None:
    alice = make("Alice", full_name="Alice Abel")
    api.grant_role(alice.id, Role.STAFF, org="Lyk")
    User.objects.filter(pk=alice.id).update(
        bio="I like owls", country="GR", year_of_birth=1990, gender="f", education="m"
    )

    api.retire(alice.id, at=NOW)

    left = User.objects.get(pk=alice.id)
    kept = " ".join(str(value) for value in vars(left).values()).lower()
    assert not any(word in kept for word in ("alice", "abel", "owls", "gr ", "1990"))
    assert (left.gender, left.education, list(api.traits([alice.id]))) == ("", "", [])
    assert (left.is_active, left.has_usable_password(), left.retired_at) == (False, False, NOW)
    assert not EmailAddress.objects.exists()
    assert not RoleGrant.objects.exists()
    assert api.find_person("alice") is None


def test_neither_name_nor_any_address_can_be_taken_again() -> None:
    alice = make("alice")
    EmailAddress.objects.create(user_id=alice.id, email="second@example.com", verified=True)

    api.retire(alice.id, at=NOW)

    for clash in ({"username": "ALICE", "email": "new@example.com"}, {"email": "Alice@example.com"}):
        with pytest.raises(AccountError):
            make(clash.get("username", "newcomer"), email=clash["email"])
    with pytest.raises(AccountError):
        make("newcomer", email="second@example.com")


def test_doing_it_twice_changes_nothing() -> None:
    alice = make("alice")
    api.retire(alice.id, at=NOW)
    before = User.objects.get(pk=alice.id).username

    api.retire(alice.id, at=NOW)

    assert User.objects.get(pk=alice.id).username == before
    assert RetiredName.objects.count() == 2


def test_others_hear_whose_account_it_was() -> None:
    alice = make("alice")
    heard: list[object] = []

    def retired(user_id: int, email: str, **_: object) -> None:
        heard.append((user_id, email))

    signals.person_retired.connect(retired)
    api.retire(alice.id, at=NOW)

    assert heard == [(alice.id, "alice@example.com")]
