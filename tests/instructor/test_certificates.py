"""The pages of the team about certificates."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from lykeion.accounts.models import User
from lykeion.catalog.types import Run
from lykeion.certificates import models
from lykeion.core.clock import now
from lykeion.jobs import api as jobs
from lykeion.teaching.types import Teacher
from tests.certificates.conftest import alice, learner, run, score
from tests.teaching.test_certificates import admin

__all__ = ["admin", "alice", "run"]


@pytest.fixture
def bob(admin: Teacher) -> Client:
    """The browser of the admin."""
    client = Client()
    client.force_login(User.objects.get(pk=admin.person.id))
    return client


def at(run: Run, name: str = "certificates") -> str:
    """The address of a page."""
    return reverse(f"instructor:{name}", args=[run.key])


def test_the_way_of_a_certificate(bob: Client, run: Run, alice: int) -> None:
    score(run, alice, 1.0)
    models.Certificate.objects.all().delete()
    empty = bob.get(at(run)).content.decode()
    bob.post(at(run, "certificates_generate"))
    running = bob.get(at(run, "certificates_progress")).content.decode()
    jobs.run_pending()
    done = bob.get(at(run)).content.decode()
    odd = bob.post(at(run, "certificates_invalidate"), {"who": "alice", "notes": ""})
    bob.post(at(run, "certificates_invalidate"), {"who": "alice", "notes": "copied"})
    twice = bob.post(at(run, "certificates_invalidate"), {"who": "alice", "notes": "copied again"})
    taken = bob.get(at(run), {"who": "alice", "status": "unavailable"}).content.decode()
    back = bob.post(at(run, "certificates_validate"), {"user": alice}, follow=True).content.decode()

    assert "No certificates here" in empty
    assert ('hx-trigger="every 2s"' in running, 'hx-trigger="every 2s"' in done) == (True, False)
    assert ("given: 1" in done, "Alice" in done) == (True, True)
    assert (odd.status_code, "Say why" in odd.content.decode()) == (422, True)
    assert (twice.status_code, "nothing to invalidate" in twice.content.decode()) == (422, True)
    assert 'value="copied again"' in twice.content.decode()
    assert ("copied" in taken, "Make valid again" in taken) == (True, True)
    assert ("Make valid again" in back, "the certificate follows the grade" in back) == (False, True)


def test_the_list_of_exceptions(bob: Client, run: Run, alice: int) -> None:
    learner(run, "dora")
    wrong = bob.post(at(run, "certificates_add"), {"who": "nobody"})
    one = bob.post(at(run, "certificates_add"), {"who": "alice", "notes": "was ill"}, follow=True).content.decode()
    file = SimpleUploadedFile("list.csv", b"\xef\xbb\xbfdora,late\nnobody\n")
    seen = bob.post(at(run, "certificates_file"), {"file": file})
    text = seen.context["text"]
    done = bob.post(at(run, "certificates_file"), {"confirmed": "yes", "text": text}).content.decode()
    bob.post(at(run, "certificates_remove"), {"user": alice})
    left = bob.get(at(run, "certificates_exceptions")).content.decode()

    assert (wrong.status_code, "Nobody here is called" in wrong.content.decode()) == (422, True)
    assert ("was ill" in one, "alice" in one) == (True, True)
    assert "1 learner goes on the list" in seen.content.decode()
    assert "Nobody here has this name" in done
    assert ("dora" in left, "was ill" in left) == (True, False)


@pytest.mark.parametrize(
    ("sent", "words"),
    [({}, "Choose a file"), ({"file": SimpleUploadedFile("x.csv", b"\xff\xfe\x00")}, "UTF-8")],
)
def test_files_that_cannot_be_read(bob: Client, run: Run, sent: dict[str, SimpleUploadedFile], words: str) -> None:
    answer = bob.post(at(run, "certificates_file"), sent)

    assert (answer.status_code, words in answer.content.decode()) == (422, True)


def test_the_design_is_shown_as_learners_will_see_it(bob: Client, run: Run) -> None:
    page = bob.get(at(run, "certificates_preview")).content.decode()

    assert all(words in page for words in ("In use", "The Waters", "Professor", "at once"))


def test_more_certificates_cost_no_more_queries(
    bob: Client, run: Run, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    def give(number: int) -> None:
        models.Certificate.objects.create(
            user_id=learner(run, f"learner{number}"), run_id=run.id, status="downloadable", mode="honor", name="L",
            issued=now(), modified=now(),
        )  # fmt: skip

    give(0)
    bob.get(at(run))
    with CaptureQueriesContext(connection) as of_one:
        bob.get(at(run))
    for number in range(1, 30):
        give(number)

    with django_assert_num_queries(len(of_one)):
        bob.get(at(run))


def test_older_ones_are_a_page_away(bob: Client, run: Run) -> None:
    models.Certificate.objects.bulk_create(
        models.Certificate(
            user_id=1000 + number, run_id=run.id, status="downloadable", mode="honor", name=f"L{number:02}",
            issued=now(), modified=now(),
        )
        for number in range(60)
    )  # fmt: skip

    first = bob.get(at(run))
    second = bob.get(at(run), {"before": first.context["next"]})

    assert [len(page.context["lines"]) for page in (first, second)] == [50, 10]
    assert second.context["next"] == 0
