"""Sending: in parts, at a rate, stopped, and through a mail server with moods."""

from __future__ import annotations

import smtplib
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.core import mail
from pytest_django.fixtures import Settings

from lykeion.accounts import api as accounts
from lykeion.accounts.models import User
from lykeion.accounts.types import Person, Role
from lykeion.catalog import api as catalog
from lykeion.catalog.types import Run
from lykeion.core.clock import now
from lykeion.jobs import api as jobs
from lykeion.jobs.models import Job
from lykeion.notices import api as notices
from lykeion.notices import audience, sending
from lykeion.notices.models import Message as MessageRow
from lykeion.notices.models import Pace, Recipient
from lykeion.notices.types import Delivery, Draft, MailState, Message, Why
from lykeion.teaching import access
from lykeion.teaching.types import Capability
from tests.learn.conftest import person
from tests.notices.conftest import named
from tests.notices.server import MailServer

Sent = Callable[..., Message]
NEWS = Draft("News", "<p>x</p>", ("learners",))


@pytest.fixture
def server(settings: Settings) -> Iterator[MailServer]:
    """A mail server on this machine, in use by the site."""
    with MailServer() as running:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        settings.EMAIL_TIMEOUT = 5
        yield running


def scheduled(offered: Run, author: Person) -> int:
    """A mail of ``author``'s to all learners that ``run_pending`` sends two hours from now."""
    made = notices.send(offered, author, NEWS, once="1", due=now() + timedelta(hours=1), at=now())
    MessageRow.objects.filter(pk=made.id).update(due=now())
    return made.id


def later(minutes: int) -> None:
    """Does what is due ``minutes`` from now: rows that wait are due at once."""
    Recipient.objects.filter(state=Delivery.WAITING).update(due=now())
    jobs.run_pending(at=now() + timedelta(minutes=minutes))


def test_a_form_that_is_sent_twice_is_one_mail(offered: Run, sent: Sent) -> None:
    first, second = sent("learners"), sent("learners")

    assert (first.id, len(mail.outbox)) == (second.id, 2)


def test_a_scheduled_mail_waits_and_can_be_stopped(offered: Run) -> None:
    draft = Draft("News", "<p>x</p>", ("learners",))
    made = notices.send(offered, named("staff"), draft, once="1", due=now() + timedelta(hours=1), at=now())
    jobs.run_pending()

    stopped = notices.cancel(offered, made.id, at=now())
    again = notices.cancel(offered, made.id, at=now())
    jobs.run_pending(at=now() + timedelta(hours=2))

    found = notices.message(offered, made.id)
    assert found is not None
    assert (stopped, again, found.state, mail.outbox) == (True, False, MailState.CANCELLED, [])


def test_a_scheduled_mail_goes_to_those_who_take_the_course_then(offered: Run) -> None:
    draft = Draft("News", "<p>x</p>", ("learners",))
    notices.send(offered, named("staff"), draft, once="1", due=now() + timedelta(hours=1), at=now())
    catalog.enrol(person("late"), offered.key, at=now())
    MessageRow.objects.update(due=now())
    jobs.run_pending(at=now() + timedelta(hours=2))
    later(130)

    assert len(mail.outbox) == 3


@pytest.mark.parametrize(
    ("username", "role", "taken"),
    [("staff", Role.STAFF, True), ("limited", Role.LIMITED_STAFF, True), ("orgadmin", Role.INSTRUCTOR, True),
     ("admin", Role.STAFF, False), ("root", Role.STAFF, False)],
)  # fmt: skip
def test_a_scheduled_mail_goes_out_only_if_its_author_may_still_write(
    offered: Run, username: str, role: Role, taken: bool
) -> None:
    author = named(username)
    made = scheduled(offered, author)
    run = "" if username == "orgadmin" else offered.key
    accounts.revoke_role(author.id, role, org=offered.org, run=run)  # admin and root have another

    jobs.run_pending(at=now() + timedelta(hours=2))

    found = notices.message(offered, made)
    assert found is not None
    wanted = (MailState.ROLE_LOST, {}, 0, True) if taken else (MailState.DONE, {Delivery.SENT: 2}, 2, True)
    assert (found.state, found.counts, len(mail.outbox), found.finished is not None) == wanted


