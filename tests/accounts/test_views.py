"""The pages of an account, as a person walks through them."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.http import HttpRequest, HttpResponse
from django.test import Client

from lykeion.accounts import api
from lykeion.accounts.forms import SignupForm
from lykeion.accounts.models import User
from lykeion.accounts.types import Traits
from lykeion.jobs import api as jobs
from tests.accounts.people import NOW, PASSWORD, make

pytestmark = pytest.mark.django_db
SIGN_UP = {"full_name": "Alice Abel", "username": "Alice", "email": "Alice@Example.com", "password1": "owls by night"}


def sign_in(client: Client, name: str = "alice", password: str = PASSWORD, **more: str) -> HttpResponse:
    """Sends the form of the sign-in page."""
    return client.post("/account/login/", {"login": name, "password": password, **more})


def code_of_app(secret: str) -> str:
    """What an authenticator app shows now."""
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))


def links() -> list[str]:
    """The links of all mails, sent by the job."""
    jobs.run_pending()
    return [re.search(r"https?://\S+", str(message.body))[0] for message in mail.outbox]  # type: ignore[index]


def test_sign_up_logs_in_at_once_and_mails_a_link_that_confirms_the_address(client: Client) -> None:
    answer = client.post("/account/signup/", SIGN_UP)

    alice = User.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, "/dashboard")
    assert (alice.username, alice.email, alice.full_name) == ("Alice", "alice@example.com", "Alice Abel")
    assert client.session["_auth_user_id"] == str(alice.pk)
    assert not api.has_confirmed(alice.pk, alice.email)

    (link,) = links()
    assert client.get(link).status_code == 200
    client.post(link)

    assert api.has_confirmed(alice.pk, alice.email)


def test_the_mail_is_ordered_and_not_sent_within_the_request(client: Client) -> None:
    client.post("/account/signup/", SIGN_UP)

    assert mail.outbox == []
    assert links() != []
    assert jobs.latest("accounts.send_mail") == []  # its row held an address and a link: it is gone


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("username", "ALICE", "is taken"),
        ("username", "a", "at least 2 characters"),
        ("username", "al ice", "letters A to Z"),
        ("email", "ALICE@example.com", "account with this e-mail address already"),
        ("password1", "12345678", "numeric"),
        ("password1", "short", "too short"),
        ("full_name", "", "required"),
    ],
)
def test_a_sign_up_that_cannot_be_says_why_and_keeps_what_was_typed(
    client: Client, field: str, value: str, words: str
) -> None:
    make("alice")

    given = {**SIGN_UP, "username": "newcomer", "email": "new@example.com"}
    answer = client.post("/account/signup/", {**given, field: value})

    page = answer.content.decode()
    assert answer.status_code == 200
    assert words in page
    assert 'value="Alice Abel"' in page or field == "full_name"
    assert User.objects.count() == 1


def test_the_address_of_a_deleted_account_stays_taken(client: Client) -> None:
    api.retire(make("alice").id, at=NOW)

    answer = client.post("/account/signup/", SIGN_UP)

    page = answer.content.decode()
    assert "is taken" in page
    assert "account with this e-mail address already" in page


@pytest.mark.parametrize("name", ["alice", "ALICE", "Alice@Example.com", " alice "])
def test_people_sign_in_by_username_or_address_whatever_the_case(client: Client, name: str) -> None:
    make("Alice")

    answer = sign_in(client, name)

    assert (answer.status_code, answer["Location"]) == (302, "/dashboard")


def test_signing_in_needs_no_search_through_the_whole_table(client: Client, django_assert_max_num_queries) -> None:
    make("alice")

    with django_assert_max_num_queries(80) as seen:
        sign_in(client)

    counting = ("accounts_sharedvalue", "SAVEPOINT")  # of attempts, where there is no Redis
    statements = [query["sql"] for query in seen.captured_queries]
    others = [one for one in statements if not any(word in one for word in counting)]
    assert len(others) <= 20
    assert "username_key" in " ".join(others)
    assert "LIKE" not in " ".join(statements)


def test_a_wrong_password_and_an_unknown_name_get_the_same_words(client: Client) -> None:
    make("alice")

    answers = [sign_in(client, name, "wrong").content.decode() for name in ("alice", "nobody", "nobody@example.com")]

    assert all("The name or the password is wrong." in answer for answer in answers)


def test_six_wrong_passwords_lock_the_name_with_clear_words_and_others_stay_free(client: Client) -> None:
    make("alice")
    make("bob")

    for _ in range(6):
        sign_in(client, "alice", "wrong")
    locked = sign_in(client, "alice")
    other = sign_in(client, "bob")

    assert "too many wrong passwords" in locked.content.decode()
    assert other.status_code == 302


def test_too_many_tries_from_one_address_get_a_page_that_says_so(client: Client, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": "3/m/ip"}

    for _ in range(3):
        client.post("/account/login/", {"login": "", "password": ""})
    answer = client.post("/account/login/", {"login": "", "password": ""})

    assert answer.status_code == 429
    assert "A little slower" in answer.content.decode()


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/courses", "/courses"),
        ("https://evil.example/", "/dashboard"),
        ("//evil.example/", "/dashboard"),
        ("javascript:alert(1)", "/dashboard"),
        ("http:///evil.example", "/dashboard"),
        ("/\\evil.example", "/dashboard"),
    ],
)
def test_after_signing_in_people_stay_on_this_site(client: Client, wanted: str, reached: str) -> None:
    make("alice")

    answer = sign_in(client, next=wanted)

    assert answer["Location"] == reached


def test_a_name_taken_in_the_same_moment_is_a_message(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    save = SignupForm.save

    def somebody_is_faster(form: SignupForm, request: HttpRequest) -> User:
        make("ALICE", email="rival@example.com")
        return save(form, request)

    monkeypatch.setattr(SignupForm, "save", somebody_is_faster)
    answer = client.post("/account/signup/", SIGN_UP)

    assert answer.status_code == 200
    assert "is taken" in answer.content.decode()
    assert list(User.objects.values_list("username", flat=True)) == ["ALICE"]


def test_signing_out_takes_a_post(client: Client) -> None:
    make("alice")
    sign_in(client)

    assert client.get("/account/logout/").status_code == 200
    assert "_auth_user_id" in client.session
    client.post("/account/logout/")
    assert "_auth_user_id" not in client.session


def test_a_password_reset_answers_the_same_whether_or_not_there_is_an_account(client: Client) -> None:
    make("alice")

    known = client.post("/account/password/reset/", {"email": "alice@example.com"})
    unknown = client.post("/account/password/reset/", {"email": "nobody@example.com"})

    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert len(links()) == 1


def test_the_link_of_a_reset_sets_a_new_password_once(client: Client) -> None:
    make("alice")
    client.post("/account/password/reset/", {"email": "alice@example.com"})
    (link,) = links()

    form = client.get(link, follow=True)
    client.post(form.request["PATH_INFO"], {"password1": "owls by night", "password2": "owls by night"})

    assert sign_in(client, password="owls by night").status_code == 302
    assert "used already" in Client().get(link, follow=True).content.decode()


def test_a_deleted_account_gets_no_reset(client: Client) -> None:
    api.retire(make("alice").id, at=NOW)

    client.post("/account/password/reset/", {"email": "alice@example.com"})

    assert links() == []


def test_a_new_address_holds_only_once_it_is_confirmed(client: Client) -> None:
    alice = make("alice")
    sign_in(client)

    asked = client.post("/account/email/", {"email": "new@example.com", "action_add": ""})
    client.post(asked["Location"], {"password": PASSWORD})  # goes on with what was sent before
    assert User.objects.get(pk=alice.id).email == "alice@example.com"
    link = next(link for link in links() if "confirm-email" in link)
    client.post(link)

    assert User.objects.get(pk=alice.id).email == "new@example.com"
    assert list(EmailAddress.objects.values_list("email", flat=True)) == ["new@example.com"]


def test_settings_are_saved_and_used(client: Client) -> None:
    alice = make("alice")
    sign_in(client)

    answer = client.post(
        "/account/settings/",
        {
            "full_name": "Alice B.", "language": "en", "time_zone": "Europe/Athens",
            "profile_visibility": "private", "bio": "owls", "country": "gr", "year_of_birth": "1990",
            "gender": "f", "education": "m",
        },
    )  # fmt: skip

    saved = User.objects.get(pk=alice.id)
    assert answer.status_code == 302
    assert (saved.full_name, saved.time_zone, saved.country, saved.year_of_birth) == (
        "Alice B.", "Europe/Athens", "GR", 1990,
    )  # fmt: skip
    make("bob")  # who told nothing
    assert list(api.traits([alice.id, alice.id + 1])) == [Traits(alice.id, "f", 1990, "m", "GR")]
    assert b'Europe/Athens" selected' in client.get("/account/settings/").content


def test_settings_that_cannot_be_are_refused_and_nothing_is_saved(client: Client) -> None:
    alice = make("alice")
    sign_in(client)

    answer = client.post(
        "/account/settings/",
        {"full_name": "X", "time_zone": "Mars/Base", "profile_visibility": "all_users", "country": "Greece"},
    )

    assert answer.status_code == 422
    assert User.objects.get(pk=alice.id).full_name == "Alice Abel"


def test_deleting_needs_the_name_and_the_password(client: Client) -> None:
    alice = make("alice")
    sign_in(client)

    wrong = client.post("/account/delete/", {"username": "alice", "password": "wrong"})
    other = client.post("/account/delete/", {"username": "bob", "password": PASSWORD})

    assert (wrong.status_code, other.status_code) == (422, 422)
    assert User.objects.get(pk=alice.id).is_active

    gone = client.post("/account/delete/", {"username": "Alice", "password": PASSWORD})

    assert (gone.status_code, gone["Location"]) == (302, "/")
    assert not User.objects.get(pk=alice.id).is_active
    assert "_auth_user_id" not in client.session


def test_who_deletes_an_account_reads_what_stays(client: Client) -> None:
    make("alice")
    sign_in(client)

    page = client.get("/account/delete/").content.decode()

    assert "Figures no longer count you." in page
    assert "logs and answers you typed may still name you." in page


def test_deleting_is_no_way_to_guess_the_password(client: Client, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"reauthenticate": "2/m/user"}
    make("alice")
    sign_in(client)

    answers = [client.post("/account/delete/", {"username": "alice", "password": "wrong"}) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [422, 422, 429]


def test_deleting_ends_the_sessions_of_other_browsers(client: Client) -> None:
    make("alice")
    elsewhere = Client()
    sign_in(elsewhere)
    sign_in(client)

    client.post("/account/delete/", {"username": "alice", "password": PASSWORD})

    assert elsewhere.get("/dashboard").status_code == 302


def test_a_profile_shows_what_its_owner_lets_others_see(client: Client) -> None:
    make("bob")
    alice = make("alice", full_name="Alice Abel")
    User.objects.filter(pk=alice.id).update(bio="<b>owls</b>", year_of_birth=1990)
    sign_in(client, "bob")

    page = client.get("/account/profile/ALICE").content.decode()
    assert "Alice Abel" in page
    assert "&lt;b&gt;owls" in page
    User.objects.filter(pk=alice.id).update(profile_visibility="private")
    assert "Alice Abel" not in client.get("/account/profile/alice").content.decode()
    missing = client.get("/account/profile/nobody")
    assert (missing.status_code, "Nobody here has this username." in missing.content.decode()) == (404, True)


@pytest.mark.parametrize("page", ["settings/", "delete/", "profile/alice", "email/", "password/change/", "2fa/"])
def test_visitors_are_asked_to_sign_in_and_come_back(client: Client, page: str) -> None:
    make("alice")

    answer = client.get(f"/account/{page}")

    assert answer.status_code == 302
    assert answer["Location"] == f"/account/login/?next=/account/{page}"


@pytest.mark.parametrize(
    "page",
    [
        "login/",
        "signup/",
        "password/reset/",
        "password/reset/done/",
        "inactive/",
        "confirm-email/",
        "confirm-email/bad/",
    ],
)
def test_every_page_of_the_way_in_is_ours(client: Client, page: str) -> None:
    answer = client.get(f"/account/{page}")

    assert answer.status_code == 200
    assert "ui/main.css" in answer.content.decode()


def test_a_second_step_is_set_up_asked_for_and_stored_encrypted(client: Client) -> None:
    make("alice")
    sign_in(client)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    form = client.get("/account/2fa/totp/activate/").context["form"]
    client.post("/account/2fa/totp/activate/", {"code": code_of_app(form.secret)})

    stored = Authenticator.objects.get(type="totp").data["secret"]
    assert form.secret not in stored
    assert client.get("/account/2fa/").status_code == 200
    assert client.get("/account/2fa/recovery-codes/").status_code == 200
    later = sign_in(Client())
    assert later["Location"].startswith("/account/2fa/authenticate/")
