from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session

from lykeion.accounts.backend import Backend
from lykeion.accounts.models import User
from lykeion.accounts.sessions import SessionStore
from lykeion.core.clock import now

pytestmark = pytest.mark.django_db


def kept_session() -> str:
    session = SessionStore()
    session["course"] = "spaced-practice"
    session.save()
    return str(session.session_key)


def test_a_session_is_found_by_its_key_with_one_read(django_assert_num_queries):
    key = kept_session()

    with django_assert_num_queries(1):
        found = SessionStore(key)
        course = found["course"]

    assert (course, found.session_key) == ("spaced-practice", key)


def test_a_session_that_is_over_or_unknown_is_an_empty_one():
    key = kept_session()
    Session.objects.filter(session_key=key).update(expire_date=now() - timedelta(seconds=1))
    over, unknown = SessionStore(key), SessionStore("0" * 32)

    assert over.get("course") is None
    assert unknown.get("course") is None
    assert (over.session_key, unknown.session_key) == (None, None)


def test_the_person_of_a_session_is_read_whole_and_can_be_saved():
    alice = User.objects.create(username="Alice", email="alice@example.com", full_name="Alice", language="de")
    found = Backend().get_user(alice.pk)

    assert {name: value for name, value in vars(found).items() if name != "_state"} == {
        name: value for name, value in vars(User.objects.get(pk=alice.pk)).items() if name != "_state"
    }
    found.full_name = "Alice A."
    found.save()
    assert User.objects.get(pk=alice.pk).full_name == "Alice A."
    assert User.objects.count() == 1


def test_nobody_is_found_for_a_person_who_is_gone_or_may_not_sign_in():
    dan = User.objects.create(username="dan", email="dan@example.com", is_active=False)

    assert Backend().get_user(dan.pk) is None
    assert Backend().get_user(dan.pk + 1) is None
