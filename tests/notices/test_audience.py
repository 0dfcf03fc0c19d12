"""Who gets a mail, who is left out, and that counting them costs the same for one learner and for many."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lykeion.accounts import signals
from lykeion.accounts.models import User
from lykeion.catalog import api as catalog
from lykeion.catalog.types import Run
from lykeion.core.clock import now
from lykeion.notices import api as notices
from lykeion.notices.models import Suppressed
from lykeion.notices.types import Delivery, MailError, Message, Reach, Why
from tests.learn.conftest import person
from tests.notices.conftest import named

Sent = Callable[..., Message]


def addresses() -> list[str]:
    """The local parts of the addresses that mail went to."""
    return sorted(one.recipients()[0].split("<")[-1].split("@")[0] for one in mail.outbox)


def test_learners_are_those_who_take_the_course_without_the_team(offered: Run, sent: Sent) -> None:
    catalog.enrol(named("staff").id, offered.key, at=now())
    catalog.enrol(person("gone"), offered.key, at=now())
    catalog.unenrol(named("gone").id, offered.key, at=now())

    message = sent("learners")

    assert addresses() == ["alice", "dora"]
    assert message.counts == {Delivery.SENT: 2}


def test_who_is_in_several_groups_gets_one_mail(offered: Run, sent: Sent) -> None:
    cohort = catalog.make_cohort(offered.key, "Blue", at=now())
    catalog.set_cohorted(offered.key, True, at=now())
    catalog.enrol(named("admin").id, offered.key, at=now(), mode="audit")
    catalog.add_to_cohort(offered.key, "Blue", ["alice", "admin"], at=now())
    groups = ("myself", "staff", "learners", f"cohort:{cohort.id}", "track:audit")

    promised = notices.reach(offered, groups, named("staff").id)
    with pytest.raises(MailError, match="One of the groups is gone"):
        sent(*groups, "track:verified")
    catalog.set_mode(offered.key, "audit")
    catalog.set_mode(offered.key, "verified")
    sent(*groups)

    assert addresses() == ["admin", "alice", "dora", "limited", "staff"]
    assert promised == Reach(5)


def test_a_cohort_gets_its_mail_and_nobody_else(offered: Run, sent: Sent) -> None:
    cohort = catalog.make_cohort(offered.key, "Blue", at=now())
    catalog.add_to_cohort(offered.key, "Blue", ["dora"], at=now())

    sent(f"cohort:{cohort.id}")

    assert addresses() == ["dora"]


def test_who_is_left_out_is_counted_by_why_before_and_after(offered: Run, sent: Sent) -> None:
    for name in ("retired", "new", "bounced", "unwilling"):
        catalog.enrol(person(name), offered.key, at=now())
    User.objects.filter(username="retired").update(is_active=False)
    EmailAddress.objects.filter(user__username="new").update(verified=False)
    Suppressed.objects.create(user_id=named("bounced").id, at=now())
    notices.set_wants_mail(named("unwilling").id, offered.id, False, at=now())

    promised = notices.reach(offered, ("learners",), named("staff").id)
    message = sent("learners")

    left_out = {Why.INACTIVE: 1, Why.UNCONFIRMED: 1, Why.BOUNCED: 1, Why.OPTED_OUT: 1}
    assert promised == Reach(2, left_out)
    assert (addresses(), message.left_out) == (["alice", "dora"], left_out)


def test_who_opts_out_after_the_mail_was_ordered_gets_none(offered: Run, sent: Sent) -> None:
    notices.set_wants_mail(named("alice").id, offered.id, False, at=now())
    sent("learners")
    notices.set_wants_mail(named("alice").id, offered.id, True, at=now())
    sent("learners", once="2")

    assert addresses() == ["alice", "dora", "dora"]


def test_an_address_that_is_proved_anew_gets_mail_again(offered: Run, sent: Sent) -> None:
    alice = named("alice")
    Suppressed.objects.create(user_id=alice.id, at=now())
    notices_before = notices.came_back(alice.id)
    signals.email_confirmed.send(sender=User, person=alice, email=alice.email, at=now())

    assert (notices_before, notices.came_back(alice.id)) == (True, False)


def test_counting_recipients_costs_the_same_for_two_and_for_thirty(offered: Run) -> None:
    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            notices.reach(offered, ("staff", "learners"), named("staff").id)
        return len(queries)

    first = cost()
    for number in range(28):
        catalog.enrol(person(f"learner{number}"), offered.key, at=now())

    assert (first, cost()) == (6, 6)
