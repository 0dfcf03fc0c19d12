"""From new scores to a new course grade, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from lykeion.core.upsert import upsert
from lykeion.grades import rows, tell
from lykeion.grades.models import CourseGrade as CourseGradeRow
from lykeion.grades.policy import course_total, fraction, total
from lykeion.grades.sheet import RawScore, Scorable, Sheet, SheetLine
from lykeion.grades.types import Cause, CourseGrade, NewScore, Score, Standing

Made = tuple[rows.Totals, datetime | None]
"""Totals as they are computed, and when the subsection was first attempted."""


def record(
    *,
    user_id: int,
    run_id: int,
    sheet: Sheet,
    scores: Sequence[NewScore],
    standing: Standing,
    at: datetime,
    frozen: bool = False,
    cause: Cause = tell.ANSWERED,
) -> CourseGrade | None:
    """Keeps ``scores`` and (unless ``frozen``) all that follows from them; None when no grade was made."""
    lines = _lines(sheet, [score.ref for score in scores])
    raw = rows.read_scores(user_id, run_id, _refs(lines, scores))
    kept = [score for score in scores if _counts(score, raw.get(score.ref))]
    if not kept:
        return None
    why = tell.occasion(user_id, run_id, sheet.run, cause.kind, at, cause)
    _apply(why, sheet, kept, raw)
    if frozen:
        return None
    deleted = any(_takes_away(score) for score in kept)
    for line in lines:
        _regrade_line(why, sheet, line, raw, forced=deleted)
    return regrade_course(why, sheet, standing)


def _lines(sheet: Sheet, refs: Iterable[str]) -> list[SheetLine]:
    found = {sheet.line_of[ref] for ref in refs if ref in sheet.line_of}
    return [sheet.lines[place] for place in sorted(found)]


def _refs(lines: Iterable[SheetLine], scores: Iterable[NewScore]) -> set[str]:
    return {one.ref for line in lines for one in line.scorables} | {score.ref for score in scores}


def _counts(new: NewScore, old: RawScore | None) -> bool:
    """Whether ``new`` replaces ``old``: with only_if_higher unless its share is lower (nothing possible is 0)."""
    if not new.only_if_higher or old is None or _takes_away(new):
        return True
    return _share(new.raw_earned or 0.0, new.raw_possible or 0.0) >= _share(old[0], old[1])


def _share(earned: float, possible: float) -> float:
    return earned / possible if possible else 0.0


def _takes_away(score: NewScore) -> bool:
    return score.deleted or score.raw_earned is None


def _apply(why: tell.Occasion, sheet: Sheet, kept: Iterable[NewScore], raw: dict[str, RawScore]) -> None:
    """Writes and tells ``kept``, and changes ``raw`` to what is stored then."""
    changed: dict[str, RawScore] = {}
    gone: set[str] = set()
    for new in kept:
        scorable = scorable_of(sheet, new.ref)
        if _takes_away(new):
            gone.add(new.ref)
            raw.pop(new.ref, None)
        else:
            changed[new.ref] = raw[new.ref] = _stored(new, scorable, raw.get(new.ref), why.at)
        _tell_score(why, scorable, new, raw.get(new.ref))
    rows.write_scores(why.user_id, why.run_id, {ref: one for ref, one in changed.items() if ref in raw}, why.at)
    rows.delete_scores(why.user_id, why.run_id, gone - raw.keys())


def scorable_of(sheet: Sheet, ref: str) -> Scorable | None:
    """The scorable block ``ref`` of a sheet, or None."""
    line = sheet.line(ref)
    return next((one for one in line.scorables if one.ref == ref), None) if line is not None else None


def _stored(new: NewScore, scorable: Scorable | None, old: RawScore | None, at: datetime) -> RawScore:
    possible = new.raw_possible
    if possible is None:
        possible = (scorable and scorable.max_score) or 0.0
    return float(new.raw_earned or 0.0), float(possible), (old and old[2]) or at


def _tell_score(why: tell.Occasion, scorable: Scorable | None, new: NewScore, stored: RawScore | None) -> None:
    score = scorable and scorable.score(stored)
    earned, possible = (score.earned, score.possible) if score else (stored or (0.0, 0.0, None))[:2]
    tell.tell_score(why, new.ref, earned, possible)


def _regrade_line(
    why: tell.Occasion, sheet: Sheet, line: SheetLine, raw: Mapping[str, RawScore], *, forced: bool
) -> None:
    """Writes the totals of a subsection where anything was attempted (or taken away: ``forced``)."""
    totals, first = line_totals(line.scores(raw).values())
    if first is None and not forced:
        return
    rows.write_totals(why.user_id, why.run_id, {line.ref: (totals, first)}, why.at)
    tell.tell_subsection(why, sheet, line, totals, first)


def recompute(run_id: int, sheets: Mapping[int, Sheet], at: datetime) -> dict[int, CourseGrade]:
    """Computes all grades of the learners of ``sheets`` anew from their scores: the subsections in which there is
    anything, of which those are written that change, then the course. Each statement is for all of them."""
    standings = rows.lock_many(sheets, run_id, at)
    raw, stored = rows.read_many_scores(sheets, run_id), rows.read_many_totals(sheets, run_id)
    changed: dict[int, dict[str, Made]] = {}
    made: list[tuple[tell.Occasion, Sheet, Standing, CourseGrade]] = []
    for user_id, sheet in sheets.items():
        changed[user_id] = new = _changed(sheet, raw[user_id], stored[user_id])
        why = tell.occasion(user_id, run_id, sheet.run, "edx.grades.recalculated", at)
        grade = course_grade(sheet, _counting(stored[user_id], new))
        made.append((why, sheet, standings[user_id], grade))
    rows.write_many_totals(run_id, changed, at)
    _keep_courses(made)
    return {why.user_id: grade for why, _sheet, _standing, grade in made}


def _changed(sheet: Sheet, raw: Mapping[str, RawScore], stored: Mapping[str, rows.Kept]) -> dict[str, Made]:
    """The computed totals that are not those which are stored, where there is anything."""
    made = {line.ref: line_totals(line.scores(raw).values()) for line in _lines(sheet, [*raw, *stored])}
    return {
        ref: one for ref, one in made.items() if (one[1] or ref in stored) and stored.get(ref, (None,) * 2)[:2] != one
    }


def _counting(stored: Mapping[str, rows.Kept], new: Mapping[str, Made]) -> dict[str, rows.Totals]:
    """The totals in force, once ``new`` ones are computed."""
    counting = {ref: totals for ref, (totals, _first) in new.items()}
    for ref, (totals, _first, override) in stored.items():
        counting[ref] = rows.in_force(counting.get(ref, totals), override)
    return counting


def line_totals(scores: Iterable[Score]) -> tuple[rows.Totals, datetime | None]:
    """The totals of a subsection's scores, and when the first of them was attempted."""
    kept = tuple(scores)
    first = min((score.first_attempted for score in kept if score.first_attempted), default=None)
    return (*total(kept), *total(kept, graded_only=True)), first


