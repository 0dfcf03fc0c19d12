"""People are found by the beginnings of the words of their names, whoever wrote the names."""

from __future__ import annotations

import pytest

from lykeion.accounts import api as accounts
from lykeion.accounts.models import NameWord, User
from lykeion.accounts.words import asked, words_of
from tests.accounts.people import NOW, make


def test_words_are_whole_and_in_parts_without_case_and_accents() -> None:
    found = words_of(username="Zoe_7", email="zoe.o@Mail.example.org", full_name="Zoë O'Brien-Müller")

    assert found == {
        *("zoe_7", "zoe", "7"),
        *("zoe.o@mail.example.org", "zoe.o", "o", "mail.example.org"),
        *("o'brien-muller", "brien", "muller"),
    }


def test_names_in_scripts_without_spaces_are_found_by_every_end() -> None:
    assert words_of(username="wang", email="", full_name="王小明") == {"wang", "王小明", "小明", "明"}


def test_what_is_asked_for_is_a_few_beginnings() -> None:
    assert asked(" Müller,  @example.org (zoe) müller ") == ("muller", "example.org", "zoe")
    assert asked(" @ ,") == ()
    assert len(asked(" ".join(str(number) for number in range(99)))) == 6


def found(text: str) -> list[str]:
    """Who is called so, by every word."""
    rows = User.objects.all()
    for one in accounts.called(text):
        rows = rows.filter(pk__in=one.rows())
    return sorted(rows.values_list("username", flat=True))


@pytest.mark.django_db
def test_names_that_change_are_found_by_what_they_are_now() -> None:
    alice, bob = make("alice", full_name="Alice Liddell"), make("bob", full_name="Bob Abel")
    row = User.objects.get(pk=alice.id)

    before = (found("lid"), found("alice@ex"), found("ali abel"), found("iddell"))
    row.full_name = "Alice Hargreaves"
    row.save(update_fields=["full_name"])
    User.objects.filter(pk=bob.id).update(email="bob@elsewhere.org")
    bob_row = User.objects.get(pk=bob.id)
    bob_row.full_name = "Robert Abel"
    User.objects.bulk_update([bob_row], ["full_name"])

    assert before == (["alice"], ["alice"], [], [])
    assert (found("lid"), found("harg ali"), found("elsewhere"), found("robert")) == ([], ["alice"], ["bob"], ["bob"])
    assert (found("bob@example"), found("bob")) == ([], ["bob"])


@pytest.mark.django_db
def test_who_is_made_in_bulk_is_found_and_who_is_gone_is_not() -> None:
    User.objects.bulk_create([User(username="eve", username_key="eve", email="eve@example.org", full_name="Eve Moss")])
    make("dan", full_name="Dan Moss")

    together = found("moss")
    accounts.retire(User.objects.get(username="dan").pk, at=NOW)
    User.objects.get(username="eve").delete()

    assert (together, found("moss"), NameWord.objects.filter(word="moss").count()) == (["dan", "eve"], [], 0)
