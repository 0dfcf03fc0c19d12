"""Reading the tables of ``certificates`` and what counts about learners; a known number of reads for any of them."""

from __future__ import annotations

from collections.abc import Collection

from lykeion.accounts import api as accounts
from lykeion.accounts.types import Role
from lykeion.catalog import api as catalog
from lykeion.catalog.types import Run
from lykeion.certificates import models
from lykeion.certificates.rules import Facts, read_rules
from lykeion.certificates.types import Certificate, Decision, Rules, Status
from lykeion.content import api as content
from lykeion.content.types import ObjectId
from lykeion.grades import api as grades


def rules_of(run: Run, root: ObjectId | None = None) -> Rules:
    """What a run says about its certificates, as published or in ``root``. One read (of where the published root is),
    the rest from the cache of this process."""
    course = content.part(root or content.head(run.key), "course")
    return read_rules(run, course.fields if course else {})


def facts_of(run: Run, user_ids: Collection[int]) -> dict[int, Facts]:
    """What counts about these learners. Four reads, whatever their number."""
    enrolments = catalog.enrolments_in(run.id, user_ids)
    marks = grades.marks(run.id, user_ids)
    decided = models.Decision.objects.filter(run_id=run.id, user_id__in=list(user_ids))
    allowed = dict(decided.values_list("user_id", "allowed"))
    beta = accounts.members(run.org, run.key, [Role.BETA_TESTER])
    nothing = grades.NO_MARK
    return {
        user_id: Facts(
            enrolments.get(user_id),
            marks.get(user_id, nothing).passed,
            marks.get(user_id, nothing).percent,
            allowed.get(user_id) is True,
            allowed.get(user_id) is False,
            user_id in beta,
        )
        for user_id in user_ids
    }


def certificates_in(run_id: int, user_ids: Collection[int]) -> dict[int, Certificate]:
    """The certificates of these learners in a run, by learner. One read."""
    found = models.Certificate.objects.filter(run_id=run_id, user_id__in=list(user_ids))
    return {row.user_id: certificate_of(row) for row in found}


def certificate_of(row: models.Certificate) -> Certificate:
    """The value of a row."""
    return Certificate(
        row.pk,
        row.uuid,
        row.user_id,
        row.run_id,
        Status(row.status),
        row.mode,
        row.name,
        row.grade,
        row.issued,
        row.modified,
    )


def decision_of(row: models.Decision) -> Decision:
    """The value of a row."""
    return Decision(row.user_id, row.allowed, row.by_id, row.at, row.notes)
