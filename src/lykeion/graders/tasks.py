"""Background jobs of ``graders``."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from lykeion.graders.pushing import give_up, push
from lykeion.graders.types import Unreachable
from lykeion.jobs.api import Running, job
from lykeion.jobs.types import GiveUp, Json

PUSH: Final = "graders.push"
TRIES: Final = 20
"""With the pauses between them: most of a day."""


@job(PUSH, attempts=TRIES, forget=True, title=_("Submission to a grader elsewhere"))
def push_submission(payload: Json, running: Running) -> bool:
    """Brings one submission to the queue elsewhere; whether it was still to be brought."""
    try:
        return push(payload["submission"])
    except Unreachable as error:
        if running.attempt < TRIES:
            raise
        give_up(payload["submission"], str(error))
        raise GiveUp(str(error)) from error
