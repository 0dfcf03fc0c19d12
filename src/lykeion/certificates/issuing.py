"""Bringing certificates into line with the facts, one learner at a time.

The lock is the learner's enrolment: whoever settles a certificate holds it, then looks at the facts. So two who pass
somebody at once, or one who passes and one who fails, come one after the other, and the last one has the last facts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from django.conf import settings
from django.db import transaction

from lykeion.accounts import api as accounts
from lykeion.catalog import api as catalog
from lykeion.catalog.types import Run
from lykeion.certificates import signals
from lykeion.certificates.models import Certificate as Row
from lykeion.certificates.rows import certificate_of, certificates_in, facts_of
from lykeion.certificates.rules import Facts, decide
from lykeion.certificates.types import Certificate, Rules, Status
from lykeion.events import api as events
from lykeion.events.types import CertificateCreatedPayload, CertificateRevokedPayload

How = Literal["batch", "self"]
Change = Literal["issued", "renewed", "withdrawn", ""]


def settle(run: Run, rules: Rules, user_id: int, *, at: datetime, how: How = "batch", renew: bool = False) -> Change:
    """Makes one learner's certificate what the facts say; what it did. Doing it again changes nothing.

    ``renew``: a good one takes the learner's name, grade and mode of now. Emits ``edx.certificate.*`` events and sends
    the signals of this app.
    """
    with transaction.atomic():
        catalog.hold(user_id, run.id)
        facts = facts_of(run, [user_id])[user_id]
        status, _why = decide(rules, facts)
        row = Row.objects.select_for_update().filter(user_id=user_id, run_id=run.id).first()
        change = _change(certificate_of(row) if row else None, status, renew)
        if not change:
            return ""
        written = _write(row, run, user_id, status, facts, at)
        if change != "renewed":
            _tell(written, run, change, how, at)
        return change


def settle_many(run: Run, rules: Rules, user_ids: Sequence[int], *, at: datetime, renew: bool) -> Counter[str]:
    """The same for some hundred learners; those for whom nothing changes cost no write. Counts what was done."""
    facts, present = facts_of(run, user_ids), certificates_in(run.id, user_ids)
    done: Counter[str] = Counter()
    for user_id in user_ids:
        status, why = decide(rules, facts[user_id])
        change = _change(present.get(user_id), status, renew)
        if change:
            change = settle(run, rules, user_id, at=at, renew=renew)
        done[change or ("kept" if user_id in present else why.value)] += 1
    return done


def _change(present: Certificate | None, status: Status | None, renew: bool) -> Change:
    """What is to be done. A certificate that was given stays where the course, the track or the role would make none
    today: only a grade that does not pass, or the team, takes it back."""
    if status is Status.DOWNLOADABLE:
        if present is None or not present.good:
            return "issued"
        return "renewed" if renew else ""
    if present is None or status is None or present.status is status:
        return ""
    return "withdrawn"


def _write(row: Row | None, run: Run, user_id: int, status: Status | None, facts: Facts, at: datetime) -> Certificate:
    row = row or Row(user_id=user_id, run_id=run.id, issued=at)
    row.status, row.modified = str(status), at
    if status is Status.DOWNLOADABLE and facts.enrolment is not None:
        row.mode, row.grade = facts.enrolment.mode, facts.percent
        row.name = name_of(user_id)
    row.save()
    return certificate_of(row)


def name_of(user_id: int) -> str:
    """The name to print: the full name, else the user name."""
    person = accounts.people([user_id]).get(user_id)
    return "" if person is None else person.full_name.strip() or person.username


def address(certificate: Certificate) -> str:
    """The public page of a certificate."""
    return f"{settings.SITE_URL}/certificates/{certificate.uuid.hex}"


def _tell(certificate: Certificate, run: Run, change: Change, how: How, at: datetime) -> None:
    good = change == "issued"
    about: CertificateRevokedPayload = {
        "user_id": certificate.user_id,
        "course_id": str(run.key),
        "certificate_id": certificate.uuid.hex,
        "certificate_url": address(certificate),
        "enrollment_mode": certificate.mode,
    }
    payload = CertificateCreatedPayload(**about, generation_mode=how) if good else about
    events.emit(f"edx.certificate.{'created' if good else 'revoked'}", payload, course_id=run.key, at=at)
    signal = signals.issued if good else signals.revoked
    signal.send(sender=Certificate, certificate=certificate, run=run.key, at=at)
