"""Background jobs of ``certificates``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from lykeion.catalog import api as catalog
from lykeion.catalog.types import Run
from lykeion.certificates.issuing import settle, settle_many
from lykeion.certificates.models import Certificate
from lykeion.certificates.rows import rules_of
from lykeion.core.clock import now
from lykeion.jobs.api import Running, job
from lykeion.jobs.types import Json

ISSUE: Final = "certificates.issue"
ISSUE_SOME: Final = "certificates.issue_some"
ISSUE_ALL: Final = "certificates.issue_all"
CHUNK: Final = 200


@job(ISSUE, forget=True, title=_("Certificate of one learner"))
def issue(payload: Json, running: Running) -> None:
    """Brings one learner's certificate in a run into line with their grade."""
    run = catalog.run(payload["run"])
    settle(run, rules_of(run), payload["user_id"], at=now())


@job(ISSUE_SOME, title=_("Certificates of the people of a list"))
def issue_some(payload: Json, running: Running) -> dict[str, int]:
    """Brings the certificates of the learners ``user_ids`` into line; how many of which outcome."""
    run, user_ids = catalog.run(payload["run"]), payload["user_ids"]
    rules, done = rules_of(run), Counter[str]()
    for start in range(0, len(user_ids), CHUNK):
        done += settle_many(run, rules, user_ids[start : start + CHUNK], at=now(), renew=False)
        running.progress(done.total(), len(user_ids))
    return dict(done)


@job(ISSUE_ALL, title=_("Certificates of a course"))
def issue_all(payload: Json, running: Running) -> dict[str, int]:
    """Certificates for all who take a run and have earned one; with ``status``: anew for those whose certificate stands
    there. How many were ``issued``, ``renewed``, ``withdrawn``, left as they are, or did not earn one."""
    run = catalog.run(payload["run"])
    status = payload.get("status") or ""
    total = _standing(run, status).count() if status else catalog.learners(run.key)
    rules, done = rules_of(run), Counter[str]()
    for user_ids in _with_status(run, status) if status else _taking(run):
        done += settle_many(run, rules, user_ids, at=now(), renew=bool(status))
        running.progress(min(done.total(), total), total)
    return dict(done)


def _taking(run: Run) -> Iterator[list[int]]:
    last = 0
    while user_ids := catalog.learners_after(run.id, last, CHUNK):
        yield user_ids
        last = user_ids[-1]


def _with_status(run: Run, status: str) -> Iterator[list[int]]:
    last = 0
    while rows := list(_standing(run, status).filter(pk__gt=last).order_by("id").values_list("pk", "user_id")[:CHUNK]):
        yield [user_id for _pk, user_id in rows]
        last = rows[-1][0]


def _standing(run: Run, status: str) -> QuerySet[Certificate]:
    return Certificate.objects.filter(run_id=run.id, status=status)
