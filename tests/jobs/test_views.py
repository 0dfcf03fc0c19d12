"""The page of background jobs: for those who run the site, and nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lykeion.core.clock import now
from lykeion.jobs import api, registry, urls, worker
from lykeion.jobs.types import State
from tests.factories import person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("registered")]


@pytest.fixture
def job_id() -> int:
    """A report that Bob asked for, and that was made."""

    @api.job("test.report", queue="reports", attempts=1)
    def report(payload: Any, running: api.Running) -> Any:
        running.log("<b>three</b> rows")
        with running.result_file("grades.csv") as out:
            out.write(b"a,b\n")
        running.progress(3, 3, "written")

    bob = person("bob")
    made = api.enqueue("test.report", {"secret": "s3cret"}, by=bob.id, title="Grades of Demo", about="course-v1:A+B+C")
    worker.run_pending()
    return made


@pytest.fixture
def root(client: Client) -> Client:
    """Somebody who runs the site."""
    client.force_login(person("root", is_superuser=True))
    return client


def addresses(job_id: int) -> Iterator[tuple[str, str]]:
    """Every address of the page, with its method."""
    for pattern in urls.urlpatterns:
        name = str(pattern.name)
        given = {} if name == "list" else {"job_id": job_id}
        yield reverse(f"jobs:{name}", kwargs=given), "post" if name in {"cancel", "retry"} else "get"


@pytest.mark.parametrize(("who", "gets_in"), [("root", True), ("support", True), ("alice", False), ("nobody", False)])
def test_only_the_staff_of_the_site_gets_in(client: Client, job_id: int, who: str, gets_in: bool) -> None:
    if who != "nobody":
        client.force_login(person(who, is_superuser=who == "root", is_staff=who == "support"))

    for address, method in addresses(job_id):
        answer = getattr(client, method)(address)
        if answer.streaming:
            answer.getvalue()  # to its end, which closes the file
        to_sign_in = answer.status_code == 302 and answer["Location"].startswith("/account/login/")
        if gets_in:
            assert answer.status_code in (200, 302) and not to_sign_in, address
        else:
            assert to_sign_in if who == "nobody" else answer.status_code == 403, address


def test_a_job_is_shown_with_its_log_and_file_and_without_its_payload(root: Client, job_id: int) -> None:
    page = root.get(reverse("jobs:job", args=[job_id])).content.decode()

    for words in ("Grades of Demo", "bob", "&lt;b&gt;three&lt;/b&gt; rows", "Download grades.csv", "course-v1:A+B+C"):
        assert words in page
    assert "s3cret" not in page
    assert "hx-get" not in page  # it is over
    file = root.get(reverse("jobs:file", args=[job_id]))
    assert file.getvalue() == b"a,b\n"
    assert file["Content-Disposition"] == 'attachment; filename="grades.csv"'


def test_the_list_is_filtered_and_lively_while_something_waits(root: Client, job_id: int) -> None:
    waiting = api.enqueue("test.report", {}, title="Later")

    everything = root.get(reverse("jobs:list")).content.decode()
    only_done = root.get(reverse("jobs:list"), {"state": "done", "queue": "reports"}).content.decode()
    odd = root.get(reverse("jobs:list"), {"state": "x", "queue": "y", "before": "²"})

    assert "Grades of Demo" in everything and "Later" in everything
    assert 'hx-trigger="every 3s"' in everything and "reports 1" in everything
    assert "Later" not in only_done and "hx-trigger" not in only_done
    assert odd.status_code == 200
    assert f"/jobs/{waiting}/" in odd.content.decode()


def test_a_waiting_job_is_cancelled_and_done_again(root: Client, job_id: int) -> None:
    waiting = api.enqueue("test.report", {})

    assert "Not before" in root.get(reverse("jobs:job", args=[waiting])).content.decode()
    root.post(reverse("jobs:cancel", args=[waiting]))
    assert api.status(waiting).state == State.CANCELLED
    told = root.post(reverse("jobs:cancel", args=[waiting]), follow=True).content.decode()
    assert "was over already" in told
    root.post(reverse("jobs:retry", args=[waiting]))
    assert api.status(waiting).state == State.WAITING
    assert [line.text for line in api.lines(waiting)] == ["Cancelled by root.", "Ordered again by root."]
    assert "is not kept" in root.post(reverse("jobs:retry", args=[job_id]), follow=True).content.decode()
    assert root.get(reverse("jobs:cancel", args=[waiting])).status_code == 405
    assert [root.get(reverse("jobs:job", args=[number])).status_code for number in (10**9, 10**30)] == [404, 404]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_as_little_for_many_as_for_one(
    root: Client, job_id: int, count: int, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        api.enqueue("test.report", {}, by=person(f"p{number}").id, at=now())

    with django_assert_num_queries(5, exact=False):  # session, user, jobs, people, what waits
        root.get(reverse("jobs:list"))


def test_every_job_of_ours_has_words_for_people() -> None:
    ours = [name for name in registry._kinds if not name.startswith("test.")]

    assert [name for name in ours if not registry.titled(name)] == []
    assert (len(ours) > 20, registry.titled("teaching.drop_file")) == (
        True,
        "Removes files of grades whose time is over",
    )
