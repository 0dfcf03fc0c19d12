"""People, roles, anonymous ids."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.db import IntegrityError
from pytest_django import DjangoAssertNumQueries

from lykeion.accounts import api, signals
from lykeion.accounts.models import User
from lykeion.accounts.types import AccountError, Grant, Person, Role
from lykeion.core.keys import run_of
from tests.accounts.people import make

pytestmark = pytest.mark.django_db
RUN = run_of("Lyk", "T101", "2026")


def test_a_person_is_found_by_name_and_address_whatever_the_case() -> None:
    alice = make("Alice")

    assert api.find_person("aLiCe") == alice
    assert api.find_person(" ALICE@example.com ") == alice
    assert api.find_person("bob") is None


def test_a_created_person_is_what_was_asked_for() -> None:
    alice = make("Alice", email="Alice@Example.com", full_name="Alice Abel")

    assert alice == Person(alice.id, "Alice", "alice@example.com", "Alice Abel", True, False, "", "")
    assert api.has_confirmed(alice.id, "ALICE@example.com")


def test_the_first_person_of_a_site_may_do_anything_and_sign_in_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "correct horse battery")

    call_command("createsuperuser", "--noinput", username="Root", email="Root@Example.com", verbosity=0)

    root = api.find_person("root")
    assert root is not None
    assert root == Person(root.id, "Root", "root@example.com", "", True, True, "", "")
    assert api.has_confirmed(root.id, "root@example.com")
    assert User.objects.get(pk=root.id).check_password("correct horse battery")


def test_the_database_itself_refuses_a_second_alice() -> None:
    make("alice")

    with pytest.raises(IntegrityError):
        User(username="ALICE", email="other@example.com").save()


def test_changing_only_the_username_changes_its_key() -> None:
    alice = User.objects.get(pk=make("alice").id)

    alice.username = "Alicia"
    alice.save(update_fields=["username"])

    assert User.objects.get(pk=alice.pk).username_key == "alicia"


def test_a_weak_password_is_refused_where_the_rules_of_sign_up_hold() -> None:
    with pytest.raises(AccountError, match="password"):
        make("alice", password="alice", strict_password=True)


def test_others_hear_of_new_people_and_confirmed_addresses() -> None:
    heard: list[object] = []

    def created(person: Person, **_: object) -> None:
        heard.append(("created", person.username))

    def confirmed(email: str, **_: object) -> None:
        heard.append(("confirmed", email))

    signals.person_created.connect(created)
    signals.email_confirmed.connect(confirmed)
    make("alice")
    make("bob", confirmed=False)

    assert heard == [("created", "alice"), ("confirmed", "alice@example.com"), ("created", "bob")]


def test_a_visitor_and_a_closed_account_are_nobody() -> None:
    dan = User.objects.get(pk=make("dan").id)
    dan.is_active = False

    assert api.person(AnonymousUser()) is None
    assert api.person(dan) is None


def test_roles_of_run_organisation_and_site_add_up_in_one_query(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    bob = make("bob").id
    api.grant_role(bob, Role.BETA_TESTER, run=RUN)
    api.grant_role(bob, Role.AUTHOR, org="Lyk")
    api.grant_role(bob, Role.LIMITED_STAFF)
    api.grant_role(bob, Role.INSTRUCTOR, org="Other")

    with django_assert_num_queries(1):
        found = api.roles(bob, "Lyk", RUN)

    assert found == {Role.BETA_TESTER, Role.AUTHOR, Role.LIMITED_STAFF}


def test_an_instructor_is_staff_too() -> None:
    bob = make("bob").id

    api.grant_role(bob, Role.INSTRUCTOR, org="Lyk", run=RUN)

    assert api.roles(bob, "Lyk", RUN) == {Role.INSTRUCTOR, Role.STAFF}
    assert api.roles(bob, "Lyk", run_of("Lyk", "T101", "2027")) == frozenset()


def test_a_visitor_has_no_roles_and_costs_no_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        assert api.roles(None, "Lyk", RUN) == frozenset()
        assert api.grants(None) == ()


def test_granting_twice_and_taking_back_leaves_nothing() -> None:
    bob = make("bob").id

    api.grant_role(bob, Role.STAFF, run=RUN)
    api.grant_role(bob, Role.STAFF, run=RUN)

    assert api.grants(bob) == (Grant(Role.STAFF, "", str(RUN)),)
    api.revoke_role(bob, Role.STAFF, run=RUN)
    assert api.grants(bob) == ()


def test_members_are_those_of_the_run_its_organisation_and_the_site() -> None:
    bob, carol, dan = (make(name).id for name in ("bob", "carol", "dan"))
    api.grant_role(bob, Role.STAFF, run=RUN)
    api.grant_role(carol, Role.AUTHOR, org="Lyk")
    api.grant_role(dan, Role.STAFF, org="Other")

    assert api.members("Lyk", RUN) == {bob, carol}
    assert api.members("Lyk", RUN, among=[Role.STAFF]) == {bob}


def test_an_anonymous_id_is_steady_differs_by_run_and_does_not_tell() -> None:
    first = api.anonymous_id(7, RUN)

    assert first == api.anonymous_id(7, str(RUN))
    assert len({first, api.anonymous_id(8, RUN), api.anonymous_id(7, None), api.anonymous_id(7, "x")}) == 4
    assert len(first) == 32
    assert int(first, 16)


def test_a_team_is_everybody_with_a_role_here_and_where_it_comes_from() -> None:
    alice, bob, root, other = make("alice"), make("bob"), make("carol"), make("dan")
    api.grant_role(alice.id, Role.STAFF, org="Lyk", run=RUN)
    api.grant_role(bob.id, Role.INSTRUCTOR, org="Lyk")
    api.grant_role(root.id, Role.AUTHOR)
    api.grant_role(other.id, Role.STAFF, org="Else")

    assert set(api.team("Lyk", RUN)) == {
        (alice, Grant(Role.STAFF, "Lyk", str(RUN))),
        (bob, Grant(Role.INSTRUCTOR, "Lyk", "")),
        (root, Grant(Role.AUTHOR, "", "")),
    }


def test_a_role_replaces_the_others_in_the_run_and_somebody_keeps_the_first() -> None:
    alice, bob = make("alice"), make("bob")
    for role in (Role.INSTRUCTOR, Role.BETA_TESTER):
        api.grant_role(alice.id, role, org="Lyk", run=RUN)
    api.grant_role(alice.id, Role.READER, org="Lyk")

    with pytest.raises(AccountError):
        api.replace_roles(alice.id, None, org="Lyk", run=RUN, keep=Role.INSTRUCTOR)
    assert len(api.grants(alice.id)) == 3

    admin = Grant(Role.INSTRUCTOR, "Lyk", str(RUN))
    api.replace_roles(bob.id, admin, org="Lyk", run=RUN, keep=Role.INSTRUCTOR)
    before = api.replace_roles(alice.id, None, org="Lyk", run=RUN, keep=Role.INSTRUCTOR)

    assert before == {Role.INSTRUCTOR, Role.BETA_TESTER}
    assert (api.grants(alice.id), api.grants(bob.id)) == ((Grant(Role.READER, "Lyk", ""),), (admin,))
