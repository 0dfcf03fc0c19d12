"""The door of ``grades``: record what was earned, tell what it makes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType

from django.db import transaction

from lykeion.content.types import Outline, OutlineBlock
from lykeion.core.prepared import Ids
from lykeion.grades import bulk, record, rows, tell
from lykeion.grades.models import BlockScore
from lykeion.grades.models import CourseGrade as CourseGradeRow
from lykeion.grades.models import SubsectionGrade as SubsectionGradeRow
from lykeion.grades.policy import Policy, PolicyError, average_of, fraction, grade_course, policy_trouble, read_policy
from lykeion.grades.sheet import RawScore, Scorable, Sheet, SheetLine, make_line, make_sheet
from lykeion.grades.types import (
    NO_MARK,
    BookRow,
    Cause,
    CourseGrade,
    Mark,
    NewScore,
    Override,
    Progress,
    ProgressLine,
    Standing,
    SubsectionGrade,
)

FROZEN_AFTER = timedelta(days=30)
ANSWERED = tell.ANSWERED
RESCORED, OVERRIDDEN, STATE_DELETED = tell.RESCORED, tell.OVERRIDDEN, tell.STATE_DELETED
NO_DUES: Mapping[str, datetime] = MappingProxyType({})

__all__ = [
    "ANSWERED",
    "NO_MARK",
    "OVERRIDDEN",
    "RESCORED",
    "STATE_DELETED",
    "NewScore",
    "Policy",
    "PolicyError",
    "Scorable",
    "Sheet",
    "average",
    "book",
    "count_graded",
    "course_grade",
    "fraction",
    "graded_learners",
    "graded_totals",
    "has_grade",
    "hold",
    "is_frozen",
    "make_sheet",
    "marks",
    "override_subsection",
    "passed_runs",
    "policy_trouble",
    "possible_in",
    "progress",
    "read_policy",
    "recompute",
    "recompute_many",
    "record_score",
    "record_scores",
    "remove_override",
    "scored_learners",
    "scores",
    "scores_of",
    "sheet_of",
    "subsection_grades",
    "with_percent",
]


def sheet_of(
    outline: Outline, visible: Callable[[OutlineBlock], bool], grading_policy: Mapping[str, object] | None
) -> Sheet:
    """What there is to earn for those who see the blocks that are ``visible``. Costs a walk over the course: keep it.

    ``grading_policy`` is the course's field of that name. Raises :class:`~lykeion.grades.policy.PolicyError`.
    """
    return make_sheet(outline, visible, read_policy(grading_policy))


def hold(user_id: int, run_id: int, at: datetime) -> Standing:
    """Locks a learner's grade in a run until the transaction ends; every write of their state there holds it first."""
    return rows.lock(user_id, run_id, at)


def record_score(
    *,
    user_id: int,
    run_id: int,
    sheet: Sheet,
    ref: str,
    raw_earned: float | None,
    raw_possible: float | None,
    only_if_higher: bool = False,
    deleted: bool = False,
    at: datetime,
) -> CourseGrade | None:
    """Keeps one raw score of a learner, with the subsection and course grade it makes, in the caller's transaction.

    Returns the new course grade (without lines), or None where ``only_if_higher`` kept the old score.
    Emits ``edx.grades.*`` events and sends the signals of this app once committed.
    """
    score = NewScore(ref, raw_earned, raw_possible, only_if_higher, deleted)
    standing = hold(user_id, run_id, at)
    return record_scores(user_id=user_id, run_id=run_id, sheet=sheet, scores=[score], standing=standing, at=at)


def record_scores(
    *,
    user_id: int,
    run_id: int,
    sheet: Sheet,
    scores: Sequence[NewScore],
    standing: Standing,
    frozen: bool = False,
    cause: Cause = tell.ANSWERED,
    at: datetime,
) -> CourseGrade | None:
    """As :func:`record_score` for several scores at once; ``standing`` is what :func:`hold` gave.

    ``frozen`` (see :func:`is_frozen`): the scores are kept, the grades stay as they are. ``cause``: an answer, or what
    the team did.
    """
    return record.record(
        user_id=user_id,
        run_id=run_id,
        sheet=sheet,
        scores=scores,
        standing=standing,
        frozen=frozen,
        cause=cause,
        at=at,
    )


def is_frozen(end: datetime | None, at: datetime) -> bool:
    """Whether the grades of a run that ended at ``end`` stay as they are: 30 days later
    (Open edX: ``grades.enforce_freeze_grade_after_course_end``)."""
    return end is not None and at > end + FROZEN_AFTER


def recompute(*, user_id: int, run_id: int, sheet: Sheet, at: datetime) -> CourseGrade:
    """Computes all of a learner's grades in a run anew from their scores (new policy, new groups); overrides stay."""
    return recompute_many(run_id, {user_id: sheet}, at=at)[user_id]