def test_a_scheduled_mail_of_an_account_that_is_not_in_use_is_not_sent(offered: Run) -> None:
    left, closed = named("staff"), named("admin")
    made = [scheduled(offered, one) for one in (left, closed)]
    accounts.retire(left.id, at=now())
    User.objects.filter(pk=closed.id).update(is_active=False)

    jobs.run_pending(at=now() + timedelta(hours=2))

    found = [notices.message(offered, one) for one in made]
    assert [one.state if one else None for one in found] == [MailState.DEACTIVATED] * 2
    assert mail.outbox == []


def test_what_has_begun_goes_on_when_its_author_leaves(offered: Run, settings: Settings) -> None:
    settings.LYKEION_MAIL_RATE = 6
    notices.send(offered, named("staff"), NEWS, once="1", due=now(), at=now())
    jobs.run_pending()
    begun = len(mail.outbox)
    accounts.revoke_role(named("staff").id, Role.STAFF, org=offered.org, run=offered.key)

    settings.LYKEION_MAIL_RATE = 6_000_000
    MessageRow.objects.update(due=now())
    Pace.objects.update(next_at=now())
    later(60)

    assert (begun, len(mail.outbox)) == (1, 2)


def test_those_who_may_write_are_those_whom_teaching_lets() -> None:
    assert {role for role in Role if Capability.MAIL in access.capabilities([role])} == audience.WRITERS


def test_the_site_sends_no_more_than_its_rate(offered: Run, settings: Settings) -> None:
    settings.LYKEION_MAIL_RATE = 6  # parts of one mail, ten seconds apart
    draft = Draft("News", "<p>x</p>", ("learners",))
    for once in ("1", "2"):
        notices.send(offered, named("staff"), draft, once=once, due=now(), at=now())

    jobs.run_pending()

    assert len(mail.outbox) == 1


def test_a_mail_that_is_stopped_half_way_goes_no_further(offered: Run, settings: Settings) -> None:
    settings.LYKEION_MAIL_RATE = 6
    draft = Draft("News", "<p>x</p>", ("learners",))
    made = notices.send(offered, named("staff"), draft, once="1", due=now(), at=now())
    jobs.run_pending()

    notices.cancel(offered, made.id, at=now())
    settings.LYKEION_MAIL_RATE = 6_000_000
    jobs.run_pending(at=now() + timedelta(hours=1))

    found = notices.message(offered, made.id)
    assert found is not None
    assert (found.counts, found.left_out) == ({Delivery.SENT: 1, Delivery.LEFT_OUT: 1}, {Why.STOPPED: 1}) or (
        found.counts,
        found.left_out,
    ) == ({Delivery.SENT: 1}, {Why.STOPPED: 1})


def test_parts_share_a_connection_and_listing_goes_in_pages(
    offered: Run, server: MailServer, sent: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "LIST_PAGE", 3)
    for number in range(6):
        catalog.enrol(person(f"learner{number}"), offered.key, at=now())

    message = sent("learners")

    assert (len(server.delivered), server.connections) == (8, 1)
    assert (message.state, message.counts, message.total) == (MailState.DONE, {Delivery.SENT: 8}, 8)


def test_who_is_refused_for_good_is_noted_and_who_is_refused_for_now_gets_it_later(
    server: MailServer, sent: Sent, offered: Run
) -> None:
    server.refuse["alice@example.org"] = "550 5.1.1 no alice@example.org here"
    server.refuse["dora@example.org"] = "451 4.7.1 greylisted"
    first = sent("learners")
    server.refuse.clear()

    later(60)

    second = notices.message(offered, first.id)
    failed, more = notices.undelivered(first.id)
    assert first.counts == {Delivery.WAITING: 1, Delivery.FAILED: 1}
    assert second is not None
    assert (second.state, second.counts) == (MailState.DONE, {Delivery.SENT: 1, Delivery.FAILED: 1})
    assert [(one.person, one.words) for one in failed] == [(named("alice"), "550 5.1.1 no … here")]
    assert (server.delivered, more) == (["dora@example.org"], False)


