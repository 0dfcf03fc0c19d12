"""The pages of certificates, for everybody and for the learner."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from lykeion.accounts.models import User
from lykeion.catalog.types import Run
from lykeion.certificates import api, models
from lykeion.core.clock import now
from tests.certificates.conftest import alice, learner, offer, run, score

__all__ = ["alice", "run"]


def signed_in(user_id: int) -> Client:
    """A browser of somebody."""
    client = Client()
    client.force_login(User.objects.get(pk=user_id))
    return client


def number() -> str:
    """The number of the one certificate that there is."""
    return str(models.Certificate.objects.get().uuid.hex)


def test_anybody_sees_whose_it_is_of_what_and_since_when_and_nothing_else(run: Run, alice: int) -> None:
    score(run, alice, 1.0)

    page = Client().get(f"/certificates/{number()}").content.decode()

    assert "Valid" in page
    assert all(words in page for words in ("Alice", "The Waters", "Professor", "Lyceum", "Download PDF"))
    assert "alice@example.org" not in page
    assert not any(words in page for words in ("LinkedIn", "Download badge", "100"))
    assert api.address(api.find(models.Certificate.objects.get().uuid)).endswith(
        reverse("certificate", args=[number()])
    )


def test_a_certificate_taken_back_says_so_without_the_reason(run: Run, alice: int) -> None:
    score(run, alice, 1.0)
    api.invalidate(run, alice, by=alice, notes="copied from Dora", at=now())

    answer = Client().get(f"/certificates/{number()}")

    page = answer.content.decode()
    assert (answer.status_code, "not valid" in page, "took it back on" in page) == (410, True, True)
    assert ("copied" in page, "Download PDF" in page) == (False, False)
    assert Client().get(f"/certificates/{number()}/pdf").status_code == 404
    assert Client().get(f"/certificates/{number()}/status").json()["revokedCredential"][0]["revoked"] is True


@pytest.mark.django_db
def test_before_its_day_only_the_team_sees_a_certificate() -> None:
    run = offer(self_paced=False, end=(now() + timedelta(days=9)).isoformat())
    alice = learner(run)
    root = User.objects.get(pk=learner(run, "root"))
    User.objects.filter(pk=root.pk).update(is_staff=True)
    score(run, alice, 1.0)

    address = f"/certificates/{number()}"
    home = signed_in(alice).get(reverse("course_home", args=[run.key])).content.decode()
    assert [client.get(address).status_code for client in (Client(), signed_in(alice), signed_in(root.pk))] == [
        404,
        404,
        200,
    ]
    assert ("It is given out on" in home, number() in home) == (True, False)
    assert number() not in signed_in(alice).get("/dashboard").content.decode()


def test_the_learner_finds_it_on_their_pages(
    run: Run, alice: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(alice)
    progress = reverse("progress", args=[run.key])
    assert "Who passes this course gets a certificate" in client.get(progress).content.decode()
    score(run, alice, 1.0)

    pages = [client.get(address).content.decode() for address in (reverse("course_home", args=[run.key]), progress)]

    assert all("You have earned a certificate" in page and number() in page for page in pages)
    assert number() in client.get("/dashboard").content.decode()
    with django_assert_num_queries(8):
        client.get(f"/certificates/{number()}")


def test_other_tracks_are_told_that_there_is_none(run: Run) -> None:
    dora = signed_in(learner(run, "dora", "audit"))

    assert "there is no certificate" in dora.get(reverse("progress", args=[run.key])).content.decode()


def test_the_learner_can_download_share_and_renew(run: Run, alice: int) -> None:
    score(run, alice, 1.0)
    client, address = signed_in(alice), f"/certificates/{number()}"
    paper, badge = client.get(f"{address}/pdf"), client.get(f"{address}/badge")
    shared = client.get(f"{address}/share/linkedin")
    User.objects.filter(pk=alice).update(full_name="Alice Liddell")
    asked = client.get(address).content.decode()
    renewed = client.post(f"{address}/renew", follow=True).content.decode()

    assert (paper["Content-Type"], paper.content[:5]) == ("application/pdf", b"%PDF-")
    assert (badge["Content-Type"], badge.content.count(b".")) == ("application/vc+jwt", 2)
    assert shared["Location"].startswith("https://www.linkedin.com/profile/add?")
    assert "Put the new name on it" in asked
    assert ("Alice Liddell" in renewed, "Put the new name on it" in renewed) == (True, False)


@pytest.mark.parametrize(
    ("tail", "method", "visitor", "stranger"),
    [
        ("", "get", 200, 200),
        ("/pdf", "get", 200, 200),
        ("/status", "get", 200, 200),
        ("/share/linkedin", "get", 302, 302),
        ("/share/elsewhere", "get", 404, 404),
        ("/badge", "get", 302, 404),
        ("/renew", "post", 302, 404),
    ],
)
def test_what_others_may(run: Run, alice: int, tail: str, method: str, visitor: int, stranger: int) -> None:
    score(run, alice, 1.0)
    address = f"/certificates/{number()}{tail}"
    dora = signed_in(learner(run, "dora"))

    assert [getattr(client, method)(address).status_code for client in (Client(), dora)] == [visitor, stranger]


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", ["nothing", "0" * 32])
def test_numbers_that_are_none(wrong: str) -> None:
    assert [Client().get(f"/certificates/{wrong}{tail}").status_code for tail in ("", "/pdf", "/status")] == [404] * 3


def test_programs_find_the_issuer_its_key_and_what_a_badge_stands_for(run: Run) -> None:
    issuer = Client().get("/badges/issuer")
    kid = api.public_key()["kid"]
    key = Client().get(f"/badges/key/{kid}").json()
    course = Client().get(f"/badges/courses/{run.key}").json()

    assert (issuer.json()["type"], issuer["Access-Control-Allow-Origin"]) == (["Profile"], "*")
    assert (key["kid"], key["kty"], "d" in key) == (kid, "RSA", False)
    assert (course["type"], course["name"]) == (["Achievement"], "The Waters")
    assert Client().get("/badges/key/other").status_code == 404
    assert Client().get("/badges/courses/course-v1:No+No+No").status_code == 404