def recompute_many(run_id: int, sheets: Mapping[int, Sheet], *, at: datetime) -> dict[int, CourseGrade]:
    """As :func:`recompute`, for learners of a run by id, in one transaction that holds all of them: let them be few
    enough that nobody who answers meanwhile waits long."""
    with transaction.atomic():
        return record.recompute(run_id, sheets, at)


def override_subsection(
    *,
    user_id: int,
    run_id: int,
    sheet: Sheet,
    ref: str,
    override: Override,
    reason: str = "",
    system: str = "GRADEBOOK",
    at: datetime,
) -> CourseGrade:
    """Puts ``override`` in the place of a subsection's computed totals until it is removed; regrading keeps it."""
    with transaction.atomic():
        standing = hold(user_id, run_id, at)
        if ref not in rows.read_totals(user_id, run_id):
            _write_untouched(user_id, run_id, sheet, ref, at)
        SubsectionGradeRow.objects.filter(user_id=user_id, run_id=run_id, ref=ref).update(
            override_earned_all=override.earned_all,
            override_possible_all=override.possible_all,
            override_earned_graded=override.earned_graded,
            override_possible_graded=override.possible_graded,
            override_reason=reason,
            override_system=system,
            modified=at,
        )
        why = tell.occasion(user_id, run_id, sheet.run, tell.SUBSECTION_OVERRIDDEN, at)
        tell.tell_override(why, ref, deleted=override == Override())
        return record.regrade_course(why, sheet, standing)


def remove_override(*, user_id: int, run_id: int, sheet: Sheet, ref: str, at: datetime) -> CourseGrade:
    """Lets the computed totals of a subsection count again."""
    return override_subsection(
        user_id=user_id, run_id=run_id, sheet=sheet, ref=ref, override=Override(), system="", at=at
    )


def _write_untouched(user_id: int, run_id: int, sheet: Sheet, ref: str, at: datetime) -> None:
    line = sheet.line(ref)
    possible = (line.possible_all, line.possible_graded) if line else (0.0, 0.0)
    rows.write_totals(user_id, run_id, {ref: ((0.0, possible[0], 0.0, possible[1]), None)}, at)


def passed_runs(user_id: int, run_ids: Sequence[int]) -> frozenset[int]:
    """Those of ``run_ids`` that a learner passes or once passed: in Open edX, too, a milestone stays. One query."""
    rows = CourseGradeRow.objects.filter(user_id=user_id, run_id__in=run_ids, passed_at__isnull=False)
    return frozenset(rows.values_list("run_id", flat=True))


def marks(run_id: int, user_ids: Collection[int]) -> dict[int, Mark]:
    """The course grades of these learners in a run, of those who have one. One query, over their keys."""
    rows = CourseGradeRow.objects.filter(run_id=run_id, user_id__in=list(user_ids))
    return {row[0]: Mark(*row[1:]) for row in rows.values_list("user_id", "percent", "letter", "passed")}


def has_grade(user_id: int, run_id: int) -> bool:
    """Whether anything of a learner was ever graded in a run. One query."""
    return CourseGradeRow.objects.filter(user_id=user_id, run_id=run_id).exists()


def graded_learners(run_id: int, *, after: int = 0, limit: int = 100) -> tuple[int, ...]:
    """The ids of at most ``limit`` who have a grade in a run, in order, past ``after``."""
    rows = CourseGradeRow.objects.filter(run_id=run_id, user_id__gt=after).order_by("user_id")
    return tuple(rows.values_list("user_id", flat=True)[:limit])


def scored_learners(run_id: int, refs: Collection[str], *, after: int = 0, limit: int = 100) -> tuple[int, ...]:
    """The ids of at most ``limit`` who have a score in one of these blocks, in order, past ``after``. One short read
    over an index for each block."""
    found: set[int] = set()
    for ref in refs:
        rows = BlockScore.objects.filter(run_id=run_id, ref=ref, user_id__gt=after).order_by("user_id")
        found.update(rows.values_list("user_id", flat=True)[:limit])
    return tuple(sorted(found)[:limit])


def count_graded(run_id: int) -> int:
    """How many have a grade in a run. One read over an index."""
    return CourseGradeRow.objects.filter(run_id=run_id).count()


def policies_used() -> dict[int, set[str]]:
    """For each run the hashes of the rules that grades in it were computed by. One query over an index: for jobs."""
    rows = CourseGradeRow.objects.exclude(policy_hash="").values_list("run_id", "policy_hash").distinct()
    found: dict[int, set[str]] = {}
    for run_id, policy in rows:
        found.setdefault(run_id, set()).add(policy)
    return found


