"""What learners answered (analytics.md §1.3), and how well each question tells those who know from those who do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from lykeion.analytics.metrics.tables import Params, Tables, before

if TYPE_CHECKING:
    import ibis.expr.types as ir

_KINDS = tuple(f"{kind}response" for kind in ("choice", "option", "multiplechoice", "numerical", "string", "formula"))
_PART = ("course_id", "problem_id", "part_id")
_POINTS = ("grade", "max_grade")


def answers(tables: Tables, params: Params) -> ir.Table:
    """Course, problem, part, answer, variant: how many learners gave it at first (``first_count``) and at last
    (``last_count``), and whether it was ``correct`` when it was last given. Only of parts whose answers repeat, by the
    kind that the newest answer to them tells; events of old logs tell none."""
    ends = _ends(_answered(tables, params))
    last, first = _parts(ends, "last"), _parts(ends.filter(ends.submissions > 1), "first")
    one, none = ibis.literal(1, "int64"), ibis.literal(0, "int64")
    only = (last.submissions == 1).cast("int64")
    given = ibis.union(last.mutate(is_first=only, is_last=one), first.mutate(is_first=one, is_last=none))
    counted = given.group_by(*_PART, "value", "variant").agg(
        answer=given.answer.argmax(given.when),
        correct=given.correct.argmax(given.when),
        first_count=given.is_first.sum(),
        last_count=given.is_last.sum(),
        kind=given.response_type.coalesce("").argmax(given.when),
        newest=given.when.max(),
    )
    parts = counted.group_by(*_PART).agg(kind=counted.kind.argmax(counted.newest))
    repeating = parts.filter(parts.kind.isin(list(_KINDS)))
    return counted.semi_join(repeating, list(_PART)).drop("kind", "newest")


def items(tables: Tables, params: Params) -> ir.Table:
    """Course, problem, part: the learners who answered, how many were right at first and at last, submissions in all,
    and its ``discrimination``: the correlation of being right here (at last) with the number of other parts of the
    course that the learner has right. None where all are right, all are wrong, or all have the same number."""
    ends = _ends(_answered(tables, params))
    last, first = _parts(ends, "last"), _parts(ends, "first")
    last = last.mutate(right=last.correct.fill_null(False).cast("int64"))
    total = last.right.sum().over(ibis.window(group_by=("course_id", "user_id"))).cast("int64")
    last = last.mutate(rest=total - last.right)
    facts = last.group_by(*_PART).agg(
        learners=last.count(),
        right_last=last.right.sum().cast("int64"),
        rest=last.rest.sum().cast("int64"),
        squares=(last.rest * last.rest).sum().cast("int64"),
        both=(last.right * last.rest).sum().cast("int64"),
        submissions=last.submissions.sum().cast("int64"),
        display_name=last.display_name.argmax(last.when),
        question=last.question.argmax(last.when),
    )
    firsts = first.group_by(*_PART).agg(right_first=first.correct.fill_null(False).sum().cast("int64"))
    known = facts.left_join(firsts, list(_PART)).select(facts, right_first=firsts.right_first.coalesce(0))
    return known.select(
        *_PART,
        "display_name",
        "question",
        "learners",
        "submissions",
        "right_first",
        "right_last",
        discrimination=_correlation(known),
    )


def responses(tables: Tables, params: Params) -> ir.Table:
    """Course, learner, problem, part: the last answer of the learner, whether it was ``correct`` (none where nobody
    marked it), the points of the whole problem then (``grade`` of ``max_grade``), how often it was submitted, and when
    at first and at last."""
    sent = _answered(tables, params)
    points = {name: sent[name].argmax(sent.day) for name in _POINTS}
    last = _parts(_ends(sent, **points), "last", *_POINTS, "first_at", "last_at")
    return last.select(
        *_PART,
        "user_id",
        "display_name",
        "question",
        "answer",
        "correct",
        *_POINTS,
        "first_at",
        "last_at",
        attempts=last.submissions,
    )


def tags(tables: Tables, params: Params) -> ir.Table:
    """Course, problem, tag (``name`` and ``value``): how often the problem was submitted (``submissions``), how often
    rightly (``correct``). The tags are those of the latest submission."""
    sent = before(tables.attempts, params)
    when = ibis.struct({"time": sent.tags_at, "event_id": sent.tags_id})
    found = sent.group_by("course_id", "problem_id").agg(
        submissions=sent.sent.sum().cast("int64"), correct=sent.well.sum().cast("int64"), tags=sent.tags.argmax(when)
    )
    each = found.mutate(tag=found.tags.unnest())
    return each.select(
        "course_id", "problem_id", "submissions", "correct", name=each.tag["name"], value=each.tag["value"]
    )


def scores(tables: Tables, params: Params) -> ir.Table:
    """Course, problem, ``grade`` of ``max_grade`` points: how many learners had it at last."""
    sent = _answered(tables, params)
    last = sent.group_by("course_id", "problem_id", "user_id").agg(
        **{name: sent[name].argmax(sent.day) for name in _POINTS}
    )
    last = last.filter(last.grade.notnull())
    return last.group_by("course_id", "problem_id", "grade", "max_grade").agg(learners=last.count())


def daily_attempts(tables: Tables) -> ir.Table:
    """Course, problem, learner (none for nobody), day: how often it was submitted (``sent``), how often rightly
    (``well``), how often with answers (``answered``); of the last such submission of the day its parts, moment,
    name and points, of the first its moment and, where it is another one, its parts; and the latest tags."""
    sent = tables.problem.filter(tables.problem.event_type == "problem_check", tables.problem.course_id.notnull())
    when = ibis.struct({"at": sent.time, "id": sent.event_id})
    has = (sent.parts.length() > 0).fill_null(False)
    found = sent.group_by(
        day=sent.time.date(), course_id=sent.course_id, problem_id=sent.problem_id, user_id=sent.user_id
    ).agg(
        sent=sent.count().cast("int64"),
        well=(sent.success == "correct").fill_null(False).sum().cast("int64"),
        answered=has.sum().cast("int64"),
        first=when.min(where=has),
        last=when.max(where=has),
        first_parts=sent.parts.argmin(when, where=has),
        last_parts=sent.parts.argmax(when, where=has),
        display_name=sent.display_name.argmax(when, where=has),
        grade=sent.grade.argmax(when, where=has),
        max_grade=sent.max_grade.argmax(when, where=has),
        tags=sent.tags.argmax(when),
        latest=when.max(),
    )
    moments = {
        f"{name}_{part}": found[column][part]
        for name, column in (("first", "first"), ("last", "last"), ("tags", "latest"))
        for part in ("at", "id")
    }
    other = ibis.ifelse(found.answered > 1, found.first_parts, ibis.null(found.first_parts.type()))
    return found.mutate(**moments, first_parts=other).drop("first", "last", "latest")


def _correlation(known: ir.Table) -> ir.Value:
    """From whole numbers, so that it is the same on every engine to the last digit."""
    n, x, y = known.learners, known.right_last, known.rest
    spread = ((n * x - x * x) * (n * known.squares - y * y)).cast("float64")
    return (n * known.both - x * y).cast("float64") / spread.sqrt().nullif(0)


def _answered(tables: Tables, params: Params) -> ir.Table:
    """The days on which somebody who is known answered a problem."""
    sent = before(tables.attempts, params)
    return sent.filter(sent.answered > 0, sent.user_id.notnull())


def _ends(sent: ir.Table, **more: ir.Value) -> ir.Table:
    """Course, problem, learner: the parts of their first submission and of their last, and how many there were. With
    ``more`` of their days (of :func:`_answered`)."""
    return sent.group_by("course_id", "problem_id", "user_id").agg(
        submissions=sent.answered.sum().cast("int64"),
        first=sent.first_parts.coalesce(sent.last_parts).argmin(sent.day),
        first_at=sent.first_at.min(),
        first_id=sent.first_id.argmin(sent.day),
        last=sent.last_parts.argmax(sent.day),
        last_at=sent.last_at.max(),
        last_id=sent.last_id.argmax(sent.day),
        display_name=sent.display_name.argmax(sent.day),
        **more,
    )


def _parts(ends: ir.Table, end: str, *more: str) -> ir.Table:
    """The ``first`` or the ``last`` submission of each learner to each problem, part by part; ``when`` it was. With
    ``more`` columns of ``ends``."""
    parts = ends.mutate(part=ends[end].unnest())
    part = parts.part
    return parts.select(
        "course_id",
        "problem_id",
        "user_id",
        "submissions",
        "display_name",
        *more,
        when=ibis.struct({"at": parts[f"{end}_at"], "id": parts[f"{end}_id"]}),
        part_id=part["part_id"],
        value=part["value_id"].coalesce(part["answer"]),
        answer=part["answer"],
        variant=part["variant"],
        correct=part["correct"],
        question=part["question"],
        response_type=part["response_type"],
    )
