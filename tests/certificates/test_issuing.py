"""From a grade to a certificate and back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.conf import settings
from pytest_django import DjangoAssertNumQueries

from lykeion.accounts import api as accounts
from lykeion.accounts.models import User
from lykeion.accounts.types import Role
from lykeion.catalog import api as catalog
from lykeion.catalog.types import Run
from lykeion.certificates import api, issuing, models
from lykeion.certificates.types import CertificateError, NoCertificate, Standing, Status
from lykeion.core.clock import now
from lykeion.jobs import api as jobs
from tests.catalog.test_seats import at_once
from tests.certificates.conftest import learner, offer, score


def only(run: Run) -> models.Certificate:
    """The one certificate that there is."""
    return models.Certificate.objects.get(run_id=run.id)


def test_who_passes_gets_one_and_loses_it_when_the_grade_falls(run: Run, alice: int) -> None:
    score(run, alice, 1.0)
    given = only(run)
    score(run, alice, 0.0)
    lost = only(run)
    score(run, alice, 0.8)

    assert (given.status, given.grade, given.mode, given.name) == ("downloadable", 1.0, "honor", "Alice")
    assert (lost.status, lost.uuid) == ("notpassing", given.uuid)
    assert (only(run).status, only(run).grade, only(run).uuid) == ("downloadable", 0.8, given.uuid)


def test_who_does_not_pass_or_takes_another_track_gets_none(run: Run, alice: int) -> None:
    score(run, alice, 0.2)
    score(run, learner(run, "dora", "audit"), 1.0)

    assert not models.Certificate.objects.exists()


def test_whoever_changes_to_a_track_with_certificates_after_passing_gets_one(run: Run) -> None:
    dora = learner(run, "dora", "audit")
    score(run, dora, 1.0)

    catalog.enrol(dora, run.key, mode="honor", by=dora, at=now())
    jobs.run_pending()

    assert only(run).status == "downloadable"


@pytest.mark.django_db(transaction=True)
def test_two_passes_at_once_give_one_certificate_and_one_event(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(issuing.events, "emit", lambda name, *args, **more: told.append(name))
    run = offer()
    alice = learner(run)
    score(run, alice, 1.0, work=False)
    rules = api.rules(run)

    at_once([lambda: issuing.settle(run, rules, alice, at=now())] * 4)

    assert models.Certificate.objects.count() == 1
    assert [name for name in told if "certificate" in name] == ["edx.certificate.created"]


@pytest.mark.django_db(transaction=True)
def test_the_tracking_log_has_the_events_of_open_edx() -> None:
    log = Path(settings.LYKEION_TRACKING_LOG)
    before = log.stat().st_size if log.exists() else 0
    run = offer()
    alice = learner(run)
    score(run, alice, 1.0)
    api.invalidate(run, alice, by=alice, notes="cheated", at=now())

    lines = [json.loads(line) for line in log.read_bytes()[before:].splitlines()]
    given, revoked = (line for line in lines if line["name"].startswith("edx.certificate"))
    assert (given["name"], revoked["name"]) == ("edx.certificate.created", "edx.certificate.revoked")
    number = only(run).uuid.hex
    assert given["event"] == {
        "user_id": alice,
        "course_id": str(run.key),
        "certificate_id": number,
        "certificate_url": f"{settings.SITE_URL}/certificates/{number}",
        "enrollment_mode": "honor",
        "generation_mode": "batch",
    }
    assert "cheated" not in json.dumps(revoked)


def test_the_list_of_exceptions_stands_in_for_the_grade_until_an_invalidation(run: Run, alice: int) -> None:
    first = api.allow(run, alice, by=alice, notes="was ill", at=now())
    again = api.allow(run, alice, by=alice, notes="was very ill", at=now())
    jobs.run_pending()
    assert (first, again, only(run).status) == (True, False, "downloadable")
    assert [one.notes for one in api.allowances(run.id, limit=10)] == ["was very ill"]

    api.invalidate(run, alice, by=alice, notes="was well", at=now())
    assert (only(run).status, api.allowances(run.id, limit=10)) == ("unavailable", [])
    with pytest.raises(CertificateError, match="invalidated"):
        api.allow(run, alice, by=alice, notes="", at=now())

    api.validate(run, alice, at=now())
    assert only(run).status == "notpassing"


def test_an_invalidation_holds_whatever_the_grade_does(run: Run, alice: int) -> None:
    score(run, alice, 1.0)
    api.invalidate(run, alice, by=alice, notes="copied", at=now())
    score(run, alice, 0.0)
    score(run, alice, 1.0)
    assert only(run).status == "unavailable"

    assert api.validate(run, alice, at=now())
    assert (only(run).status, api.validate(run, alice, at=now())) == ("downloadable", False)


def test_nobody_without_a_certificate_can_be_invalidated(run: Run, alice: int) -> None:
    with pytest.raises(CertificateError, match="nothing to invalidate"):
        api.invalidate(run, alice, by=alice, notes="x", at=now())


def test_all_who_passed_get_theirs_in_one_job_that_can_be_repeated(run: Run) -> None:
    ids = [learner(run, name) for name in ("ann", "ben", "cid")]
    dan = learner(run, "dan", "audit")
    for user_id in (*ids[:2], dan):
        score(run, user_id, 1.0)
    models.Certificate.objects.all().delete()

    results = []
    for _time in range(2):
        job = api.order_all(run.key, by=dan, title="All")
        jobs.run_pending()
        results.append(jobs.status(job).result)

    assert results == [{"issued": 2, "not_passing": 1, "mode": 1}, {"kept": 2, "not_passing": 1, "mode": 1}]
    assert api.counts(run.id) == {Status.DOWNLOADABLE: 2}


def test_anew_takes_the_name_and_grade_of_now(run: Run, alice: int) -> None:
    score(run, alice, 0.6)
    score(run, alice, 1.0)
    rename(alice, "Alice Liddell")
    assert (only(run).grade, only(run).name) == (0.6, "Alice")
    assert not api.is_current(api.find(only(run).uuid))

    api.order_all(run.key, status=Status.DOWNLOADABLE, by=alice, title="Anew")
    jobs.run_pending()

    assert (only(run).grade, only(run).name) == (1.0, "Alice Liddell")


def test_a_learner_can_renew_theirs_but_not_one_that_was_taken_back(run: Run, alice: int) -> None:
    score(run, alice, 1.0)
    rename(alice, "A. L.")
    api.renew(api.find(only(run).uuid), at=now())
    assert only(run).name == "A. L."

    api.invalidate(run, alice, by=alice, notes="x", at=now())
    with pytest.raises(CertificateError, match="not valid any more"):
        api.renew(api.find(only(run).uuid), at=now())


def test_beta_testers_and_accounts_that_are_gone(run: Run, alice: int) -> None:
    tester = learner(run, "tess")
    accounts.grant_role(tester, Role.BETA_TESTER, org=run.org, run=run.key)
    score(run, tester, 1.0)
    assert not models.Certificate.objects.exists()

    score(run, alice, 1.0)
    number = only(run).uuid
    assert api.shown(number, at=now()).certificate.name == "Alice"
    accounts.retire(alice, at=now())
    assert (only(run).name, only(run).status) == ("", "unavailable")
    with pytest.raises(NoCertificate):
        api.shown(number, at=now(), early=True)


def test_reports_read_the_standing_of_many_at_once(run: Run, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    passed, failed, audit = learner(run, "ann"), learner(run, "ben"), learner(run, "cid", "audit")
    score(run, passed, 1.0)
    score(run, audit, 1.0)
    stranger = audit + 1000

    with django_assert_num_queries(9, exact=False):
        api.standing([passed], run.id)
    with django_assert_num_queries(9, exact=False):
        found = api.standing([passed, failed, audit, stranger], run.id)

    nothing = Standing(False, False, "")
    assert found == {passed: Standing(True, True, "honor"), failed: nothing, audit: nothing, stranger: nothing}


def rename(user_id: int, name: str) -> None:
    """Gives somebody another full name."""
    User.objects.filter(pk=user_id).update(full_name=name)
