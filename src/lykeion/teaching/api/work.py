"""What a teacher does about learners' work in a problem: for one of them at once, for all of them as a job."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, cast, get_args

from django.db import transaction
from django.utils.translation import gettext as _

from lykeion.accounts.types import Person
from lykeion.content import api as content
from lykeion.content.types import OutlineBlock
from lykeion.courseware import api as courseware
from lykeion.courseware.types import Rework, Reworked, WorkInBlock
from lykeion.grades import api as grades
from lykeion.grades.types import Score
from lykeion.jobs import api as jobs
from lykeion.jobs.types import JobStatus
from lykeion.teaching.api import courses, deeds
from lykeion.teaching.api.gradebook import learner
from lykeion.teaching.taken import refusals
from lykeion.teaching.types import Capability, Deed, Teacher, TeachingError

__all__ = [
    "LearnerWork",
    "Problem",
    "Task",
    "affected",
    "do",
    "entrance",
    "of_learner",
    "one",
    "order",
    "problems",
    "set_score",
    "skip_entrance",
    "tasks",
]

REWORK: Final = "teaching.rework"
ALL: Final = "_all"
SHOWN_TASKS: Final = 20


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that can be scored, with the section and subsection it is in."""

    ref: str
    title: str
    section: str
    subsection: str


@dataclass(frozen=True, slots=True)
class LearnerWork:
    """A learner, and each problem with its score (None: not answered)."""

    learner: Person
    problems: tuple[tuple[Problem, Score | None], ...]


@dataclass(frozen=True, slots=True)
class Task:
    """Something that was ordered for all learners: the entry of the log, and how its job stands (None: forgotten)."""

    deed: Deed
    title: str
    job: JobStatus | None


def problems(teacher: Teacher) -> tuple[Problem, ...]:
    """All that can be scored in the course as it is published, in its order."""
    outline = content.outline(teacher.run.key)
    found = []
    for section in outline.children(outline.course):
        for subsection in outline.children(section):
            found += [
                Problem(block.ref, block.title, section.title, subsection.title)
                for block in outline.subtree(subsection)
                if block.facts.has_score
            ]
    return tuple(found)


def entrance(teacher: Teacher) -> str:
    """The ref of the section that is the entrance exam; '' without one."""
    return courseware.entrance_exam(teacher.run.key)


def of_learner(teacher: Teacher, user_id: int) -> LearnerWork:
    """The scores of a learner by problem. Two reads."""
    raw = grades.scores(user_id, teacher.run.id)
    outline = content.outline(teacher.run.key)
    lines = [(one, _score(outline.get(one.ref), raw.get(one.ref))) for one in problems(teacher)]
    return LearnerWork(learner(teacher, user_id), tuple(lines))


def _score(block: OutlineBlock | None, raw: tuple[float, float, datetime | None] | None) -> Score | None:
    if block is None or raw is None:
        return None
    weight = block.own.get("weight")
    earned, possible = raw[0], raw[1]
    if weight is not None and possible:
        earned, possible = earned * float(weight) / possible, float(weight)
    return Score(earned, possible, True, raw[2])


def one(teacher: Teacher, user_id: int, ref: str, *, at: datetime) -> WorkInBlock:
    """What a learner did in one problem, with every attempt. Raises :class:`TeachingError`."""
    learner(teacher, user_id)
    with refusals():
        return courseware.work_in(teacher.run.key, user_id, ref, at=at)


def do(teacher: Teacher, user_id: int, ref: str, what: str, *, reason: str = "", at: datetime) -> Reworked:
    """Does ``what`` to one learner's work in a block or in all that is in it. Raises :class:`TeachingError`."""
    courses.require(teacher, Capability.GRADE)
    learner(teacher, user_id)

    def log(block: str) -> None:
        details = {"block": block, "title": title_of(teacher, block)}
        deeds.record(teacher, what, about=user_id, reason=reason, details=details, at=at)

    run, by = teacher.run.key, teacher.person.id
    with refusals():
        return courseware.rework(run, user_id, ref, _known(what), by=by, at=at, also=log)


def set_score(teacher: Teacher, user_id: int, ref: str, earned: float, *, reason: str, at: datetime) -> None:
    """Sets a learner's points in a problem. Raises :class:`TeachingError`."""
    courses.require(teacher, Capability.GRADE)
    before = one(teacher, user_id, ref, at=at)

    def log(block: str) -> None:
        details = {"block": block, "title": before.title, "from": before.earned, "to": earned, "of": before.possible}
        deeds.record(teacher, "set_score", about=user_id, reason=reason, details=details, at=at)

    with refusals():
        courseware.set_score(teacher.run.key, user_id, ref, earned, by=teacher.person.id, at=at, also=log)


def skip_entrance(teacher: Teacher, user_id: int, *, at: datetime) -> None:
    """Opens the course for a learner without its entrance exam. Raises :class:`TeachingError`."""
    courses.require(teacher, Capability.GRADE)
    with refusals(), transaction.atomic():
        courseware.skip_entrance_exam(teacher.run.key, learner(teacher, user_id).id, at=at)
        deeds.record(teacher, "skip_entrance", about=user_id, at=at)


def affected(teacher: Teacher, ref: str) -> int:
    """How many learners have work in a block (or in what is in it). One read. Raises :class:`TeachingError`."""
    return courseware.count_with_work(teacher.run.id, refs_in(teacher, ref))


def order(teacher: Teacher, ref: str, what: str, *, reason: str = "", at: datetime) -> int:
    """Orders ``what`` for all learners with work in a block; the id of the job. Raises :class:`TeachingError`, also
    while the same is under way."""
    courses.require(teacher, Capability.GRADE_ALL)
    refs_in(teacher, ref)
    payload = {"run": str(teacher.run.key), "ref": ref, "what": _known(what)}
    if jobs.under_way(REWORK, payload, about=str(teacher.run.key), limit=1):
        raise TeachingError(_("This is being done already. See how far it is below."))
    with transaction.atomic():
        title = title_of(teacher, ref)
        job = jobs.enqueue(
            REWORK,
            {**payload, "by": teacher.person.id},
            by=teacher.person.id,
            title=title,
            about=str(teacher.run.key),
        )
        details = {"block": ref, "title": title, "job": job}
        deeds.record(teacher, what + ALL, reason=reason, details=details, at=at)
    return job


def tasks(teacher: Teacher) -> tuple[Task, ...]:
    """The latest that was ordered for all learners, newest first. Three reads."""
    whats = [what + ALL for what in get_args(Rework)]
    found, _more = deeds.log(teacher, whats=whats, limit=SHOWN_TASKS)
    stand = jobs.statuses([deed.details["job"] for deed in found])
    return tuple(Task(deed, str(deed.details.get("title", "")), stand.get(deed.details["job"])) for deed in found)


def refs_in(teacher: Teacher, ref: str) -> list[str]:
    """What can be scored in a block. Raises :class:`TeachingError` when nothing can."""
    block = content.outline(teacher.run.key).get(ref)
    refs = [] if block is None else [one.ref for one in courseware.scorables(teacher.run.key, block)]
    if not refs:
        raise TeachingError(_("There is nothing to score in {ref}. Choose a problem of the list.").format(ref=ref))
    return refs


def title_of(teacher: Teacher, ref: str) -> str:
    """The title of a block; its ref when it is gone."""
    block = content.outline(teacher.run.key).get(ref)
    return block.title if block is not None else ref


def _known(what: str) -> Rework:
    if what not in get_args(Rework):
        raise TeachingError(_("There is no such action."))
    return cast(Rework, what)
