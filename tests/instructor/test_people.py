"""The pages about people: forms, lists, pages of many learners."""

from __future__ import annotations

import re
from collections.abc import Callable
from http import HTTPStatus

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lykeion.accounts import api as accounts
from lykeion.accounts.models import User
from lykeion.accounts.types import Role
from lykeion.catalog import api as catalog
from lykeion.catalog import inviting, rostering
from lykeion.catalog.models import Enrolment
from lykeion.core.clock import now
from lykeion.core.keys import CourseLocator
from lykeion.teaching.api import deeds
from lykeion.teaching.types import Teacher

Browse = Callable[[str], Client]


def _crowd(run: CourseLocator, count: int, begin: str = "u") -> list[int]:
    people = User.objects.bulk_create(
        User(username=f"{begin}{one:03}", username_key=f"{begin}{one:03}", email=f"{begin}{one:03}@example.org")
        for one in range(count)
    )
    common = {"run_id": catalog.run(run).id, "mode": "audit", "created": now(), "modified": now()}
    Enrolment.objects.bulk_create(Enrolment(user=one, name_key=one.username_key, **common) for one in people)
    return [one.pk for one in people]


def _url(name: str, run: CourseLocator, **more: object) -> str:
    return reverse(f"instructor:{name}", kwargs={"run": run, **more})


def test_everybody_is_on_exactly_one_page(as_person: Browse, run: CourseLocator) -> None:
    _crowd(run, 118)
    client, seen, address = as_person("staff"), [], _url("learners", run)

    while address:
        page = client.get(address).context["page"]
        seen.append([one.username for one in page.learners])
        address = f"{_url('learners', run)}?after={page.after}" if page.after else ""

    assert [len(names) for names in seen] == [50, 50, 20]
    assert [name for names in seen for name in names] == ["alice", "dora", *(f"u{one:03}" for one in range(118))]
    back = client.get(_url("learners", run), {"before": "u098"}).context["page"]
    assert (back.learners[0].username, back.learners[-1].username) == ("u048", "u097")


def test_names_are_words_on_the_list_whatever_is_in_them(as_person: Browse, run: CourseLocator) -> None:
    User.objects.filter(username="alice").update(full_name="<script>x</script> @@email@@ & {{ run }}")

    page = as_person("staff").get(_url("learners", run)).content.decode()

    assert "&lt;script&gt;x&lt;/script&gt; @@email@@ &amp; {{ run }}</span>" in page
    assert "<script>x" not in page


def test_learners_are_found_by_name_track_cohort_and_role(as_person: Browse, run: CourseLocator) -> None:
    catalog.set_mode(run, "audit")
    catalog.set_mode(run, "verified")
    catalog.set_cohorted(run, True, at=now())
    catalog.make_cohort(run, "Mornings", at=now())
    catalog.add_to_cohort(run, "Mornings", ["dora"], at=now())
    alice = accounts.find_person("alice")
    assert alice is not None
    catalog.enrol(alice.id, run, at=now(), mode="verified", by=alice.id)
    accounts.grant_role(alice.id, Role.BETA_TESTER, org=str(run.org), run=run)
    client = as_person("data")

    def found(**asked: str) -> list[str]:
        page = client.get(_url("learners", run), asked).context["page"]
        return [one.username for one in page.learners]

    assert found() == ["alice", "dora"]
    assert found(text="DORA@ex") == ["dora"]
    assert found(mode="verified") == ["alice"]
    assert found(cohort="Mornings") == ["dora"]
    assert found(role="beta_testers") == ["alice"]
    assert found(text="zz") == []
    assert found(text="example.org dor") == ["dora"]
    assert found(text="@") == []