def book(run_id: int, user_ids: Collection[int]) -> dict[int, BookRow]:
    """The stored grades of these learners, each as a line of a gradebook; who has none is left out. Two reads."""
    return bulk.book(run_id, user_ids)


def with_percent(run_id: int, low: float, high: float) -> Ids:
    """The ids of those whose stored course grade is between these fractions, both included, for another query."""
    return Ids(CourseGradeRow, bulk.between, (run_id, low, high))


def scores_of(
    run_id: int, user_ids: Collection[int], refs: Collection[str] | None = None
) -> dict[int, dict[str, tuple[float, float]]]:
    """The raw scores of these learners: (earned, possible) of each block (of ``refs``) they attempted. One read."""
    return bulk.scores(run_id, user_ids, refs)


def average(policy: Policy, kind: str, percents: Sequence[float]) -> float | None:
    """What these subsections of an assignment type make, the lowest dropped and missing ones counted as nothing; None
    for what is no type of ``policy``."""
    return average_of(policy, kind, percents)


def close(user_id: int, run_id: int) -> None:
    """Leaves a grade as it is for good: its learner's account is gone, and no rules apply to it any more."""
    CourseGradeRow.objects.filter(user_id=user_id, run_id=run_id).update(policy_hash="")


def scores(user_id: int, run_id: int, refs: Sequence[str] | None = None) -> dict[str, RawScore]:
    """The raw scores of a learner: ref to (earned, possible, first attempted)."""
    return rows.read_scores(user_id, run_id, refs)


def subsection_grades(user_id: int, run_id: int, sheet: Sheet) -> tuple[SubsectionGrade, ...]:
    """The grade of every subsection of ``sheet`` in course order, attempted or not. Two queries."""
    raw = rows.read_scores(user_id, run_id)
    stored = rows.read_totals(user_id, run_id)
    return tuple(_subsection_grade(line, raw, stored.get(line.ref)) for line in sheet.lines)


def _subsection_grade(line: SheetLine, raw: Mapping[str, RawScore], stored: rows.Stored | None) -> SubsectionGrade:
    untouched = (0.0, line.possible_all, 0.0, line.possible_graded)
    totals, first, overridden = stored or (untouched, None, False)
    return SubsectionGrade(
        line.ref, line.title, line.format, *totals,
        percent=fraction(totals[2], totals[3]),
        scores=line.scores(raw),
        attempted=first is not None,
        overridden=overridden,
    )  # fmt: skip


def graded_totals(user_id: int, run_id: int) -> dict[str, tuple[float, float]]:
    """(earned, possible) of the graded blocks in each subsection that a learner attempted, overrides in force.
    One query."""
    return {ref: (totals[2], totals[3]) for ref, (totals, _first, _own) in rows.read_totals(user_id, run_id).items()}


def possible_in(outline: Outline, subsection: OutlineBlock, visible: Callable[[OutlineBlock], bool]) -> float:
    """The graded points to earn in a subsection by somebody who attempted nothing in it. Costs a walk over it."""
    return make_line(outline, subsection, visible).possible_graded


def course_grade(user_id: int, run_id: int, sheet: Sheet) -> CourseGrade:
    """The course grade with all its lines, hidden subsections included: the grade that counts."""
    grades = zip(sheet.lines, subsection_grades(user_id, run_id, sheet), strict=True)
    return grade_course(sheet.policy, [grade for line, grade in grades if line.graded])


def progress(
    user_id: int, run_id: int, sheet: Sheet, *, staff: bool, at: datetime, dues: Mapping[str, datetime] = NO_DUES
) -> Progress:
    """The grades that a learner (or ``staff``, looking at one) may see at ``at``. Two queries.

    ``dues`` are the learner's own due dates by ref of a subsection, in place of what the author set.
    """
    own = [replace(line, due=dues[line.ref]) if line.ref in dues else line for line in sheet.lines]
    lines = tuple(
        ProgressLine(grade, line.graded, line.due, hidden_because(line, staff=staff, at=at))
        for line, grade in zip(own, subsection_grades(user_id, run_id, sheet), strict=True)
    )
    visible = [one.grade for one in lines if one.graded and not one.hidden]
    return Progress(grade_course(sheet.policy, visible), lines)


def hidden_because(line: SheetLine, *, staff: bool, at: datetime) -> str:
    """Why the scores of a subsection may not be shown: ``for_good``, ``until_due``, or '' when they may.

    Source: XBlock's scorable.py (ShowCorrectness) and grades/subsection_grade.py:show_grades.
    """
    is_past = line.due is None or line.due < at
    if line.show_correctness == "never":
        return "for_good"
    if line.show_correctness == "never_but_include_grade":
        return "" if is_past else "until_due"
    return "until_due" if line.show_correctness == "past_due" and not (staff or is_past) else ""
