"""The mail that tells learners of their certificate, once they may see it.

It is one mail of the course, in the course's language, to which learners are added as they earn theirs: so it keeps
what every mail to many keeps (docs/decisions/0013), and who gets a certificate again is not told twice.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from lykeion.catalog import api as catalog
from lykeion.catalog.types import Run
from lykeion.certificates import api as certificates
from lykeion.certificates.types import Rules, Status
from lykeion.core.keys import CourseLocator
from lykeion.jobs import api as jobs
from lykeion.notices import api as notices
from lykeion.notices.types import CERTIFIED, Draft

CONGRATULATE: Final = "teaching.congratulate"
ONCE: Final = "certificate"
PAGE: Final = 500
_A_DAY: Final = timedelta(days=1)


def congratulate(key: CourseLocator, user_id: int, *, at: datetime) -> None:
    """Tells one learner, or orders that all are told once the course shows its certificates; part of the caller's
    transaction."""
    run = catalog.run(key)
    rules = certificates.rules(run)
    if rules.shown(at):
        _send(run, [user_id], at)
    else:
        _wait(run, rules, at)


def congratulate_all(key: CourseLocator, *, at: datetime) -> None:
    """Tells everybody who has a certificate of a run and was not told; looks again later while they are not shown."""
    run = catalog.run(key)
    rules = certificates.rules(run)
    if not rules.shown(at):
        _wait(run, rules, at)
        return
    before = None
    while page := certificates.certificates(run.id, status=Status.DOWNLOADABLE, before=before, limit=PAGE):
        _send(run, [one.user_id for one in page], at)
        before = page[-1].id


def _send(run: Run, user_ids: list[int], at: datetime) -> None:
    with translation.override(run.language or settings.LANGUAGE_CODE):
        subject = _("Your certificate: %(course)s") % {"course": "%%COURSE_DISPLAY_NAME%%"}
        html = render_to_string("teaching/mail/certificate.html")
    notices.send_too(run, user_ids, Draft(subject, html, (CERTIFIED,)), once=ONCE, at=at)


def _wait(run: Run, rules: Rules, at: datetime) -> None:
    """Until the day of the course, and a day at most: it may be set, or moved, meanwhile."""
    then = min(rules.shown_from or at + _A_DAY, at + _A_DAY)
    jobs.enqueue(CONGRATULATE, {"run": str(run.key)}, at=then, key=f"{CONGRATULATE}:{run.key}")