def regrade_course(why: tell.Occasion, sheet: Sheet, standing: Standing) -> CourseGrade:
    """Adds up the course grade from the stored subsections, keeps it in the locked row, and tells."""
    stored = rows.read_totals(why.user_id, why.run_id)
    grade = course_grade(sheet, {ref: totals for ref, (totals, _first, _overridden) in stored.items()})
    _keep_courses([(why, sheet, standing, grade)])
    return grade


def _keep_courses(made: Sequence[tuple[tell.Occasion, Sheet, Standing, CourseGrade]]) -> None:
    """Writes these grades into the locked rows, and tells."""
    upsert(
        [_course_row(why, sheet, standing, grade) for why, sheet, standing, grade in made],
        ["percent", "letter", "passed", "passed_at", "policy_hash", "root", "modified"],
    )
    for why, sheet, standing, grade in made:
        tell.tell_course(why, sheet, grade, standing)


def _course_row(why: tell.Occasion, sheet: Sheet, standing: Standing, grade: CourseGrade) -> CourseGradeRow:
    return CourseGradeRow(
        user_id=why.user_id,
        run_id=why.run_id,
        percent=grade.percent,
        letter=grade.letter,
        passed=grade.passed,
        passed_at=standing.passed_at or (why.at if grade.passed else None),
        policy_hash=sheet.policy.hash,
        root=sheet.root,
        modified=why.at,
    )


def course_grade(sheet: Sheet, stored: Mapping[str, rows.Totals]) -> CourseGrade:
    """The course grade (no lines) from stored totals; a subsection without any counts as nothing earned."""
    percents: dict[str, list[float]] = {}
    for line in sheet.lines:
        if line.graded:
            _, _, earned, possible = stored.get(line.ref) or (0.0, 0.0, 0.0, line.possible_graded)
            if possible > 0:
                percents.setdefault(line.format, []).append(fraction(earned, possible))
    return course_total(sheet.policy, percents)
