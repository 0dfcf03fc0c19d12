"""Background jobs of ``authoring``: search, transfers, sweeping."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from lykeion.authoring import errands
from lykeion.authoring.api import checks, git, search, transfers, uploads
from lykeion.core.clock import now
from lykeion.core.keys import parse_run
from lykeion.jobs.api import Running, job
from lykeion.jobs.types import Json

_LONG = timedelta(hours=4)
READ_FOR_SEARCH = "authoring.read_for_search"


@job(READ_FOR_SEARCH, forget=True, title=_("Reads a course for the search in Studio"))
def read_for_search(payload: Json, running: Running) -> None:
    """Reads a course that is new or was imported, so that nobody waits for it in a search."""
    search.catch_up([parse_run(str(payload))])


@job(f"authoring.{transfers.IMPORT}", attempts=3, limit=_LONG, title=_("Import of a course"))
def import_archive(payload: Json, running: Running) -> None:
    """Replaces a course by an uploaded archive."""
    errands.carry_out(payload, running, transfers.do_import)
    transfers.put_away(payload)


@job(f"authoring.{transfers.PASTE}", attempts=3, limit=_LONG, title=_("Paste of an archive"))
def paste_archive(payload: Json, running: Running) -> None:
    """Puts what an uploaded archive holds into a draft."""
    errands.carry_out(payload, running, transfers.do_paste)
    transfers.put_away(payload)


@job(f"authoring.{transfers.EXPORT}", attempts=3, limit=_LONG, title=_("Export of a course"))
def export(payload: Json, running: Running) -> None:
    """Makes an archive of a course, or of a part of it."""
    errands.carry_out(payload, running, transfers.do_export)


@job(uploads.SWEEP, forget=True, title=_("Removes uploads that nobody goes on with"))
def sweep(_payload: Json, running: Running) -> None:
    """Forgets uploads that nobody goes on with, and archives that were made a week ago."""
    at = now()
    uploads.drop_old(at)
    errands.drop_files(at)
    if uploads.some_left() or errands.some_files_left():
        uploads.plan_sweep(at)


@job(f"authoring.{checks.CHECKS}", attempts=2, title=_("Checks of a course"))
def check(payload: Json, running: Running) -> None:
    """Looks through a whole draft for what is to be mended."""
    errands.carry_out(payload, running, checks.do_checks)


@job(f"authoring.{checks.LINKS}", attempts=2, title=_("Checks of links to other sites"))
def check_links(payload: Json, running: Running) -> None:
    """Looks whether pages elsewhere that a draft links to are there."""
    errands.carry_out(payload, running, checks.do_links)


@job(f"authoring.{git.PUSH}", attempts=2, title=_("Push to a Git repository"))
def git_push(payload: Json, running: Running) -> None:
    """Pushes a draft to its repository."""
    errands.carry_out(payload, running, git.do_push)


@job(f"authoring.{git.FETCH}", attempts=2, title=_("Comparison with a Git repository"))
def git_fetch(payload: Json, running: Running) -> None:
    """Compares a draft with its repository."""
    errands.carry_out(payload, running, git.do_fetch)


@job(f"authoring.{git.PULL}", attempts=2, title=_("Merge from a Git repository"))
def git_pull(payload: Json, running: Running) -> None:
    """Merges what is in its repository into a draft."""
    errands.carry_out(payload, running, git.do_pull)
