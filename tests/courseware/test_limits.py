"""When free access ends, and what is said of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from lykeion.catalog import api as catalog
from lykeion.catalog.types import Enrolment
from lykeion.courseware import api as courseware
from lykeion.courseware.limits import end_of_access
from lykeion.courseware.types import AccessDenied
from tests.courseware.acting import enter
from tests.courseware.test_access import TREES
from tests.factories import NOW, PAST, RUN, Spec, learner, person, store_course

pytestmark = pytest.mark.django_db

LATER = PAST + timedelta(days=100)


@pytest.mark.parametrize(
    ("start", "enrolled", "weeks", "ends"),
    [
        (PAST, LATER, None, LATER + timedelta(weeks=4)),
        (LATER, PAST, None, LATER + timedelta(weeks=4)),
        (None, PAST, None, PAST + timedelta(weeks=4)),
        (PAST, PAST, 6, PAST + timedelta(weeks=6)),
        (PAST, PAST, 1, PAST + timedelta(weeks=4)),
        (PAST, PAST, 52, PAST + timedelta(weeks=18)),
    ],
)
def test_the_end_of_free_access(start: datetime | None, enrolled: datetime, weeks: int | None, ends: datetime) -> None:
    run = replace(TREES, start=start, weeks_to_complete=weeks)

    assert end_of_access(run, Enrolment(1, 1, "audit", True, enrolled)) == ends


def offered(trees: Spec, *, until: datetime | None = None) -> None:
    store_course(trees)
    catalog.set_mode(RUN, "audit")
    catalog.set_mode(RUN, "verified", expiration=until)
    catalog.set_limits(RUN, audit_ends=True, at=NOW)


@pytest.mark.parametrize(
    ("until", "words"),
    [
        (None, "To go on in the verified track, ask the course team."),
        (datetime(2026, 7, 1, tzinfo=UTC), "To go on in the verified track, ask the course team by July 1, 2026."),
        (datetime(2026, 5, 1, tzinfo=UTC), "The verified track could be chosen until May 1, 2026."),
    ],
)
def test_whose_free_access_ended_reads_when_and_the_way_on(trees: Spec, until: datetime | None, words: str) -> None:
    offered(trees, until=until)

    with pytest.raises(AccessDenied) as denied:
        enter(learner("alice"))

    assert (denied.value.code, denied.value.until) == ("audit_expired", PAST + timedelta(weeks=4))
    ended = "Your free access to this course ended on Jan. 29, 2020. What you did is kept."
    assert str(denied.value) == f"{ended} {words}"


def test_before_it_ends_every_page_says_when(trees: Spec) -> None:
    offered(trees)
    alice = person("alice")
    catalog.enrol(alice.pk, RUN, mode="audit", at=NOW, by=alice.pk)

    assert courseware.notice(enter(alice)).startswith("Your free access to this course ends on June 29, 2026.")


def test_without_a_verified_track_nothing_ends(trees: Spec) -> None:
    store_course(trees)
    catalog.set_limits(RUN, audit_ends=True, gates_graded=True, at=NOW)
    alice = enter(learner("alice"))

    assert courseware.notice(alice) == ""
    assert [one.instead for one in courseware.unit(alice, "vertical@u1").blocks] == ["", "", ""]


def test_an_upgrade_opens_the_course_at_once(trees: Spec) -> None:
    offered(trees)
    alice = learner("alice")

    catalog.enrol(alice.pk, RUN, mode="verified", at=NOW, by=alice.pk)

    assert courseware.notice(enter(alice)) == ""
