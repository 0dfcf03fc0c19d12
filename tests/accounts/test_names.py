"""Usernames and addresses: what they may be, and that they are never given twice."""

from __future__ import annotations

import pytest

from lykeion.accounts.names import check_email, check_username, is_retired, retire_name, retired_username
from lykeion.accounts.types import AccountError
from tests.accounts.people import NOW, make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["al", "Alice-B_7", "a" * 30, "--", "42"])
def test_letters_digits_dash_and_underscore_make_a_username(name: str) -> None:
    check_username(name)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("a", "2 to 30"),
        ("a" * 31, "2 to 30"),
        ("al ice", "letters A to Z"),
        ("alice@b", "letters A to Z"),
        ("Ἀλίκη", "letters A to Z"),
        ("alice\n", "letters A to Z"),
        ("Retired__User_1", "taken"),
    ],
)
def test_other_usernames_are_refused_with_the_reason(name: str, words: str) -> None:
    with pytest.raises(AccountError, match=words):
        check_username(name)


def test_a_username_is_taken_whatever_its_case() -> None:
    make("Alice")

    with pytest.raises(AccountError, match="taken"):
        check_username("aLICE")


def test_an_address_belongs_to_one_person_whatever_its_case() -> None:
    make("alice", email="Alice@Example.com")

    with pytest.raises(AccountError, match="already"):
        check_email("ALICE@example.COM")


def test_what_is_no_address_is_refused() -> None:
    with pytest.raises(AccountError, match="not an e-mail address"):
        check_email("alice at home")


def test_a_retired_name_stays_taken_in_every_case() -> None:
    retire_name("Alice", NOW)

    with pytest.raises(AccountError, match="taken"):
        check_username("alice")
    assert is_retired("ALICE")
    assert not is_retired("bob")


def test_what_is_kept_of_a_retired_name_does_not_say_it() -> None:
    digest = retire_name("alice", NOW)

    assert "alice" not in digest
    assert len(retired_username(digest)) <= 64


def test_retired_names_survive_a_new_secret_key(settings: object) -> None:
    retire_name("alice", NOW)

    old = settings.SECRET_KEY  # type: ignore[attr-defined]
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [old]  # type: ignore[attr-defined]

    assert is_retired("alice")
