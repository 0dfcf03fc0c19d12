"""The link with which somebody chooses a first password, and what using it proves."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from lykeion.accounts import api as accounts
from lykeion.accounts.models import User
from lykeion.accounts.types import Person

pytestmark = pytest.mark.django_db
SECRET = "a longer secret"


def _newcomer() -> Person:
    return accounts.create_person(username="fred", email="fred@example.org", password=None)


def _use(link: str, password: str = SECRET) -> int:
    browser = Client()
    form = browser.get("/" + link.split("/", 3)[3], follow=True)
    return browser.post(form.request["PATH_INFO"], {"password1": password, "password2": password}).status_code


def test_whoever_uses_the_link_has_a_password_and_proved_the_address() -> None:
    fred = _newcomer()
    link = accounts.password_link(fred.id)

    _use(link)

    assert User.objects.get(pk=fred.id).check_password(SECRET)
    assert accounts.has_confirmed(fred.id, "fred@example.org")


def test_the_link_is_good_once() -> None:
    fred = _newcomer()
    link = accounts.password_link(fred.id)
    _use(link)

    _use(link, "another long secret")

    assert User.objects.get(pk=fred.id).check_password(SECRET)


def test_with_two_addresses_nobody_knows_which_of_them_was_proved() -> None:
    fred = _newcomer()
    EmailAddress.objects.create(user_id=fred.id, email="second@example.org", verified=False, primary=False)

    _use(accounts.password_link(fred.id))

    assert not accounts.has_confirmed(fred.id, "fred@example.org")
    assert not accounts.has_confirmed(fred.id, "second@example.org")
