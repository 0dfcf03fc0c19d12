"""What a learner sees of a timed exam besides its units."""

from __future__ import annotations

from math import ceil

from lykeion.content.types import OutlineBlock
from lykeion.core.keys import usage_text
from lykeion.courseware.entering import check_reading, plan
from lykeion.courseware.exams.attempts import settle
from lykeion.courseware.exams.reading import all_extra_minutes, extra_minutes
from lykeion.courseware.exams.rules import allowed_minutes, due_of, exam_with, is_running, minutes_of, phase
from lykeion.courseware.needs import needs_of
from lykeion.courseware.types import Attempt, ExamClock, ExamPage, ExamState, Visitor


def exam_page(visitor: Visitor, ref: str) -> ExamPage | None:
    """What stands in the place of the units of a timed exam, if ``ref`` is one or is in one: the way in, the question
    whether to submit it, that it is over. None when the units are to be shown (always to staff), or the exam is behind
    another wall. One read before the start, else none; notes it when the clock has ended an attempt.

    Raises :class:`AccessDenied` for people who may not read the course.
    """
    block = visitor.outline.get(ref)
    exam = exam_with(visitor.outline, block) if block is not None else None
    if exam is None or visitor.is_staff:
        return None
    check_reading(visitor)
    attempt = visitor.work.attempts.get(exam.ref)
    state = _state(visitor, exam, attempt)
    if state is None:
        return None
    settle(visitor, exam.ref)
    return _page(visitor, exam, attempt, state)


def _state(visitor: Visitor, exam: OutlineBlock, attempt: Attempt | None) -> ExamState | None:
    """What stands in the place of the units; None when they are shown, or when another wall is in front of them."""
    if plan(visitor).wall(exam) not in {"", "exam_not_started", "exam_over"}:
        return None
    where = phase(exam, attempt, due_of(visitor, exam), visitor.at)
    if where == "running":
        return "ready_to_submit" if attempt is not None and attempt.status == "ready_to_submit" else None
    return None if where == "review" else where


def _page(visitor: Visitor, exam: OutlineBlock, attempt: Attempt | None, state: ExamState) -> ExamPage:
    section, due, user_id = visitor.outline.blocks[exam.parent], due_of(visitor, exam), visitor.viewer.user_id
    extra = extra_minutes(user_id, visitor.run.id, exam.ref) if user_id is not None and state == "entry" else 0
    begun = attempt is not None and attempt.ends is not None
    previous, following = _neighbours(visitor, exam.ref)
    return ExamPage(
        ref=exam.ref,
        usage=usage_text(visitor.run.key, exam.ref),
        title=exam.title,
        section=section.title,
        section_ref=section.ref,
        state=state,
        minutes=attempt.allowed_minutes if attempt and begun else allowed_minutes(exam, extra, due, visitor.at),
        extra=extra,
        due=due,
        is_practice=bool(exam.own.get("is_practice_exam")),
        unproctored=bool(exam.own.get("is_proctored_enabled")),
        shown_later=due is not None and not exam.own.get("hide_after_due"),
        timed_out=attempt is not None and _by_clock(visitor, attempt),
        previous=previous,
        next=following,
    )


def _neighbours(visitor: Visitor, ref: str) -> tuple[str | None, str | None]:
    """Where the course goes on before and after the page that stands for an exam."""
    here = plan(visitor)
    step = here.steps.get(ref)
    if step is None:
        return None, None
    return (here.way[step - 1] if step > 0 else None, here.way[step + 1] if step + 1 < len(here.way) else None)


def _by_clock(visitor: Visitor, attempt: Attempt) -> bool:
    return attempt.ends is not None and (attempt.completed or visitor.at) >= attempt.ends


def exam_clock(visitor: Visitor, ref: str = "") -> ExamClock | None:
    """The visitor's running exam that ends first (or ``ref``, if that runs). No query."""
    running = [one for one in visitor.work.attempts.values() if is_running(one, visitor.at) and ref in {"", one.ref}]
    known = [(one, exam) for one in running if (exam := visitor.outline.get(one.ref)) is not None]
    made = [_clock(visitor, one, exam) for one, exam in known]
    return min(made, key=lambda clock: clock.ends, default=None)


def _clock(visitor: Visitor, attempt: Attempt, exam: OutlineBlock) -> ExamClock:
    ends = attempt.ends or visitor.at
    return ExamClock(
        ref=exam.ref,
        usage=usage_text(visitor.run.key, exam.ref),
        title=exam.title,
        status=attempt.status,
        ends=ends,
        seconds_left=ceil((ends - visitor.at).total_seconds()),  # never less: nobody is sent off early
        seconds_allowed=attempt.allowed_minutes * 60,
    )


def granted(visitor: Visitor) -> dict[str, int]:
    """The minutes that a learner has more than others, by exam. One read where the course has exams."""
    user_id = visitor.viewer.user_id
    has_any = user_id is not None and needs_of(visitor.outline).exams
    return all_extra_minutes(user_id, visitor.run.id) if has_any and user_id is not None else {}


def note_of(visitor: Visitor, exam: OutlineBlock, extra: int) -> tuple[str, int]:
    """What course home says of an exam: where it stands, and its minutes with those that the learner has more."""
    attempt = visitor.work.attempts.get(exam.ref)
    return phase(exam, attempt, due_of(visitor, exam), visitor.at), minutes_of(exam) + extra
