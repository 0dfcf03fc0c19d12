"""One transaction that keeps all that a visit did: state, scores, completion, grades, and the events on commit.

Writers of one learner's things in one run take turns: each holds the learner's grade row first. So two tabs, a double
click or a retry meet here, and whoever comes second finds another version than the one they read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, OperationalError, transaction

from lykeion.core.prepared import Prepared
from lykeion.core.upsert import upsert
from lykeion.courseware.completion import Seen, keep_completions
from lykeion.courseware.drawing import renewed
from lykeion.courseware.drawn import module_of
from lykeion.courseware.entering import learner, plan, sheet
from lykeion.courseware.models import LearnerState, ScopedState
from lykeion.courseware.opening import keep_entrance
from lykeion.courseware.sink import Published
from lykeion.courseware.state import NO_DOCUMENT, Document, ScopedName, VisitState, read_scoped
from lykeion.courseware.types import Visitor
from lykeion.events.api import emit
from lykeion.grades import api as grades
from lykeion.grades.types import Cause, CourseGrade, Standing

_DEADLOCK, _WAITED = 1213, 1205  # MySQL: try the transaction again


_SEEN = Prepared(
    LearnerState,
    lambda rows, user, run, refs: rows.filter(user_id=user, run_id=run, ref__in=refs).values_list(
        "ref", "completion", "version", "created"
    ),
    write=True,
)


class Conflict(Exception):
    """Somebody else wrote what this visit read and wants to write. Nothing was kept; read again and try again."""


@dataclass(frozen=True, slots=True)
class Work:
    """What one learner's rows are to become."""

    visitor: Visitor
    user_id: int
    documents: Mapping[str, Document]
    completions: Mapping[str, float]
    scores: tuple[grades.NewScore, ...]
    cause: Cause


def commit(visitor: Visitor, state: VisitState, sink: Published) -> CourseGrade | None:
    """Keeps what a visit wrote and published; the visitor's own new course grade, if there is one.

    Raises :class:`Conflict` (and keeps nothing) when a document was written since it was read. Costs nothing when the
    visit changed nothing.
    """
    scoped = state.changed_scoped()
    works = list(_works(visitor, state, sink))
    if not (works or scoped or sink.events or sink.also):
        return None
    made: dict[int, CourseGrade | None] = {}
    with one_at_a_time():
        held = {work.user_id: grades.hold(work.user_id, visitor.run.id, visitor.at) for work in works}
        _keep_scoped(scoped, visitor.at)
        for work in works:
            made[work.user_id] = _keep(work, held[work.user_id])
        for write in sink.also:
            write()
        _tell(visitor, sink)
    return made.get(visitor.viewer.user_id or 0)


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """A transaction; what the database says about others who write the same becomes :class:`Conflict`."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:  # somebody else inserted the document first
        raise Conflict(str(error)) from error
    except OperationalError as error:
        if error.args and error.args[0] in {_DEADLOCK, _WAITED, "database is locked"}:
            raise Conflict(str(error)) from error
        raise


def _works(visitor: Visitor, state: VisitState, sink: Published) -> Iterator[Work]:
    """By learner id, so that two commits never wait for each other crosswise. ``state`` is of the visitor, or of the
    learner in whose name a third party's call went on."""
    own = state.user_id
    changed = state.changed_rows()
    for user_id in sorted({*sink.scores, *sink.completions, *([own] if own is not None and changed else [])}):
        who = visitor if user_id == visitor.viewer.user_id else learner(visitor, user_id)
        yield Work(
            visitor=who,
            user_id=user_id,
            documents=changed if user_id == own else {},
            completions=sink.completions.get(user_id, {}),
            scores=tuple(sink.scores.get(user_id, ())),
            cause=sink.cause or grades.ANSWERED,
        )


def _keep(work: Work, standing: Standing) -> CourseGrade | None:
    run, at = work.visitor.run, work.visitor.at
    texts = {ref: document.text for ref, document in work.documents.items()}
    who = renewed(work.visitor, texts, work.completions, work.scores)
    here = plan(who)
    subsections = here.subsections_of(who.outline, work.completions)
    leaves = {leaf for subsection in subsections for leaf in subsection.leaves}
    seen = read_seen(work.user_id, run.id, {*work.documents, *work.completions, *leaves})
    _keep_documents(work, seen)
    keep_completions(who, work.user_id, work.completions, seen, subsections, written=work.documents.keys())
    frozen = grades.is_frozen(run.end, at)
    grade = None
    if work.scores:
        grade = grades.record_scores(
            user_id=work.user_id,
            run_id=run.id,
            sheet=sheet(who),
            scores=work.scores,
            standing=standing,
            frozen=frozen,
            cause=work.cause,
            at=at,
        )
        keep_entrance(who, work.user_id)
    if who.facts != work.visitor.facts and not frozen:
        return _regraded(who, work.user_id) or grade
    return grade


def _regraded(who: Visitor, user_id: int) -> CourseGrade | None:
    """All of a learner's grades anew, since other parts of the course count for them now; None while they have none."""
    if not grades.scores(user_id, who.run.id):
        return None
    return grades.recompute(user_id=user_id, run_id=who.run.id, sheet=sheet(who), at=who.at)


def read_seen(user_id: int, run_id: int, refs: Collection[str]) -> dict[str, Seen]:
    """What the rows of ``refs`` say now: one read."""
    return {row[0]: Seen(*row[1:]) for row in _SEEN(user_id, run_id, refs)} if refs else {}


def _keep_documents(work: Work, seen: Mapping[str, Seen]) -> None:
    """Writes the learner's documents, with the completion that goes with them in the same row."""
    at, run_id = work.visitor.at, work.visitor.run.id
    rows = []
    for ref, document in work.documents.items():
        old = seen.get(ref, Seen(None, 0, at))
        if old.version != document.version:
            raise Conflict(f"{ref} has version {old.version}, not {document.version}.")
        rows.append(
            LearnerState(
                user_id=work.user_id,
                run_id=run_id,
                ref=ref,
                state=document.text,
                completion=work.completions.get(ref, old.completion),
                version=old.version + 1,
                created=old.created,
                modified=at,
            )
        )
    upsert(rows, ["state", "completion", "version", "modified"])


def _keep_scoped(changed: Mapping[ScopedName, Document], at: datetime) -> None:
    if not changed:
        return
    now = read_scoped(changed, lock=True)
    for name, document in changed.items():
        if now.get(name, NO_DOCUMENT).version != document.version:
            raise Conflict(f"{name} is not what it was.")
    rows = [_scoped_row(name, document, at) for name, document in sorted(changed.items())]
    ScopedState.objects.bulk_create([row for row in rows if row.version == 1])  # IntegrityError: somebody was first
    upsert([row for row in rows if row.version > 1], ["document", "version", "modified"])


def _scoped_row(name: ScopedName, document: Document, at: datetime) -> ScopedState:
    user_id, kind, text, family = name
    return ScopedState(
        user_id=user_id,
        kind=kind,
        name=text,
        family=family,
        document=document.text,
        version=document.version + 1,
        modified=at,
    )


def _tell(visitor: Visitor, sink: Published) -> None:
    """Blocks' own events go to the log once all is kept."""
    for ref, name, payload, asides in sink.events:
        run = visitor.outline.run
        context = {"module": module_of(run, ref, visitor.outline.get(ref)), "asides": asides}
        emit(name, payload, course_id=run, context=context, page="x_module", at=visitor.at)
