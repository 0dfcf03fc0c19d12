"""Who gets a certificate, and when they see it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from lykeion.catalog.types import Enrolment, Run
from lykeion.certificates.rules import Facts, decide, read_rules
from lykeion.certificates.types import Reason, Signatory, Status
from lykeion.core.keys import run_of
from tests.certificates.conftest import DESIGN

NOW = datetime(2026, 5, 1, tzinfo=UTC)
LATER = NOW + timedelta(days=30)
RUN = Run(
    1, run_of("Lyk", "W1", "1"), "Waters", "Lyk", "W1", "", "", "en", None, LATER, "", None, None, False, "both",
    "private", False, None, None, False, "",
)  # fmt: skip
GIVEN = read_rules(RUN, {"certificates": DESIGN})
PASSED = Facts(Enrolment(7, 1, "honor", True, NOW), passed=True, percent=0.9)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (PASSED, (Status.DOWNLOADABLE, Reason.EARNED)),
        (replace(PASSED, passed=False), (Status.NOT_PASSING, Reason.NOT_PASSING)),
        (replace(PASSED, enrolment=None), (None, Reason.NOT_ENROLLED)),
        (replace(PASSED, enrolment=Enrolment(7, 1, "audit", True, NOW)), (None, Reason.MODE)),
        (replace(PASSED, beta=True), (None, Reason.BETA)),
        (replace(PASSED, passed=False, beta=True, allowed=True), (Status.DOWNLOADABLE, Reason.ALLOWED)),
        (replace(PASSED, allowed=True, invalidated=True), (Status.UNAVAILABLE, Reason.INVALIDATED)),
        (replace(PASSED, enrolment=Enrolment(7, 1, "honor", False, NOW)), (Status.DOWNLOADABLE, Reason.EARNED)),
    ],
)
def test_who_gets_one(facts: Facts, expected: tuple[Status | None, Reason]) -> None:
    assert decide(GIVEN, facts) == expected


def test_without_an_active_design_nobody_gets_one() -> None:
    rules = read_rules(RUN, {"certificates": {"certificates": [{"is_active": False, "course_title": "X"}]}})

    assert decide(rules, PASSED) == (None, Reason.NO_DESIGN)
    assert decide(read_rules(RUN, {}), PASSED) == (None, Reason.NO_DESIGN)
    assert not read_rules(RUN, {"certificates": DESIGN, "cert_html_view_enabled": False}).given


@pytest.mark.parametrize(
    ("run", "fields", "shown", "shown_after_the_end"),
    [
        (RUN, {}, False, True),
        (RUN, {"certificates_display_behavior": "early_no_info"}, True, True),
        (replace(RUN, self_paced=True), {}, True, True),
        (replace(RUN, end=None), {}, False, False),
        (
            RUN,
            {"certificates_display_behavior": "end_with_date", "certificate_available_date": "2026-06-20T00:00:00Z"},
            False,
            False,
        ),
        (
            RUN,
            {"certificates_display_behavior": "end_with_date", "certificate_available_date": "2026-04-20T00:00:00Z"},
            True,
            True,
        ),
        (RUN, {"certificates_display_behavior": "end_with_date", "certificate_available_date": "soon"}, False, False),
    ],
)
def test_when_learners_see_theirs(run: Run, fields: dict[str, str], shown: bool, shown_after_the_end: bool) -> None:
    rules = read_rules(run, fields)

    assert (rules.shown(NOW), rules.shown(LATER + timedelta(days=1))) == (shown, shown_after_the_end)


def test_signatures_of_imported_courses_are_found_by_their_path() -> None:
    signed = {"name": "Bob", "signature_image_path": "/asset-v1:Lyk+W1+1+type@asset+block@sign.png"}
    rules = read_rules(RUN, {"certificates": {"certificates": [{"is_active": True, "signatories": [signed, "odd"]}]}})

    assert rules.design is not None
    assert rules.design.signatories == (Signatory("Bob", "", "", "sign.png"),)
    assert rules.design.course_title == "Waters"


@pytest.mark.parametrize(
    ("stored", "printed"), [("Description of the certificate", ""), ("Of rivers", "Of rivers"), (None, "")]
)
def test_what_nobody_wrote_is_not_printed(stored: str | None, printed: str) -> None:
    rules = read_rules(RUN, {"certificates": {"certificates": [{"is_active": True, "description": stored}]}})

    assert rules.design is not None
    assert rules.design.description == printed
