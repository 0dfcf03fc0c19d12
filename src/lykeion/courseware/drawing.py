"""What the choosing blocks of a course show one learner: read in one go, drawn once, told to the tracking log."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import replace

from django.db import transaction

from lykeion.content.types import Json
from lykeion.core.upsert import upsert
from lykeion.courseware.access import is_learner
from lykeion.courseware.choosers import Choosers, choosers_of
from lykeion.courseware.choosing import Choices, Left, decide, selected_of
from lykeion.courseware.drawn import tell_draws
from lykeion.courseware.models import LearnerState
from lykeion.courseware.needs import Needs
from lykeion.courseware.ordering import order_regrade
from lykeion.courseware.state import NO_ROW, Row, decode, encode, read_rows
from lykeion.courseware.types import Visitor
from lykeion.grades import api as grades
from lykeion.grades.types import NewScore

_CHANCE = random.SystemRandom()  # a seed would be the same in all processes that were forked with it

Rows = dict[str, Row]
Scores = dict[str, tuple[float, float]]


def with_choices(visitor: Visitor, needs: Needs) -> Visitor:
    """``visitor`` with what the course's choosing blocks chose for them; for those who take part they draw where they
    have not yet. One query in such courses (two where a score decides), none in others."""
    user_id = visitor.viewer.user_id
    if not needs.choosers or user_id is None:
        return visitor
    choosers = choosers_of(visitor.outline)
    takes_part = visitor.is_staff or is_learner(visitor.enrolment)
    rows, scores = _read(visitor, user_id, choosers)
    choices = _decided(visitor, choosers, rows, scores, _CHANCE if takes_part else None)
    if choices.is_news:
        choices = _kept(visitor, user_id, choosers, scores)
    return _chosen(visitor, choices)


def renewed(
    visitor: Visitor,
    documents: Mapping[str, str],
    completions: Mapping[str, float],
    scores: Iterable[NewScore],
) -> Visitor:
    """``visitor`` as what they are about to leave (and did elsewhere since they came in) makes them: a condition may
    hold now that did not before. Draws nothing. Costs nothing in courses without conditions, one or two queries in
    others where anything is scored, completed, or asked for."""
    user_id, choosers = visitor.viewer.user_id, choosers_of(visitor.outline)
    earned = {one.ref: (one.raw_earned or 0.0, one.raw_possible or 0.0) for one in scores}
    counts = completions or earned or not choosers.sources.isdisjoint(documents)
    if user_id is None or not choosers.sources or not counts:
        return visitor
    rows, known = _read(visitor, user_id, choosers)
    for ref in choosers.reads:
        row = rows.get(ref, NO_ROW)
        state, completion = documents.get(ref, row.state), completions.get(ref, row.completion)
        rows[ref] = row._replace(state=state, completion=completion)
    known |= {ref: earned[ref] for ref in choosers.scored if ref in earned}
    return _chosen(visitor, _decided(visitor, choosers, rows, known, None))


def _chosen(visitor: Visitor, choices: Choices) -> Visitor:
    return replace(visitor, facts=replace(visitor.facts, chosen=choices.chosen))


def _read(visitor: Visitor, user_id: int, choosers: Choosers) -> tuple[Rows, Scores]:
    rows = read_rows(user_id, visitor.run.id, choosers.reads) if choosers.reads else {}
    if visitor.copy is not None:
        copied = visitor.copy.documents
        rows |= {ref: rows.get(ref, NO_ROW)._replace(state=copied[ref]) for ref in choosers.reads if ref in copied}
    raw = grades.scores(user_id, visitor.run.id, choosers.scored) if choosers.scored else {}
    return rows, {ref: (earned, possible) for ref, (earned, possible, _first) in raw.items()}


def _decided(visitor: Visitor, choosers: Choosers, rows: Rows, scores: Scores, chance: random.Random | None) -> Choices:
    left = Left(
        documents={ref: decode(row.state) for ref, row in rows.items()},
        completions={ref: row.completion for ref, row in rows.items()},
        scores=scores,
    )
    return decide(choosers.all, left, visitor.viewer.groups, chance, staff=visitor.is_staff)


def _kept(visitor: Visitor, user_id: int, choosers: Choosers, scores: Scores) -> Choices:
    """Draws, and keeps what was drawn in one write. Whoever comes second finds what the first one drew."""
    run = visitor.run
    with transaction.atomic():
        grades.hold(user_id, run.id, visitor.at)
        rows, _scores = _read(visitor, user_id, choosers)
        choices = _decided(visitor, choosers, rows, scores, _CHANCE)
        news: dict[str, dict[str, Json]] = {ref: {"choice": pick} for ref, pick in choices.picks.items()}
        news |= {ref: {"selected": selected_of(drawn.selected)} for ref, drawn in choices.draws.items()}
        kept = [_row(visitor, user_id, ref, rows.get(ref, NO_ROW), changes) for ref, changes in news.items()]
        upsert(kept, ["state", "version", "modified"])
        tell_draws(visitor, [(one, choices.draws[one.ref]) for one in choosers.all if one.ref in choices.draws])
        if news and grades.scores(user_id, run.id):
            order_regrade(run.key, user_id=user_id)
    if visitor.copy is not None:  # nothing else outlives a look as somebody
        visitor.copy.keep({row.ref: row.state for row in kept})
    return choices


def _row(visitor: Visitor, user_id: int, ref: str, row: Row, changes: Mapping[str, Json]) -> LearnerState:
    return LearnerState(
        user_id=user_id,
        run_id=visitor.run.id,
        ref=ref,
        state=encode({**decode(row.state), **changes}),
        version=row.version + 1,
        created=visitor.at,
        modified=visitor.at,
    )
