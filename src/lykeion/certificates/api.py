"""The door of ``certificates``: who has one, what it says, and what the team decides about it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from lykeion.catalog import api as catalog
from lykeion.catalog.types import Run
from lykeion.certificates import models
from lykeion.certificates.badges import achievement_of, issuer, public_key, signed, status_list
from lykeion.certificates.issuing import address, name_of, settle
from lykeion.certificates.rows import certificate_of, certificates_in, decision_of, facts_of, rules_of
from lykeion.certificates.rules import decide
from lykeion.certificates.tasks import ISSUE, ISSUE_ALL, ISSUE_SOME
from lykeion.certificates.types import (
    Certificate,
    CertificateError,
    Decision,
    Design,
    NoCertificate,
    Own,
    Paper,
    Reason,
    Rules,
    Shown,
    Standing,
    Status,
)
from lykeion.content.types import ObjectId
from lykeion.core.keys import CourseLocator
from lykeion.jobs import api as jobs

__all__ = [
    "ISSUE_ALL",
    "achievement_of",
    "address",
    "allow",
    "allow_many",
    "allowances",
    "certificates",
    "counts",
    "decisions",
    "disallow",
    "find",
    "invalidate",
    "is_current",
    "issued_by_mode",
    "issuer",
    "mine",
    "order",
    "order_all",
    "own",
    "pdf",
    "public_key",
    "renew",
    "rules",
    "shown",
    "signed",
    "standing",
    "status_list",
    "validate",
]


def pdf(paper: Paper) -> bytes:
    """The certificate as one page of PDF."""
    from lykeion.certificates import printing  # 40 MB, which only a process that prints one needs

    return printing.pdf(paper)


def rules(run: Run, root: ObjectId | None = None) -> Rules:
    """What a run says about its certificates, as published (one read) or in ``root``, which the caller has at hand (no
    read). Raises ``RunMissing``."""
    return rules_of(run, root)


def order(user_id: int, run_key: CourseLocator | str) -> None:
    """Orders that one learner's certificate follows their grade, in the caller's transaction. One write:
    learners wait for it, and the job may well be done twice."""
    jobs.enqueue(ISSUE, {"user_id": user_id, "run": str(run_key)})


def order_all(run_key: CourseLocator, *, status: Status | None = None, by: int, title: str) -> int:
    """Orders certificates for all who earned one (with ``status``: anew for those whose certificate stands there);
    the id of the job."""
    payload = {"run": str(run_key), "status": status.value if status else ""}
    key = f"{ISSUE_ALL}:{run_key}:{payload['status']}"
    return jobs.enqueue(ISSUE_ALL, payload, key=key, by=by, title=title, about=str(run_key))


def mine(user_id: int, runs: Sequence[Run], *, at: datetime) -> dict[int, Certificate]:
    """The good certificates of a learner in these runs that they may see at ``at``, by run. One read, and another
    when there are any."""
    found = models.Certificate.objects.filter(
        user_id=user_id, run_id__in=[run.id for run in runs], status=Status.DOWNLOADABLE
    )
    good = {row.run_id: certificate_of(row) for row in found}
    roots = catalog.roots(good) if good else {}
    return {run.id: good[run.id] for run in runs if run.id in good and rules_of(run, roots[run.id]).shown(at)}


def own(user_id: int, run: Run, said: Rules, *, at: datetime) -> Own | None:
    """Where one learner stands who looks at a page of the course; None where it gives no certificates. One read for
    those who have theirs, six more for the others."""
    if not said.given:
        return None
    present = certificates_in(run.id, [user_id]).get(user_id)
    if present is not None and present.good:
        return Own(present if said.shown(at) else None, Reason.EARNED, said.shown_from)
    return Own(None, decide(said, facts_of(run, [user_id])[user_id])[1], said.shown_from)


def shown(uuid: UUID, *, at: datetime, early: bool = False) -> Shown:
    """What the page of a certificate says. ``early``: for somebody of the team, before learners may see theirs.

    Raises :class:`NoCertificate` when there is none, when nobody may see it yet, and when its learner's account is
    gone.
    """
    row = models.Certificate.objects.filter(uuid=uuid).first()
    if row is None or not row.name:
        raise NoCertificate(_("There is no such certificate."))
    run = catalog.run(catalog.keys([row.run_id])[row.run_id])
    said = rules_of(run)
    if not (early or said.shown(at)):
        raise NoCertificate(_("There is no such certificate."))
    certificate = certificate_of(row)
    design = said.design or Design(False, run.title, "", ())
    decided = None if certificate.good else decisions(row.run_id, [row.user_id]).get(row.user_id)
    taken = None if decided is None or decided.allowed else decided
    return Shown(certificate, run.key, run.org, run.number, design, run.language, taken)


def find(uuid: UUID) -> Certificate:
    """A certificate by its public number. Raises :class:`NoCertificate`."""
    row = models.Certificate.objects.filter(uuid=uuid).first()
    if row is None:
        raise NoCertificate(_("There is no such certificate."))
    return certificate_of(row)


def renew(certificate: Certificate, *, at: datetime) -> None:
    """Gives a certificate the name and grade that its learner has now. Raises :class:`CertificateError` when it is not
    good any more."""
    run = catalog.run(catalog.keys([certificate.run_id])[certificate.run_id])
    if not certificate.good or settle(run, rules_of(run), certificate.user_id, at=at, how="self", renew=True) not in (
        "renewed",
        "issued",
    ):
        raise CertificateError(_("This certificate cannot be renewed: it is not valid any more."))


def is_current(certificate: Certificate) -> bool:
    """Whether the name on a certificate is the one its learner has now. One read."""
    return certificate.name == name_of(certificate.user_id)


def standing(user_ids: Collection[int], run_id: int) -> dict[int, Standing]:
    """What reports say of each of these learners' certificates; the same few reads for one learner and for a thousand.

    Those of whom there is nothing to say have a line as well.
    """
    run = catalog.run(catalog.keys([run_id])[run_id])
    said, facts, present = rules_of(run), facts_of(run, user_ids), certificates_in(run_id, user_ids)
    return {
        user_id: Standing(
            decide(said, facts[user_id])[0] is Status.DOWNLOADABLE,
            user_id in present and present[user_id].good,
            present[user_id].mode if user_id in present else "",
        )
        for user_id in user_ids
    }


def counts(run_id: int) -> dict[Status, int]:
    """How many certificates of a run stand where. One read over an index."""
    rows = models.Certificate.objects.filter(run_id=run_id).values_list("status").annotate(count=Count("pk"))
    return {Status(status): count for status, count in rows.order_by("status")}


def issued_by_mode(run_id: int) -> dict[str, int]:
    """How many good certificates of a run there are, by mode. One read."""
    rows = models.Certificate.objects.filter(run_id=run_id, status=Status.DOWNLOADABLE)
    return dict(rows.values_list("mode").annotate(count=Count("pk")).order_by("mode"))


def certificates(
    run_id: int, *, status: Status | None = None, user_id: int | None = None, before: int | None = None, limit: int
) -> list[Certificate]:
    """Certificates of a run, newest first, older than the one of id ``before``. One read."""
    rows = models.Certificate.objects.filter(run_id=run_id).order_by("-id")
    if status is not None:
        rows = rows.filter(status=status)
    if user_id is not None:
        rows = rows.filter(user_id=user_id)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return [certificate_of(row) for row in rows[:limit]]


def allowances(run_id: int, *, after: int = 0, limit: int) -> list[Decision]:
    """The list of exceptions of a run, by learner, from the one after learner ``after`` on. One read."""
    rows = models.Decision.objects.filter(run_id=run_id, allowed=True, user_id__gt=after).order_by("user_id")
    return [decision_of(row) for row in rows[:limit]]


def decisions(run_id: int, user_ids: Collection[int]) -> dict[int, Decision]:
    """What was decided about these learners, by learner. One read."""
    rows = models.Decision.objects.filter(run_id=run_id, user_id__in=list(user_ids))
    return {row.user_id: decision_of(row) for row in rows}


def allow(run: Run, user_id: int, *, by: int, notes: str, at: datetime) -> bool:
    """Puts a learner on the list of exceptions (or gives the entry new words) and orders their certificate; whether
    they were not on it. Raises :class:`CertificateError` while an invalidation of theirs stands."""
    with transaction.atomic():
        catalog.hold(user_id, run.id)
        before = decisions(run.id, [user_id]).get(user_id)
        if before is not None and not before.allowed:
            raise CertificateError(_("Their certificate was invalidated. Take that back first."))
        _decide(run, user_id, allowed=True, by=by, notes=notes, at=at)
        order(user_id, run.key)
    return before is None


def allow_many(run: Run, notes: Mapping[int, str], *, by: int, at: datetime) -> None:
    """Puts many learners (id to words) on the list of exceptions, or gives their entries these words, and orders their
    certificates in one job. Invalidations stand."""
    wanted = {
        user_id: models.Decision(run_id=run.id, user_id=user_id, allowed=True, by_id=by, at=at, notes=words[:500])
        for user_id, words in notes.items()
    }
    with transaction.atomic():
        known = list(models.Decision.objects.filter(run_id=run.id, user_id__in=list(wanted)))
        for row in known:
            row.by_id, row.at, row.notes = by, at, wanted.pop(row.user_id).notes
        models.Decision.objects.bulk_update(
            [row for row in known if row.allowed], ["by_id", "at", "notes"], batch_size=200
        )
        models.Decision.objects.bulk_create(wanted.values(), batch_size=200, ignore_conflicts=True)
        jobs.enqueue(ISSUE_SOME, {"run": str(run.key), "user_ids": sorted(notes)}, by=by, about=str(run.key))


def disallow(run: Run, user_id: int) -> bool:
    """Takes a learner off the list of exceptions; whether they were on it. Their certificate follows the grade then."""
    with transaction.atomic():
        gone = _undecide(run, user_id, allowed=True)
        if gone:
            order(user_id, run.key)
    return gone


def invalidate(run: Run, user_id: int, *, by: int, notes: str, at: datetime) -> None:
    """Takes a learner's certificate back at once, and them off the list of exceptions. Raises :class:`CertificateError`
    when they have no good one."""
    with transaction.atomic():
        catalog.hold(user_id, run.id)
        present = certificates_in(run.id, [user_id]).get(user_id)
        if present is None or not present.good:
            raise CertificateError(_("They have no certificate that is valid: there is nothing to invalidate."))
        _decide(run, user_id, allowed=False, by=by, notes=notes, at=at)
        settle(run, rules_of(run), user_id, at=at)


def validate(run: Run, user_id: int, *, at: datetime) -> bool:
    """Takes an invalidation back: the certificate follows the grade again, at once; whether there was one."""
    with transaction.atomic():
        catalog.hold(user_id, run.id)
        gone = _undecide(run, user_id, allowed=False)
        if gone:
            settle(run, rules_of(run), user_id, at=at)
    return gone


def forget_person(user_id: int, *, at: datetime) -> None:
    """Takes the name off every certificate of somebody whose account is gone, and what the team wrote about them."""
    models.Certificate.objects.filter(user_id=user_id).update(name="", status=Status.UNAVAILABLE, modified=at)
    models.Decision.objects.filter(user_id=user_id).delete()


def _decide(run: Run, user_id: int, *, allowed: bool, by: int, notes: str, at: datetime) -> None:
    models.Decision.objects.update_or_create(
        run_id=run.id, user_id=user_id, defaults={"allowed": allowed, "by_id": by, "at": at, "notes": notes[:500]}
    )


def _undecide(run: Run, user_id: int, *, allowed: bool) -> bool:
    gone, _kinds = models.Decision.objects.filter(run_id=run.id, user_id=user_id, allowed=allowed).delete()
    return bool(gone)
