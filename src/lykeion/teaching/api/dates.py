"""Due dates of single learners, timed exams of single learners (openedx.md §2.1: Extensions, Special exams)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction

from lykeion.content import api as content
from lykeion.courseware import api as courseware
from lykeion.courseware.types import DueLine, ExamLine, Granted
from lykeion.teaching.api import courses, deeds
from lykeion.teaching.api.gradebook import learner
from lykeion.teaching.taken import refusals
from lykeion.teaching.types import Capability, Teacher

__all__ = [
    "PAGE",
    "Dated",
    "allow_time",
    "dated",
    "delete_attempt",
    "exam_lines",
    "exams",
    "extend",
    "given",
    "reset",
    "resume",
]

PAGE: Final = 50
_SUBSECTION: Final = 2


@dataclass(frozen=True, slots=True)
class Dated:
    """A subsection that is due, and when (None: counted from when a learner began)."""

    ref: str
    title: str
    due: datetime | None


def dated(teacher: Teacher) -> tuple[Dated, ...]:
    """The subsections of the course that can be extended, in its order."""
    found = courseware.extendable(teacher.run.key)
    return tuple(Dated(block.ref, block.title, block.settings.get("due")) for block in found)


def given(teacher: Teacher, *, user_id: int | None, ref: str, after: int) -> tuple[tuple[DueLine, ...], bool]:
    """The dates given to one learner, or for one subsection by learner past the id ``after``; whether there are more.
    Three reads."""
    if user_id is not None:
        return courseware.own_dues(teacher.run.key, user_id=user_id, ref=ref or None), False
    found = courseware.own_dues(teacher.run.key, ref=ref, after=after, limit=PAGE + 1)
    ordered = sorted(found, key=lambda line: line.user_id)
    return tuple(ordered[:PAGE]), len(ordered) > PAGE


def extend(teacher: Teacher, user_id: int, ref: str, due: datetime, *, reason: str, at: datetime) -> DueLine:
    """Gives a learner more time for a subsection. Raises :class:`TeachingError`."""
    courses.require(teacher, Capability.EXTEND)
    with refusals(), transaction.atomic():
        before = courseware.own_dues(teacher.run.key, user_id=user_id, ref=ref)
        line = courseware.set_due(teacher.run.key, learner(teacher, user_id).id, ref, due, by=teacher.person.id, at=at)
        was = before[0].due.isoformat() if before else None
        details = {"subsection": ref, "title": line.title, "from": was, "to": due.isoformat()}
        deeds.record(teacher, "extend", about=user_id, reason=reason, details=details, at=at)
    return line


def reset(teacher: Teacher, user_id: int, ref: str, *, at: datetime) -> bool:
    """Takes a learner's own date back; whether there was one."""
    courses.require(teacher, Capability.EXTEND)
    with transaction.atomic():
        had = courseware.reset_due(teacher.run.key, user_id, ref)
        if had:
            deeds.record(teacher, "reset_due", about=user_id, details={"subsection": ref}, at=at)
    return had


def exams(teacher: Teacher) -> tuple[Dated, ...]:
    """The timed exams of the course."""
    outline = content.outline(teacher.run.key)
    return tuple(
        Dated(block.ref, block.title, block.settings.get("due"))
        for block in outline.blocks
        if block.depth == _SUBSECTION and block.own.get("is_time_limited")
    )


def exam_lines(teacher: Teacher, ref: str, *, user_id: int | None, after: int) -> tuple[tuple[ExamLine, ...], bool]:
    """Attempts and allowances in one exam past the learner ``after``; whether there are more. Four reads. Raises
    :class:`TeachingError`."""
    with refusals():
        found = courseware.exam_learners(teacher.run.key, ref, user_id=user_id, after=after, limit=PAGE + 1)
    return found[:PAGE], len(found) > PAGE


def allow_time(
    teacher: Teacher, user_id: int, ref: str, *, minutes: int | None, multiplier: float | None, at: datetime
) -> Granted:
    """Grants a learner more minutes for an exam, or ``multiplier`` times its own; 0 or 1 takes it back. Raises
    :class:`TeachingError`."""
    courses.require(teacher, Capability.EXTEND)
    who = learner(teacher, user_id)
    with refusals(), transaction.atomic():
        made = courseware.allow_exam_time(teacher.run.key, who.id, ref, minutes=minutes, multiplier=multiplier, at=at)
        details = {"exam": ref, "from": made.before, "to": made.minutes}
        deeds.record(teacher, "allow_time", about=user_id, details=details, at=at)
    return made


def delete_attempt(teacher: Teacher, user_id: int, ref: str, *, reason: str, at: datetime) -> bool:
    """Deletes an attempt with all answers in it, so that the learner may start again; whether there was one."""
    courses.require(teacher, Capability.EXTEND)
    who = learner(teacher, user_id)
    with refusals(), transaction.atomic():
        had = courseware.reset_exam(teacher.run.key, who.id, ref, by=teacher.person.id, at=at)
        if had:
            deeds.record(teacher, "delete_attempt", about=user_id, reason=reason, details={"exam": ref}, at=at)
    return had


def resume(teacher: Teacher, user_id: int, ref: str, *, reason: str, at: datetime) -> datetime:
    """Lets the clock of an attempt that is over run on; when it ends now. Raises :class:`TeachingError`."""
    courses.require(teacher, Capability.EXTEND)
    who = learner(teacher, user_id)
    with refusals(), transaction.atomic():
        ends = courseware.resume_exam(teacher.run.key, who.id, ref, at=at)
        details = {"exam": ref, "ends": ends.isoformat()}
        deeds.record(teacher, "resume_attempt", about=user_id, reason=reason, details=details, at=at)
    return ends