def test_who_is_looked_for_costs_few_queries_however_many_are_called_so(
    as_person: Browse, run: CourseLocator, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, there = as_person("data"), _url("learners", run)
    _crowd(run, 60)

    def asked(few: int) -> tuple[int, list[str]]:
        monkeypatch.setattr(rostering, "FEW", few)
        with CaptureQueriesContext(connection) as queries:
            page = client.get(there, {"text": "example u00"}).context["page"]
        return len(queries), [one.username for one in page.learners]

    ten = [f"u00{number}" for number in range(10)]
    assert [asked(few)[1] for few in (500, 30, 2)] == [ten] * 3
    assert asked(500)[0] == asked(30)[0] == asked(2)[0]


@pytest.mark.parametrize("name", ["learners", "team", "cohorts"])
def test_many_learners_cost_no_more_queries(as_person: Browse, run: CourseLocator, name: str) -> None:
    client = as_person("admin")
    catalog.set_cohorted(run, True, at=now())
    catalog.make_cohort(run, "Mornings", at=now())
    client.get(_url(name, run))

    with CaptureQueriesContext(connection) as few:
        client.get(_url(name, run))
    for user_id in _crowd(run, 30):
        accounts.grant_role(user_id, Role.BETA_TESTER, org=str(run.org), run=run)
    catalog.add_to_cohort(run, "Mornings", [f"u{one:03}" for one in range(30)], at=now())
    with CaptureQueriesContext(connection) as many:
        client.get(_url(name, run))

    assert len(many) == len(few)


def test_one_learner_is_unenrolled_and_had_back(as_person: Browse, run: CourseLocator) -> None:
    client = as_person("staff")

    gone = client.post(_url("learner_unenrol", run) + "?text=exam", {"name": "alice"}, follow=True)

    assert [one.username for one in gone.context["page"].learners] == ["dora"]
    assert "alice is unenrolled" in gone.content.decode()
    number = gone.context["undo"]["list"].id
    assert gone.redirect_chain[-1][0].endswith(f"/learners?text=exam&done={number}")
    back = client.post(_url("list_undo", run, number=number), {"next": "learners"}, follow=True)
    assert [one.username for one in back.context["page"].learners] == ["alice", "dora"]


def test_a_track_is_changed(as_person: Browse, run: CourseLocator, teacher: Callable[..., Teacher]) -> None:
    catalog.set_mode(run, "audit")
    catalog.set_mode(run, "verified")
    alice = accounts.find_person("alice")
    assert alice is not None
    client = as_person("staff")

    client.post(_url("learner_track", run), {"user": alice.id, "mode": "verified"})
    wrong = client.post(_url("learner_track", run), {"user": alice.id, "mode": "gold"})

    assert catalog.run_and_enrolment(run, alice.id)[1].mode == "verified"  # type: ignore[union-attr]
    assert (wrong.status_code, "gold" in wrong.content.decode()) == (HTTPStatus.UNPROCESSABLE_ENTITY, True)
    assert [(deed.what, deed.details) for deed in deeds.log(teacher())[0]] == [
        ("track", {"was": "audit", "mode": "verified"})
    ]


def test_who_names_a_track_that_is_not_there_is_told_those_that_are(as_person: Browse, run: CourseLocator) -> None:
    file = SimpleUploadedFile("people.csv", b"username,mode\ndan,gold\n")

    preview = as_person("staff").post(_url("enrol", run), {"do": "enrol", "file": file}, follow=True)

    assert "The tracks of the course: audit." in preview.content.decode()


def test_a_file_is_looked_at_then_done_then_reported(as_person: Browse, run: CourseLocator) -> None:
    client = as_person("staff")
    file = SimpleUploadedFile("people.csv", b"username,email\ndan,\n,=cmd@example.org\nnobody,\n")

    preview = client.post(_url("enrol", run), {"do": "enrol", "file": file, "reason": "late"}, follow=True)

    number = preview.context["list"].id
    text = preview.content.decode()
    assert ("Do it for 2 lines" in text, "Something is wrong with 1 line" in text) == (True, True)
    assert catalog.learners(run) == 2
    wrong = client.get(_url("list", run, number=number), {"code": "wrong"})
    assert [line.entry for line, _word in wrong.context["lines"]] == ["nobody"]
    report = client.post(_url("list_go", run, number=number), follow=True)
    assert "Report as a CSV file" in report.content.decode()
    assert catalog.learners(run) == 3
    rows = b"".join(client.get(_url("list_file", run, number=number)).streaming_content).decode()  # type: ignore[attr-defined]
    assert rows.splitlines()[1:] == [
        "2,dan,dan,Enrolled,enrolled,",
        "3,'=cmd@example.org,,Invited,invited,",
        "4,nobody,,Nobody here has this user name; an e-mail address would have an @,unknown,",
    ]


def test_a_form_with_a_slip_keeps_what_was_typed(as_person: Browse, run: CourseLocator) -> None:
    client = as_person("staff")

    empty = client.post(_url("enrol", run), {"do": "unenrol", "names": " ", "reason": "moved away"})

    text = empty.content.decode()
    assert empty.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert ("moved away" in text, 'id="names-error"' in text, 'value="unenrol" checked' in text) == (True, True, True)


def test_a_list_of_cohorts_is_not_for_another_course(as_person: Browse, run: CourseLocator) -> None:
    client = as_person("staff")

    assert client.get(_url("list", run, number=999)).status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def test_invitations_are_listed_and_withdrawn(as_person: Browse, run: CourseLocator) -> None:
    for one in range(60):
        catalog.allow(f"p{one}@example.org", run, at=now(), auto_enroll=True)
    client = as_person("staff")

    first = client.get(_url("invitations", run))
    rest = client.get(_url("invitations", run), {"before": first.context["next"]})
    client.post(_url("withdraw", run), {"email": "p7@example.org"})

    assert (len(first.context["invitations"]), len(rest.context["invitations"])) == (50, 10)
    left = client.get(_url("invitations", run), {"text": "p7@"})
    assert left.context["invitations"] == []


def test_a_part_of_an_address_is_looked_for_in_so_many_invitations_at_once(
    as_person: Browse, run: CourseLocator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inviting, "LOOKED", 4)
    for one in range(9):
        catalog.allow(f"p{one}@example.org", run, at=now(), auto_enroll=True)
    client = as_person("staff")

    found, following = [], "0"
    for _page in range(3):
        page = client.get(_url("invitations", run), {"text": "p1@", "before": following})
        found.append([one.email for one in page.context["invitations"]])
        following = page.context["next"]
    first = client.get(_url("invitations", run), {"text": "p1@"}).content.decode()
    last = page.content.decode()

    assert found == [[], ["p1@example.org"], []]
    assert following == 0
    assert ("No such address so far" in first, 'rel="next"' in first) == (True, True)
    assert ("No further such address is invited" in last, 'rel="next"' in last) == (True, False)


def test_roles_are_given_and_taken_but_for_the_last_admin(
    as_person: Browse, run: CourseLocator, teacher: Callable[..., Teacher]
) -> None:
    client = as_person("admin")
    admin, dan = (accounts.find_person(name) for name in ("admin", "dan"))
    assert admin is not None
    assert dan is not None

    client.post(_url("team_give", run), {"name": "dan@example.org", "role": "data_researcher"})
    unknown = client.post(_url("team_give", run), {"name": "nobody", "role": "staff"})
    forbidden = client.post(_url("team_give", run), {"name": "dan", "role": "beta_testers"})
    last = client.post(_url("team_take", run), {"user": admin.id, "role": "instructor"})

    assert accounts.roles(dan.id, str(run.org), run) == {Role.DATA_RESEARCHER}
    assert "Nobody here is called" in unknown.content.decode()
    assert forbidden.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "is the only admin" in last.content.decode()
    assert accounts.roles(admin.id, str(run.org), run) >= {Role.INSTRUCTOR}
    client.post(_url("team_give", run), {"name": "dan", "role": "instructor"})
    left = client.post(_url("team_take", run), {"user": admin.id, "role": "instructor"})
    assert left["Location"] == reverse("course_home", args=[run])
    assert [deed.what for deed in deeds.log(teacher("dan"))[0]] == ["role_taken", "role_given", "role_given"]


def test_cohorts_are_switched_on_made_changed_filled_and_deleted(as_person: Browse, run: CourseLocator) -> None:
    client = as_person("staff")

    client.post(_url("cohorts_switch", run), {"on": "yes"})
    client.post(_url("cohort_make", run), {"name": "Mornings", "kind": "manual", "group": ""})
    taken = client.post(_url("cohort_make", run), {"name": "Mornings", "kind": "manual"})
    cohort = catalog.cohorts(run)[0]
    client.post(_url("cohort_add", run, number=cohort.id), {"names": "alice"})
    kept = client.post(_url("cohort_delete", run, number=cohort.id))
    client.post(_url("cohort_change", run, number=cohort.id), {"name": "Early", "kind": "automatic", "group": ""})

    assert catalog.run(run).cohorted
    assert "There is a cohort" in taken.content.decode()
    assert "has members" in kept.content.decode()
    assert [(one.name, one.automatic, one.members) for one in catalog.cohorts(run)] == [("Early", True, 1)]
    alice = accounts.find_person("alice")
    assert alice is not None
    client.post(_url("cohort_remove", run, number=cohort.id), {"user": alice.id})
    client.post(_url("cohort_delete", run, number=cohort.id))
    assert catalog.cohorts(run) == ()


@pytest.mark.parametrize(
    ("ticks", "words"),
    [
        ({}, "Nobody is enrolled by this"),
        ({"auto_enrol": "on"}, "New beta testers are enrolled, too"),
        ({"auto_enrol": "on", "do": "take"}, "Who takes the course goes on taking it"),
    ],
)
def test_a_list_of_testers_promises_what_was_ticked(
    as_person: Browse, run: CourseLocator, ticks: dict[str, str], words: str
) -> None:
    address = reverse("instructor:testers", args=[run])

    page = as_person("staff").post(address, {"names": "dan alice", **ticks}, follow=True).content.decode()

    said = re.findall(r'<ul class="people-settings" role="list">(.*?)</ul>', page, re.DOTALL)
    assert said == [f"<li>{words}</li>"]
