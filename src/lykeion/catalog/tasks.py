"""Background jobs of ``catalog``."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from lykeion.catalog import api
from lykeion.jobs.api import Running, job
from lykeion.jobs.types import Json

CATCH_UP = "catalog.catch_up"


@job(CATCH_UP, forget=True, title=_("Looks for published courses that the catalog does not offer yet"))
def catch_up(_payload: Json, running: Running) -> None:
    """Offers what was published while a process died between moving the ref and telling the catalog."""
    api.catch_up()
