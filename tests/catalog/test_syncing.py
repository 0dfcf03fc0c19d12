"""From a published root to the row of its run."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from lykeion.catalog import api as catalog
from lykeion.catalog.models import Organization, Run
from lykeion.catalog.tasks import CATCH_UP
from lykeion.content import api as content
from lykeion.content import signals
from lykeion.content.types import Node
from lykeion.core.clock import EARLIEST, LATEST
from lykeion.core.keys import run_of
from lykeion.jobs import api as jobs
from tests.accounts.people import NOW, make
from tests.catalog.offers import offer
from tests.factories import RUN, course, store_course

pytestmark = pytest.mark.django_db


def test_a_run_is_offered_as_its_course_block_says() -> None:
    run = offer(
        display_name="Trees",
        display_coursenumber="T-101",
        start=datetime(2026, 1, 1, tzinfo=UTC),
        end="2026-12-31T00:00:00Z",
        enrollment_start="2025-12-01T00:00:00+02:00",
        advertised_start="Winter",
        self_paced=True,
        catalog_visibility="about",
        course_visibility="public",
        invitation_only=True,
        max_student_enrollments_allowed=30,
        days_early_for_beta=1.5,
        mobile_available=True,
        language="de",
        pre_requisite_courses=["course-v1:Lyk+T100+2026", "nonsense"],
        about={"short_description": "<p>All about\n trees</p>", "effort": "3 h"},
    )

    assert run == catalog.run(RUN)
    assert (run.title, run.org, run.number) == ("Trees", "Lyk", "T-101")
    assert (run.short_description, run.effort) == ("All about trees", "3 h")
    assert (run.start, run.end) == (datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 12, 31, tzinfo=UTC))
    assert run.enrollment_start == datetime(2025, 11, 30, 22, tzinfo=UTC)
    assert (run.advertised_start, run.self_paced, run.language) == ("Winter", True, "de")
    assert (run.catalog_visibility, run.course_visibility, run.invitation_only) == ("about", "public", True)
    assert (run.max_enrolments, run.days_early_for_beta, run.mobile_available) == (30, 1.5, True)
    assert run.prerequisites == ("course-v1:Lyk+T100+2026",)


def test_what_a_course_does_not_say_is_open_edx_s_default() -> None:
    run = store_course(course(start="not a date", catalog_visibility="nonsense", max_student_enrollments_allowed=True))

    assert run.start == datetime(2030, 1, 1, tzinfo=UTC)
    assert (run.end, run.enrollment_start, run.enrollment_end, run.max_enrolments) == (None, None, None, None)
    assert (run.catalog_visibility, run.course_visibility, run.self_paced) == ("both", "private", False)
    assert (run.number, run.language, run.image, run.prerequisites) == ("T101", "en", "", ())


@pytest.mark.parametrize("path", ["images_course_image.jpg", "images/course_image.jpg"])
def test_the_picture_is_there_when_the_course_has_the_file(path: str) -> None:
    files = Node("files", {path: {"hash": "0" * 64, "size": 1, "content_type": "image/jpeg"}})

    run = store_course(course(), parts={"files": files})

    assert run.image == path


def test_a_new_version_changes_the_offer_and_nothing_else() -> None:
    first = offer(display_name="Trees")
    alice = make("alice")
    catalog.enrol(alice.id, RUN, at=NOW)
    catalog.set_mode(RUN, "honor")
    Organization.objects.update(name="The Lykeion")

    second = offer(display_name="Trees and shrubs")

    assert (second.id, second.title) == (first.id, "Trees and shrubs")
    assert catalog.modes(second) == (("honor", None),)
    assert catalog.learners(RUN) == 1
    assert Organization.objects.get().name == "The Lykeion"


def test_publishing_tells_the_catalog() -> None:
    offer()
    Run.objects.update(title="stale", root="stale")

    head = content.head(RUN)
    signals.published.send(sender=None, payload=signals.RunPublished(RUN, None, head, "carol", NOW))

    assert catalog.run(RUN).title == "Trees"


def test_what_was_published_while_nobody_listened_is_caught_up_with() -> None:
    other = run_of("Lyk", "B", "1")
    offer()
    offer(other)
    Run.objects.filter(key=str(other)).delete()

    assert catalog.catch_up() == [other]
    assert catalog.catch_up() == []
    assert catalog.run(other).title == "Trees"


def test_a_worker_that_starts_catches_up() -> None:
    offer()
    Run.objects.all().delete()

    jobs.enqueue(CATCH_UP, None, key=CATCH_UP)
    jobs.run_pending()

    assert catalog.run(RUN).title == "Trees"


def test_prerequisites_have_names_where_they_are_offered_here() -> None:
    known = run_of("Lyk", "T100", "1")
    offer(known, display_name="Seeds")
    run = offer(pre_requisite_courses=[str(known), "course-v1:Far+Away+1"])

    assert [(one.key, one.title, one.offered) for one in catalog.prerequisites(run)] == [
        (str(known), "Seeds", True),
        ("course-v1:Far+Away+1", "course-v1:Far+Away+1", False),
    ]


@pytest.mark.parametrize(("said", "cap"), [(99_999_999_999, None), (2**31, None), (2**31 - 1, 2**31 - 1), (-1, None)])
def test_a_cap_that_no_column_holds_is_none(said: int, cap: int | None) -> None:
    assert offer(max_student_enrollments_allowed=said).max_enrolments == cap


@pytest.mark.parametrize(("said", "kept"), [("0001-01-01T00:00:00Z", EARLIEST), ("9999-12-31T23:59:59Z", LATEST)])
def test_dates_of_a_run_stay_where_every_time_zone_has_them(said: str, kept: datetime) -> None:
    run = offer(start=said, end=said, enrollment_start=said)

    assert (run.start, run.end, run.enrollment_start) == (kept, kept, kept)
