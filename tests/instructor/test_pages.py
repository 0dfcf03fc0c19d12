"""The first page and the log."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from lykeion.accounts import api as accounts
from lykeion.core.clock import now
from lykeion.core.keys import CourseLocator
from lykeion.instructor.particulars import Names, particulars
from lykeion.teaching.api import deeds
from lykeion.teaching.types import Teacher


def test_the_first_page_counts_learners_by_track(as_person: Callable[[str], Client], run: CourseLocator) -> None:
    page = as_person("staff").get(reverse("instructor:info", args=[run])).content.decode()

    assert '<td>audit</td><td class="number">2</td>' in page
    assert "Pass: from 50 %" in page


@pytest.mark.usefixtures("run")
def test_the_log_tells_what_was_done_to_whom(
    as_person: Callable[[str], Client], run: CourseLocator, teacher: Callable[..., Teacher]
) -> None:
    alice = accounts.find_person("alice")
    assert alice is not None
    deeds.record(teacher("staff"), "enrol", about=alice.id, reason="late", details={"mode": "audit"}, at=now())
    deeds.record(teacher(), "unenrol", at=now())
    address = reverse("instructor:log", args=[run])

    everything = as_person("admin").get(address).content.decode()
    hers = as_person("admin").get(address, {"about": "alice"}).content.decode()
    nobody, untouched = (
        as_person("admin").get(address, {"about": name}).content.decode() for name in ("nobody", "dan")
    )

    assert everything.index("Unenrolled") < everything.index("Enrolled")
    assert ("late" in hers, "Track: audit" in hers, "Unenrolled" in hers) == (True, True, False)
    assert "Nothing was done about “nobody” in this course." in nobody
    assert "Nothing was done about “dan” in this course." in untouched  # who has an account is nobody's business


def test_the_log_says_particulars_in_words_and_by_their_names(
    as_person: Callable[[str], Client], run: CourseLocator, teacher: Callable[..., Teacher]
) -> None:
    admin, at = teacher(), now()
    moment = "2027-03-01T18:00:00+00:00"
    for what, details in (
        ("report", {"report": "may_enrol", "format": "csv"}),
        ("rescore", {"block": "problem@sum", "title": "Sums of old"}),
        ("rescore", {"block": "problem@gone", "title": "Gone"}),
        ("override", {"subsection": "sequential@sub", "from": 0.5, "to": 1.0, "of": 2.0}),
        ("extend", {"subsection": "sequential@sub", "title": "Reading", "from": None, "to": moment}),
        ("mark", {"column": "Oral", "from": "", "to": "good"}),
        ("role_given", {"role": "beta_testers", "list": 7}),
        ("mail", {"subject": "Hello", "to": "learners, cohort:99", "at": moment}),
        ("cohort_made", {"cohort": "North", "automatic": True}),
        ("certificates_generate", {"status": "notpassing"}),
        ("rescore_all", {"block": "problem@sum", "title": "Sum", "job": 12}),
    ):
        deeds.record(admin, what, details=details, at=at)

    names = Names(admin)
    told = [dict(particulars(deed, names)) for deed in reversed(deeds.log(admin)[0])]

    assert told == [
        {"Report": "Invited, not enrolled", "Format": "CSV"},
        {"Problem": "Sum"},
        {"Problem": "Gone"},
        {"Subsection": "Reading", "Points": "0.5 → 1 of 2"},
        {"Subsection": "Reading", "Due": "nothing → March 1, 2027, 6 p.m."},
        {"Column": "Oral", "Text": "nothing → good"},
        {"Role": "Beta tester"},
        {"Subject": "Hello", "To": "All learners, A group that is gone", "Goes out": "March 1, 2027, 6 p.m."},
        {"Cohort": "North", "People come into it by themselves": "yes"},
        {"Anew for the status": "Withdrawn: does not pass"},
        {"Problem": "Sum"},
    ]


@pytest.mark.usefixtures("run")
def test_the_log_leads_to_the_list_that_a_person_was_in(
    as_person: Callable[[str], Client], run: CourseLocator, teacher: Callable[..., Teacher]
) -> None:
    deeds.record(teacher(), "invite", at=now(), details={"auto_enrol": True, "list": 7})

    page = as_person("admin").get(reverse("instructor:log", args=[run])).content.decode()

    assert f'<a href="{reverse("instructor:list", args=[run, 7])}">List 7, line by line</a>' in page


def test_a_course_without_certificates_offers_to_make_none(
    as_person: Callable[[str], Client], run: CourseLocator
) -> None:
    page = as_person("admin").get(reverse("instructor:certificates", args=[run])).content.decode()

    assert "This course gives no certificates now" in page
    assert ("Make them" in page, "Invalidate a certificate" in page) == (False, False)
