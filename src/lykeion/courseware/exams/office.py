"""What those who run exams do: more time for some, another try, attempts that the clock ended."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil

from django.db import transaction
from django.utils.translation import gettext as _

from lykeion.accounts import api as accounts
from lykeion.catalog import api as catalog
from lykeion.catalog.types import Run
from lykeion.content import api as content
from lykeion.content.types import Outline, OutlineBlock
from lykeion.core.keys import CourseLocator
from lykeion.core.upsert import upsert
from lykeion.courseware.access import is_learner
from lykeion.courseware.exams.reading import attempt_of, extra_minutes
from lykeion.courseware.exams.rules import is_exam, minutes_of
from lykeion.courseware.exams.telling import tell_allowance, tell_attempt
from lykeion.courseware.gating import named
from lykeion.courseware.models import EntrancePassed, ExamAllowance
from lykeion.courseware.models import ExamAttempt as AttemptRow
from lykeion.courseware.types import ExamError, ExamLine, Granted
from lykeion.courseware.wiping import wipe
from lykeion.grades import api as grades

MOST_MINUTES = 60 * 24 * 30


def allow_exam_time(
    run_key: CourseLocator,
    user_id: int,
    exam: str,
    *,
    minutes: int | None = None,
    multiplier: float | None = None,
    at: datetime,
) -> Granted:
    """Grants a learner ``minutes`` on top of those of ``exam`` (a usage key or block id), or ``multiplier`` times the
    exam's own in all; 0 or 1 takes it back. What was granted before is replaced. Has no effect on an attempt that has
    begun.

    Raises :class:`~lykeion.courseware.types.ExamError`, ``RunMissing``.
    """
    run, outline, block = _exam(run_key, exam)
    extra = minutes if multiplier is None else ceil(minutes_of(block) * (multiplier - 1))
    if extra is None or not 0 <= extra <= MOST_MINUTES:
        raise ExamError(_("Give minutes from 0 to {most}, or a multiplier of at least 1.").format(most=MOST_MINUTES))
    if extra and not is_learner(catalog.run_and_enrolment(run.key, user_id)[1]):
        raise ExamError(_("This person does not take {run}. Enrol them first.").format(run=run_key))
    mine = {"user_id": user_id, "run_id": run.id, "ref": block.ref}
    rows = ExamAllowance.objects.filter(**mine)
    with transaction.atomic():
        before = rows.values_list("minutes", flat=True).first() or 0
        if extra:
            made = ExamAllowance(user_id=user_id, run_id=run.id, ref=block.ref, minutes=extra, modified=at)
            upsert([made], ["minutes", "modified"])
            tell_allowance("created", outline, block, user_id, extra, at)
        elif rows.delete()[0]:
            tell_allowance("deleted", outline, block, user_id, 0, at)
        begun = AttemptRow.objects.filter(**mine).exclude(started_at=None).exists()
    return Granted(extra, before, begun)


def reset_exam(run_key: CourseLocator, user_id: int, exam: str, *, by: int | None = None, at: datetime) -> bool:
    """Deletes a learner's attempt at ``exam`` with all their answers, scores and completion in it, and grades anew:
    they may start again. ``by``: who has it done (None: the command line). Whether there was an attempt.

    Raises :class:`~lykeion.courseware.types.ExamError`, ``RunMissing``.
    """
    run, outline, block = _exam(run_key, exam)
    with transaction.atomic():
        grades.hold(user_id, run.id, at)
        row = AttemptRow.objects.filter(user_id=user_id, run_id=run.id, ref=block.ref).first()
        if row is None:
            return False
        attempt = attempt_of(row)
        row.delete()
        wipe(run, user_id, block, by=by, at=at)
        tell_attempt("deleted", outline, block, user_id, attempt, at)
    return True


def resume_exam(run_key: CourseLocator, user_id: int, exam: str, *, at: datetime) -> datetime:
    """Lets the clock of an attempt that is over run on, for the minutes that are left of what was allowed (by now:
    further ones may have been granted since); when it ends. Answers stay.

    Raises :class:`~lykeion.courseware.types.ExamError` when nothing is left, it runs, or never began; ``RunMissing``.
    """
    run, outline, block = _exam(run_key, exam)
    with transaction.atomic():
        grades.hold(user_id, run.id, at)
        row = AttemptRow.objects.filter(user_id=user_id, run_id=run.id, ref=block.ref).first()
        if row is None or row.started_at is None or row.ends_at is None:
            raise ExamError(_("This learner has not begun the exam."))
        if row.completed_at is None and row.ends_at > at:
            raise ExamError(_("This attempt is still running."))
        left = _time_left(block, row, row.started_at, min(row.completed_at or row.ends_at, row.ends_at))
        if left < timedelta(minutes=1):
            raise ExamError(_("No time is left of this attempt. Allow the learner more minutes first, then resume it."))
        row.status, row.completed_at, row.ends_at = "started", None, at + left
        row.save(update_fields=["status", "completed_at", "ends_at"])
        tell_attempt("resumed", outline, block, user_id, attempt_of(row), at)
    return row.ends_at


def _time_left(exam: OutlineBlock, row: AttemptRow, began: datetime, ended: datetime) -> timedelta:
    """What was allowed (by now) without the time from the start to the end of the attempt."""
    extra = extra_minutes(row.user_id, row.run_id, exam.ref)
    allowed = timedelta(minutes=max(row.allowed_minutes, minutes_of(exam) + extra))
    return allowed - (ended - began)


def exam_learners(
    run_key: CourseLocator, exam: str, *, user_id: int | None = None, after: int = 0, limit: int = 50
) -> tuple[ExamLine, ...]:
    """Attempts and allowances in one exam by learner, past the id ``after``, or of one learner. Four reads. Raises
    :class:`~lykeion.courseware.types.ExamError`, ``RunMissing``."""
    run, _outline, block = _exam(run_key, exam)
    asked = {"run_id": run.id, "ref": block.ref, "user_id__gt": after}
    if user_id is not None:
        asked["user_id"] = user_id
    rows = AttemptRow.objects.filter(**asked).order_by("user_id")[:limit]
    attempts = {row.user_id: attempt_of(row) for row in rows}
    allowed = ExamAllowance.objects.filter(**asked).order_by("user_id").values_list("user_id", "minutes")[:limit]
    extra = dict(allowed)
    shown = sorted({*attempts, *extra})[:limit]
    people = accounts.people(shown)
    names = {one: people[one].username if one in people else str(one) for one in shown}
    return tuple(
        ExamLine(one, names[one], block.ref, block.title, extra.get(one, 0), attempts.get(one)) for one in shown
    )


def exam_lines(run_key: CourseLocator) -> tuple[ExamLine, ...]:
    """All attempts and allowances of a run. Three reads; grows with the run. Raises ``RunMissing``."""
    run, outline = catalog.run(run_key), content.outline(run_key)
    attempts = {(row.user_id, row.ref): attempt_of(row) for row in AttemptRow.objects.filter(run_id=run.id)}
    allowed = ExamAllowance.objects.filter(run_id=run.id).values_list("user_id", "ref", "minutes")
    extra = {(user_id, ref): minutes for user_id, ref, minutes in allowed}
    keys = sorted({*attempts, *extra})
    people = accounts.people({user_id for user_id, _ref in keys})
    found = []
    for user_id, ref in keys:
        person, exam = people.get(user_id), outline.get(ref)
        name, title = person.username if person else str(user_id), exam.title if exam else ref
        found.append(ExamLine(user_id, name, ref, title, extra.get((user_id, ref), 0), attempts.get((user_id, ref))))
    return tuple(found)


def skip_entrance_exam(run_key: CourseLocator, user_id: int, *, at: datetime) -> None:
    """Opens a run for one learner without its entrance exam. Raises :class:`~lykeion.courseware.types.ExamError` when
    it has none, ``RunMissing``."""
    run = catalog.run(run_key)
    if not content.outline(run_key).course.own.get("entrance_exam_enabled"):
        raise ExamError(_("{run} has no entrance exam.").format(run=run_key))
    upsert([EntrancePassed(user_id=user_id, run_id=run.id, skipped=True, at=at)], ["skipped", "at"])


def close_overdue_exams(at: datetime) -> int:
    """Submits all attempts whose time is over; how many. For jobs."""
    rows = AttemptRow.objects.filter(completed_at=None, ends_at__lte=at)
    return sum(_close(*found, at) for found in rows.values_list("pk", "user_id", "run_id"))


def _close(pk: int, user_id: int, run_id: int, at: datetime) -> bool:
    with transaction.atomic():
        grades.hold(user_id, run_id, at)  # what whoever submits holds too (attempts.py)
        row = AttemptRow.objects.filter(pk=pk, completed_at=None).first()
        if row is None or row.ends_at is None:
            return False
        row.status, row.completed_at = "submitted", row.ends_at
        row.save(update_fields=["status", "completed_at"])
        _tell_closed(row, at)
    return True


def _tell_closed(row: AttemptRow, at: datetime) -> None:
    key = catalog.keys([row.run_id]).get(row.run_id)
    outline = content.outline(key) if key is not None else None
    exam = outline.get(row.ref) if outline is not None else None
    if outline is not None and exam is not None:
        tell_attempt("submitted", outline, exam, row.user_id, attempt_of(row), row.ends_at or at)


def _exam(run_key: CourseLocator, name: str) -> tuple[Run, Outline, OutlineBlock]:
    run, outline = catalog.run(run_key), content.outline(run_key)
    exam = named(outline, name)
    if exam is None or not is_exam(exam):
        raise ExamError(_("{name} is no timed subsection of {run}.").format(name=name, run=run_key))
    return run, outline, exam