def test_who_is_refused_for_now_again_and_again_fails_in_the_end(server: MailServer, sent: Sent, offered: Run) -> None:
    server.refuse["dora@example.org"] = "451 4.7.1 greylisted"
    first = sent("learners")

    for hour in range(1, sending.TRIES):
        later(60 * hour)

    found = notices.message(offered, first.id)
    assert found is not None
    assert (found.state, found.counts) == (MailState.DONE, {Delivery.SENT: 1, Delivery.FAILED: 1})


def test_a_line_that_breaks_before_the_answer_leaves_the_mail_unknown_and_it_is_not_sent_again(
    server: MailServer, sent: Sent, offered: Run
) -> None:
    server.hang_up_after_text = 1

    first = sent("learners")
    trouble = first.trouble
    later(60)

    found = notices.message(offered, first.id)
    assert found is not None
    assert trouble != ""
    assert (found.state, found.counts, found.trouble) == (MailState.DONE, {Delivery.SENT: 1, Delivery.UNKNOWN: 1}, "")
    assert sorted(server.delivered) == ["alice@example.org", "dora@example.org"]


def test_a_mail_server_that_is_away_delays_and_loses_nothing(server: MailServer, sent: Sent, offered: Run) -> None:
    server.busy = True

    first = sent("learners")
    server.busy = False
    later(60)

    found = notices.message(offered, first.id)
    assert found is not None
    assert (first.state, first.counts, "421" in first.trouble) == (MailState.SENDING, {Delivery.WAITING: 2}, True)
    assert (found.state, found.counts, found.trouble) == (MailState.DONE, {Delivery.SENT: 2}, "")


def test_after_two_days_of_trouble_the_rest_has_failed(server: MailServer, sent: Sent, offered: Run) -> None:
    server.busy = True
    first = sent("learners")
    MessageRow.objects.update(troubled_since=now() - timedelta(days=3))

    later(60)

    found = notices.message(offered, first.id)
    assert found is not None
    assert (found.state, found.counts) == (MailState.DONE, {Delivery.FAILED: 2})


def test_a_row_that_a_dead_process_had_claimed_is_unknown(offered: Run, settings: Settings) -> None:
    draft = Draft("News", "<p>x</p>", ("learners",))
    made = notices.send(offered, named("staff"), draft, once="1", due=now(), at=now())
    rows = [Recipient(message_id=made.id, user_id=named(name).id, due=now()) for name in ("alice", "dora")]
    rows[0].state, rows[0].claim = Delivery.SENDING, "dead"
    Recipient.objects.bulk_create(rows)

    jobs.run_pending()

    found = notices.message(offered, made.id)
    assert found is not None
    assert found.counts == {Delivery.SENT: 1, Delivery.UNKNOWN: 1}


def test_a_message_whose_job_is_gone_goes_on_when_somebody_looks(offered: Run) -> None:
    draft = Draft("News", "<p>x</p>", ("learners",))
    made = notices.send(offered, named("staff"), draft, once="1", due=now(), at=now())
    watches = Job.objects.filter(name=sending.WATCH)
    Job.objects.filter(name=sending.SEND).delete()

    sending.watch(now() + sending.WATCHED_EVERY + timedelta(minutes=1))
    goes_on = watches.count()
    Job.objects.filter(name=sending.SEND).update(due=now())
    jobs.run_pending()
    watches.delete()
    sending.watch(now())

    found = notices.message(offered, made.id)
    assert found is not None
    assert (found.state, len(mail.outbox)) == (MailState.DONE, 2)
    assert (goes_on, watches.count()) == (1, 0)


def test_a_mail_to_oneself_goes_to_nobody_else_and_is_in_no_list(offered: Run) -> None:
    notices.try_out(offered, named("staff"), Draft("News", "<p>%%USER_FULLNAME%%</p>", ()))
    jobs.run_pending()

    assert [one.recipients() for one in mail.outbox] == [["Staff <staff@example.org>"]]
    assert notices.messages(offered) == ([], False)


def test_smtplib_hands_a_text_over_by_data() -> None:
    """What ``posting.Post`` watches: should it go, a broken line would count as nothing sent."""
    assert "self.data(" in __import__("inspect").getsource(smtplib.SMTP.sendmail)
