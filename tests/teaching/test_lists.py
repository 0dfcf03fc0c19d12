"""Lists of people: what is to become of each line, what became of it, taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from pytest_django import Settings

from lykeion.accounts import api as accounts
from lykeion.accounts.models import User
from lykeion.accounts.types import Role
from lykeion.catalog import api as catalog
from lykeion.core.clock import now
from lykeion.core.keys import CourseLocator
from lykeion.jobs import api as jobs
from lykeion.teaching.api import columns, deeds, lists
from lykeion.teaching.models import Deed, PeopleLine
from lykeion.teaching.people import lists as people
from lykeion.teaching.types import FieldError, NotAllowed, Teacher, TeachingError
from tests.learn.conftest import person
from tests.teaching.test_gradebook import whose

Enter = Callable[..., Teacher]


def _codes(teacher: Teacher, number: int) -> dict[str, str]:
    return {line.entry: line.code for line in lists.lines(teacher, number)[0]}


def _enrolled(run: CourseLocator, name: str) -> str:
    """The track in which somebody takes the course, '' when they do not."""
    found = accounts.find_person(name)
    assert found is not None
    _run, enrolment = catalog.run_and_enrolment(run, found.id)
    return enrolment.mode if enrolment is not None and enrolment.is_active else ""


def test_a_list_says_what_it_would_do_and_does_nothing_yet(teacher: Enter, run: CourseLocator) -> None:
    text = "dan\nalice, dan@example.org;new@example.org\nnobody\nnot@an@address"

    number = lists.from_names(teacher("staff"), "enrol", text, {}, at=now())

    assert _codes(teacher("staff"), number) == {
        "dan": "enrol",
        "alice": "already",
        "dan@example.org": "twice",
        "new@example.org": "invite",
        "nobody": "unknown",
        "not@an@address": "bad_address",
    }
    assert _enrolled(run, "dan") == ""


def test_people_are_enrolled_and_addresses_invited_and_all_is_taken_back(teacher: Enter, run: CourseLocator) -> None:
    catalog.set_mode(run, "audit")
    catalog.set_mode(run, "verified")
    options = {"mode": "verified", "auto_enrol": True, "reason": "late"}
    number = lists.from_names(teacher(), "enrol", "dan alice new@example.org nobody", options, at=now())

    done = lists.go(teacher(), number, at=now())

    assert done.counts == {"enrolled": 1, "track": 1, "invited": 1, "unknown": 1}
    assert (_enrolled(run, "dan"), _enrolled(run, "alice")) == ("verified", "verified")
    assert [one.email for one in catalog.invitations(catalog.run(run).id, text="", before=0, limit=9)[0]] == [
        "new@example.org"
    ]
    told = {(deed.what, deed.reason) for deed in deeds.log(teacher())[0]}
    assert told == {("enrol", "late"), ("track", "late"), ("invite", "late"), ("list_done", "")}

    undone = lists.undo(teacher(), number, at=now())

    assert undone.counts == {"undone": 3, "unknown": 1}
    assert (_enrolled(run, "dan"), _enrolled(run, "alice")) == ("", "audit")
    assert catalog.invitations(catalog.run(run).id, text="", before=0, limit=9) == ([], False)
    with pytest.raises(TeachingError):
        lists.undo(teacher(), number, at=now())


def test_who_was_invited_is_enrolled_in_that_track_once_the_address_is_proved(
    teacher: Enter, run: CourseLocator
) -> None:
    catalog.set_mode(run, "audit")
    catalog.set_mode(run, "verified")
    options = {"mode": "verified", "auto_enrol": True}
    lists.done_at_once(teacher(), "enrol", "eve@example.org", options, at=now())

    person("eve")

    assert _enrolled(run, "eve") == "verified"


def test_an_address_that_was_only_typed_is_not_its_owners(teacher: Enter, run: CourseLocator) -> None:
    accounts.create_person(username="mallory", email="eve@example.org", password="x", confirmed=False)

    lists.done_at_once(teacher(), "enrol", "eve@example.org", {"auto_enrol": True}, at=now())

    assert _enrolled(run, "mallory") == ""


def test_a_file_names_its_columns_and_a_line_its_track(teacher: Enter, run: CourseLocator) -> None:
    catalog.set_mode(run, "audit")
    catalog.set_mode(run, "verified")
    raw = "\ufeffUsername;E-mail;Track\r\ndan;x@example.org;verified\r\n;new@example.org;\r\nalice;;gold\r\n".encode()

    number = lists.from_file(teacher(), "enrol", raw, {}, at=now())
    lists.go(teacher(), number, at=now())

    found, _more = lists.lines(teacher(), number)
    assert [(line.number, line.entry, line.code) for line in found] == [
        (2, "dan", "enrolled"),
        (3, "new@example.org", "invited"),
        (4, "alice", "no_track"),
    ]
    assert _enrolled(run, "dan") == "verified"


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "nobody in it"),
        (b"username,shoe size\ndan,44\n", "shoe size"),
        (b"first,last\na,b\n", "The first line names the columns"),
        (b"x\n" * 20_001, "at most 20000 lines"),
        (b'username,mode\ndan,"' + b"x" * 200_000, "no CSV file"),
        (b"username," + b"x" * 200_000, "no CSV file"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(teacher: Enter, raw: bytes, words: str) -> None:
    with pytest.raises(FieldError, match=words):
        lists.from_file(teacher(), "enrol", raw, {}, at=now())


def test_unenrolled_people_keep_their_work_and_come_back_in_their_track(teacher: Enter, run: CourseLocator) -> None:
    catalog.allow("new@example.org", run, at=now())
    options = {"notify": True}
    number = lists.from_names(teacher(), "unenrol", "alice new@example.org dan", options, at=now())

    done = lists.go(teacher(), number, at=now())

    assert done.counts == {"unenrolled": 1, "uninvited": 1, "not_enrolled": 1}
    assert _enrolled(run, "alice") == ""
    jobs.run_pending()
    assert [(sent.to, sent.subject) for sent in mail.outbox] == [
        (["alice@example.org"], "You are no longer enrolled in Waters"),
        (["new@example.org"], "You are no longer invited to Waters"),
    ]
    lists.undo(teacher(), number, at=now())
    assert _enrolled(run, "alice") == "audit"


def test_a_long_list_is_looked_at_by_a_job_with_progress(teacher: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "LOOKED_AT_ONCE", 3)
    monkeypatch.setattr(people, "_AT_ONCE", 2)
    seen: list[tuple[str, int]] = []
    tell = people._tell

    def told(running: Any, done: int, total: int) -> None:
        seen.append((lists.the_list(teacher(), number).phase, lists.the_list(teacher(), number).done))
        tell(running, done, total)

    monkeypatch.setattr(people, "_tell", told)
    number = lists.from_names(teacher(), "enrol", "dan alice ghost x@y.org dan", {}, at=now())
    begun, too_early = lists.the_list(teacher(), number), lists.go(teacher(), number, at=now())
    none_yet = lists.lines(teacher(), number)

    jobs.run_pending()

    ready = lists.the_list(teacher(), number)
    assert (begun.phase, begun.is_busy, begun.counts, none_yet) == ("looking", True, {}, ([], False))
    assert too_early.phase == "looking"
    assert seen == [("looking", 2), ("looking", 4), ("looking", 5)]
    assert (ready.phase, ready.counts) == ("draft", {"enrol": 1, "already": 1, "unknown": 1, "invite": 1, "twice": 1})


def test_a_look_that_was_cut_off_goes_on(teacher: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "LOOKED_AT_ONCE", 1)
    monkeypatch.setattr(people, "_AT_ONCE", 1)
    number = lists.from_names(teacher(), "enrol", "dan dan alice", {}, at=now())
    first = PeopleLine.objects.order_by("pk").first()
    assert first is not None
    PeopleLine.objects.filter(pk=first.pk).update(plan="enrol", user_id=whose("dan"))  # so far it came

    jobs.run_pending()

    assert lists.the_list(teacher(), number).counts == {"enrol": 1, "twice": 1, "already": 1}


def test_beta_testers_come_and_go_by_list(teacher: Enter, run: CourseLocator) -> None:
    number = lists.from_names(teacher("staff"), "beta", "dan beta nobody no@one.org", {"auto_enrol": True}, at=now())

    done = lists.go(teacher("staff"), number, at=now())

    dan = accounts.find_person("dan")
    assert dan is not None
    assert done.counts == {"given": 1, "already": 1, "unknown": 1, "nobody": 1}
    assert accounts.roles(dan.id, str(run.org), run) == {Role.BETA_TESTER}
    assert _enrolled(run, "dan") == "audit"
    lists.undo(teacher("staff"), number, at=now())
    assert (accounts.roles(dan.id, str(run.org), run), _enrolled(run, "dan")) == (frozenset(), "")
    lists.done_at_once(teacher("staff"), "beta", "dan", {}, at=now())
    gone = lists.done_at_once(teacher("staff"), "beta", "dan", {"remove": True}, at=now())
    assert gone.counts == {"taken_away": 1}
    assert accounts.roles(dan.id, str(run.org), run) == frozenset()


def test_cohorts_by_file_the_user_name_first(teacher: Enter, run: CourseLocator) -> None:
    for name in ("Mornings", "Evenings"):
        catalog.make_cohort(run, name, at=now())
    catalog.add_to_cohort(run, "Mornings", ["dora"], at=now())
    raw = (
        b"username,email,cohort\nalice,dora@example.org,Evenings\n,dora@example.org,Evenings\n"
        b",x@y.org,Mornings\ndan,,Nights\nbob,,\n"
    )
    number = lists.from_file(teacher(), "cohort", raw, {}, at=now())
    planned = _codes(teacher(), number)

    done = lists.go(teacher(), number, at=now())

    told = {"alice": "place", "dora@example.org": "move", "x@y.org": "preassign", "dan": "no_cohort"}
    assert planned == {**told, "bob": "cohortless"}
    assert done.counts == {"placed": 1, "moved": 1, "preassigned": 1, "no_cohort": 1, "cohortless": 1}
    assert {one.name: one.members for one in catalog.cohorts(run)} == {"Evenings": 2, "Mornings": 0}
    lists.undo(teacher(), number, at=now())
    assert {one.name: one.members for one in catalog.cohorts(run)} == {"Evenings": 0, "Mornings": 1}


def test_new_accounts_have_no_password_until_their_owner_sets_one(teacher: Enter, run: CourseLocator) -> None:
    raw = (
        b"username,email,name\nfred,fred@example.org,Fred Flint\nalice,alice2@example.org,\n"
        b",x@y.org,\nalice,alice@example.org,\n"
    )
    number = lists.from_file(teacher("root"), "register", raw, {}, at=now())
    planned = [line.code for line in lists.lines(teacher("root"), number)[0]]

    done = lists.go(teacher("root"), number, at=now())

    assert planned == ["register", "taken", "empty", "already"]
    assert done.counts == {"registered": 1, "taken": 1, "empty": 1, "already": 1}
    fred = User.objects.get(username="fred")
    assert (fred.has_usable_password(), fred.full_name, _enrolled(run, "fred")) == (False, "Fred Flint", "audit")
    assert not accounts.has_confirmed(fred.pk, "fred@example.org")
    jobs.run_pending()
    link = next(word for word in mail.outbox[0].body.split() if "/password/reset/key/" in word)
    _set_password(link)
    fred.refresh_from_db()
    assert fred.check_password("a longer secret")
    assert accounts.has_confirmed(fred.pk, "fred@example.org")


def _set_password(link: str) -> None:
    browser = Client()
    form = browser.get("/" + link.split("/", 3)[3], follow=True)
    address = form.redirect_chain[-1][0]
    answer = browser.post(address, {"password1": "a longer secret", "password2": "a longer secret"})
    assert answer.status_code == 302


def test_admins_make_accounts_only_where_the_site_lets_them(teacher: Enter, settings: Settings) -> None:
    raw = b"username,email\nfred,fred@example.org\n"
    with pytest.raises(NotAllowed):
        lists.from_file(teacher("admin"), "register", raw, {}, at=now())

    settings.LYKEION_TEACHERS_REGISTER = True

    assert lists.from_file(teacher("admin"), "register", raw, {}, at=now())
    with pytest.raises(NotAllowed):
        lists.from_file(teacher("staff"), "register", raw, {}, at=now())


def test_a_long_list_is_a_job_that_goes_on_where_it_stopped(teacher: Enter, run: CourseLocator) -> None:
    User.objects.bulk_create(
        User(username=f"u{number}", username_key=f"u{number}", email=f"u{number}@example.org") for number in range(120)
    )
    raw = "username\n" + "\n".join(f"u{number}" for number in range(120))
    number = lists.from_file(teacher(), "enrol", raw.encode(), {}, at=now())
    PeopleLine.objects.filter(people_id=number, entry__in=["u0", "u1"]).update(outcome="enrolled")  # a worker died

    ordered = lists.go(teacher(), number, at=now())
    jobs.run_pending()

    done = lists.the_list(teacher(), number)
    assert (ordered.phase, done.phase, done.done, done.counts) == ("ordered", "done", 120, {"enrolled": 120})
    assert catalog.learners(run) == 2 + 118
    lists.work_on(number)
    assert Deed.objects.filter(what="enrol").count() == 118


def test_who_lost_the_role_meanwhile_changes_nothing(teacher: Enter, run: CourseLocator) -> None:
    names = " ".join(f"x{number}@example.org" for number in range(60))
    number = lists.from_names(teacher("staff"), "enrol", names, {}, at=now())
    lists.go(teacher("staff"), number, at=now())
    staff = accounts.find_person("staff")
    assert staff is not None
    accounts.revoke_role(staff.id, Role.STAFF, org=str(run.org), run=run)

    jobs.run_pending()

    found = lists.the_list(teacher(), number)
    assert (found.phase, found.done) == ("refused", 0)
    assert catalog.invitations(catalog.run(run).id, text="", before=0, limit=9) == ([], False)


def test_lists_forget_who_deletes_their_account(teacher: Enter) -> None:
    number = lists.from_names(teacher(), "enrol", "dan dora", {}, at=now())
    dan = accounts.find_person("dan")
    assert dan is not None

    accounts.retire(dan.id, at=now())

    assert _codes(teacher(), number) == {"dora": "already"}


def test_words_about_a_learner_go_with_their_account_what_was_done_stays(teacher: Enter) -> None:
    admin, alice = teacher(), accounts.find_person("alice")
    assert alice is not None
    column = columns.add(admin, "Oral", shown=False, at=now())
    columns.put(admin, column.id, alice.id, "was ill", at=now())
    deeds.record(admin, "extend", about=alice.id, reason="In hospital", details={"to": "2030"}, at=now())

    accounts.retire(alice.id, at=now())

    assert columns.marks([column], [alice.id]) == {}
    rows = Deed.objects.filter(about_id=alice.id).order_by("id").values_list("what", "reason", "details")
    assert list(rows) == [("mark", "", {}), ("extend", "", {"to": "2030"})]


def test_a_list_whose_work_stopped_goes_on(teacher: Enter, run: CourseLocator) -> None:
    names = " ".join(f"x{number}@example.org" for number in range(60))
    number = lists.from_names(teacher(), "enrol", names, {}, at=now())
    lists.go(teacher(), number, at=now())
    for waiting in jobs.latest(lists.WORK):
        jobs.cancel(waiting.id, at=now())
    stopped = lists.the_list(teacher(), number)

    lists.go_on(teacher(), number, at=now())
    jobs.run_pending()

    assert (stopped.phase, lists.the_list(teacher(), number).phase) == ("stopped", "done")
    assert catalog.invited_among(catalog.run(run).id, ["x0@example.org", "x59@example.org"]) == {
        "x0@example.org",
        "x59@example.org",
    }


def test_what_happened_in_between_is_not_taken_back(teacher: Enter, run: CourseLocator) -> None:
    done = lists.done_at_once(teacher(), "enrol", "eve@example.org", {"auto_enrol": True}, at=now())
    person("eve")

    undone = lists.undo(teacher(), done.id, at=now())

    assert undone.counts == {"not_undone": 1}
    assert _enrolled(run, "eve") == "audit"


def test_people_are_told_by_mail_if_the_teacher_wants_it(teacher: Enter, run: CourseLocator) -> None:
    options = {"notify": True, "auto_enrol": True}
    number = lists.from_names(teacher(), "enrol", "dan alice new@example.org", options, at=now())

    lists.go(teacher(), number, at=now())
    jobs.run_pending()

    assert sorted((sent.to[0], sent.subject) for sent in mail.outbox) == [
        ("dan@example.org", "You are enrolled in Waters"),
        ("new@example.org", "You are invited to Waters"),
    ]
    assert all(str(run) in sent.body for sent in mail.outbox)
    mail.outbox.clear()
    lists.go(teacher(), lists.from_names(teacher(), "unenrol", "dan new@example.org", options, at=now()), at=now())
    lists.done_at_once(teacher(), "beta", "dora", options, at=now())
    lists.done_at_once(teacher(), "beta", "dora", {**options, "remove": True}, at=now())
    jobs.run_pending()
    assert [(sent.to[0], sent.subject) for sent in mail.outbox] == [
        ("dan@example.org", "You are no longer enrolled in Waters"),
        ("new@example.org", "You are no longer invited to Waters"),
        ("dora@example.org", "You are a beta tester of Waters"),
        ("dora@example.org", "You are no longer a beta tester of Waters"),
    ]
    assert not any("{" in sent.body or "  " in sent.body for sent in mail.outbox)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_files_of_every_spreadsheet_are_read(teacher: Enter, encoding: str, end: str, settings: Settings) -> None:
    settings.LYKEION_TEACHERS_REGISTER = True
    raw = end.join(["username;email;name", "zoe;zoe@example.org;Zoë", "'-x-;x@example.org;'=1", ""]).encode(encoding)

    number = lists.from_file(teacher(), "register", raw, {}, at=now())

    found, _more = lists.lines(teacher(), number)
    assert [(line.number, line.entry, line.details["name"]) for line in found] == [(2, "zoe", "Zoë"), (3, "-x-", "=1")]


def test_a_line_break_within_quotes_is_a_space_and_lines_are_still_counted(teacher: Enter, settings: Settings) -> None:
    settings.LYKEION_TEACHERS_REGISTER = True
    raw = b'username,email,name\nzoe,zoe@example.org,"Zoe\nDoe"\nyan,yan@example.org,Yan\n'

    number = lists.from_file(teacher(), "register", raw, {}, at=now())

    found, _more = lists.lines(teacher(), number)
    assert [(one.number, one.entry, one.details["name"]) for one in found] == [(3, "zoe", "Zoe Doe"), (4, "yan", "Yan")]
