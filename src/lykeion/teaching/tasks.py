"""Background jobs of ``teaching``. Each goes on where a killed worker stopped, and may repeat a chunk."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from lykeion.accounts import api as accounts
from lykeion.content.types import RunMissing
from lykeion.core import parcels
from lykeion.core.clock import now
from lykeion.core.keys import parse_run
from lykeion.courseware import api as courseware
from lykeion.courseware.types import Reworked, ReworkRefused
from lykeion.jobs.api import Running, job
from lykeion.jobs.types import GiveUp, Json
from lykeion.teaching import congratulating
from lykeion.teaching.api import courses, gradefile, lists, work
from lykeion.teaching.types import Capability, Teacher, TeachingError

CHUNK: Final = 20  # learners between two signs of life
MOST_WORDS: Final = 50
LONG: Final = timedelta(hours=12)


@job(work.REWORK, queue="reports", limit=LONG, title=_("Work of all learners in a problem"))
def rework_all(payload: Json, running: Running) -> Json:
    """Does one thing to the work of all learners in a problem: ``{"after", "done", "failed", "nothing", "words"}``."""
    teacher = _teacher(payload, Capability.GRADE_ALL)
    refs = work.refs_in(teacher, payload["ref"])
    kept: dict[str, Any] = running.kept or {"after": 0, "done": 0, "failed": 0, "nothing": 0, "words": []}
    total = courseware.count_with_work(teacher.run.id, refs)
    running.progress(_gone_through(kept), max(total, _gone_through(kept)))
    while learners := courseware.learners_with_work(teacher.run.id, refs, after=kept["after"], limit=CHUNK):
        for user_id in learners:
            _rework(teacher, user_id, payload, kept)
        kept["after"] = learners[-1]
        running.progress(_gone_through(kept), max(total, _gone_through(kept)), kept=kept)
    return kept


def _rework(teacher: Teacher, user_id: int, payload: Json, kept: dict[str, Any]) -> None:
    run, by = teacher.run.key, teacher.person.id
    try:
        made = courseware.rework(run, user_id, payload["ref"], payload["what"], by=by, at=now())
    except ReworkRefused as error:  # the account is gone
        made = Reworked(failed=1, words=str(error))
    kept["failed" if made.failed else "done" if made.done else "nothing"] += 1
    if made.words and len(kept["words"]) < MOST_WORDS:
        person = accounts.people([user_id]).get(user_id)
        kept["words"].append(f"{person.username if person else user_id}: {made.words}")


def _gone_through(kept: dict[str, Any]) -> int:
    return int(kept["done"] + kept["failed"] + kept["nothing"])


@job(lists.WORK, attempts=5, queue="reports", limit=LONG, title=_("List of people"))
def work_on_list(payload: Json, running: Running) -> None:
    """Does a list of people, or takes it back."""
    lists.work_on(int(payload["list"]), running)


@job(gradefile.TEMPLATE, queue="reports", limit=LONG, title=_("File of all grades"))
def make_template(payload: Json, running: Running) -> Json:
    """The grades of a course as a file to fill in: ``{"files", "after", "done"}``."""
    return gradefile.write_template(_teacher(payload, Capability.GRADE), running)


@job(gradefile.CHECK, queue="reports", limit=LONG, title=_("Look at an uploaded file of grades"))
def check_file(payload: Json, running: Running) -> Json:
    """Looks at an uploaded file: a :class:`~lykeion.teaching.api.gradefile.Preview` as a dictionary."""
    try:
        return asdict(gradefile.check_kept(_teacher(payload, Capability.GRADE), payload["file"], running))
    except TeachingError as error:  # it is no such file
        raise GiveUp(str(error)) from error


@job(gradefile.APPLY, queue="reports", limit=LONG, title=_("Uploaded file of grades"))
def apply_file(payload: Json, running: Running) -> Json:
    """Puts a checked file into force: ``{"line", "changed", "same", "refused", "files"}``."""
    if not parcels.storage().exists(payload["file"]):
        raise GiveUp("The uploaded file is gone. Upload it again.")
    return gradefile.apply(_teacher(payload, Capability.GRADE), payload["file"], running)


@job(gradefile.DROP, forget=True, title=_("Removes files of grades whose time is over"))
def drop_files(payload: Json, _running: Running) -> None:
    """Removes files whose time is over."""
    parcels.drop(payload["files"])


@job(congratulating.CONGRATULATE, queue="mail", title=_("Tells learners of their certificates"))
def congratulate_all(payload: Json, _running: Running) -> None:
    """Tells learners of their certificates, now that they may see them."""
    congratulating.congratulate_all(parse_run(payload["run"]), at=now())


def _teacher(payload: Json, needs: Capability) -> Teacher:
    """Who ordered a job, if they still may do what it does."""
    person = accounts.people([payload["by"]]).get(payload["by"])
    if person is None or not person.is_active:
        raise GiveUp("Who ordered this has no account any more.")
    try:
        teacher = courses.enter(person, parse_run(payload["run"]))
        courses.require(teacher, needs)
    except (RunMissing, TeachingError) as error:
        raise GiveUp(str(error)) from error
    return teacher
