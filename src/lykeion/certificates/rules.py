"""Who gets a certificate and when they see it. Pure: no table is read here.

Source: openedx.md §1.5 (Open edX ``certificates/generation_handler.py`` and ``certificates/api.py``). Proof of identity
is no part of this: sites that need it have it done elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from lykeion.catalog.types import Enrolment, Run
from lykeion.certificates.types import EARNING, UNSAID, Design, Reason, Rules, Signatory, Status
from lykeion.content import api as content

_ADDRESS: Final = re.compile(r"^/?(asset-v1:.*\+type@asset\+block[@/]|c4x/[^/]+/[^/]+/asset/|static/)")
"""What Open edX writes before the path of a course file; courses that were imported have it."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What counts about one learner in one run. ``enrolment`` may be one that ended: what was earned stays earned."""

    enrolment: Enrolment | None
    passed: bool
    percent: float = 0.0
    allowed: bool = False
    invalidated: bool = False
    beta: bool = False


def decide(rules: Rules, facts: Facts) -> tuple[Status | None, Reason]:
    """The status that a learner's certificate should have (None: none is made), and why.

    In this order: what was invalidated stays so, the list of exceptions or not; then the course must give any, to those
    who take it in this mode; the list stands in for the grade, for beta testers too.
    """
    if facts.invalidated:
        return Status.UNAVAILABLE, Reason.INVALIDATED
    if not rules.given:
        return None, Reason.NO_DESIGN
    if facts.enrolment is None:
        return None, Reason.NOT_ENROLLED
    if facts.enrolment.mode not in EARNING:
        return None, Reason.MODE
    if facts.allowed:
        return Status.DOWNLOADABLE, Reason.ALLOWED
    if not facts.passed:
        return Status.NOT_PASSING, Reason.NOT_PASSING
    if facts.beta:
        return None, Reason.BETA
    return Status.DOWNLOADABLE, Reason.EARNED


def read_rules(run: Run, fields: Mapping[str, Any]) -> Rules:
    """What the fields of a course say about its certificates.

    Learners see theirs: at once where they set the pace, and with ``early_no_info``; on ``certificate_available_date``
    with ``end_with_date``; else once the course has ended.
    """
    display = fields.get("certificates_display_behavior") or "end"
    at_once = run.self_paced or display == "early_no_info"
    day = _moment(fields.get("certificate_available_date")) if display == "end_with_date" else run.end
    return Rules(_design(run, fields), at_once, None if at_once else day)


def _design(run: Run, fields: Mapping[str, Any]) -> Design | None:
    """The design in use, else the first; a course may forbid certificates as pages (``cert_html_view_enabled``)."""
    stored = fields.get("certificates")
    listed = stored.get("certificates") if isinstance(stored, Mapping) else None
    found = [one for one in listed if isinstance(one, Mapping)] if isinstance(listed, list) else []
    if not found or fields.get("cert_html_view_enabled") is False:
        return None
    chosen = next((one for one in found if one.get("is_active") is True), found[0])
    people = chosen.get("signatories")
    return Design(
        active=chosen.get("is_active") is True,
        course_title=_text(chosen, "course_title") or run.title,
        description="" if _text(chosen, "description") == UNSAID else _text(chosen, "description"),
        signatories=tuple(
            Signatory(
                _text(one, "name"),
                _text(one, "title"),
                _text(one, "organization"),
                _ADDRESS.sub("", _text(one, "signature_image_path")),
            )
            for one in (people if isinstance(people, list) else ())
            if isinstance(one, Mapping)
        ),
    )


def _text(found: Mapping[str, Any], name: str) -> str:
    return str(found.get(name) or "").strip()


def _moment(value: Any) -> datetime | None:
    try:
        return content.parse_date(value)
    except content.BadDate:
        return None
