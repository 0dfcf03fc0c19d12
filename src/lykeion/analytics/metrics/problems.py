"""What learners answered (analytics.md §1.3), and how well each question tells those who know from those who do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from lykeion.analytics.metrics.tables import Params, Tables

if TYPE_CHECKING:
    import ibis.expr.types as ir

_KINDS = tuple(f"{kind}response" for kind in ("choice", "option", "multiplechoice", "numerical", "string", "formula"))
_PART = ("course_id", "problem_id", "part_id")


def answers(tables: Tables, params: Params) -> ir.Table:
    """Course, problem, part, answer, variant: how many learners gave it at first (``first_count``) and at last
    (``last_count``), and whether it was ``correct`` when it was last given. Only of kinds of questions whose answers
    repeat."""
    given = _parts(tables, params)
    given = given.filter(given.response_type.isin(list(_KINDS)) | given.response_type.isnull())
    latest = given.rank
    return given.group_by(*_PART, "value", "variant").agg(
        answer=given.answer.argmax(latest),
        correct=given.correct.argmax(latest),
        first_count=given.is_first.sum(),
        last_count=given.is_last.sum(),
    )


def items(tables: Tables, params: Params) -> ir.Table:
    """Course, problem, part: the learners who answered, how many were right at first and at last, submissions in all,
    and its ``discrimination``: the correlation of being right here (at last) with the number of other parts of the
    course that the learner has right. None where all are right, all are wrong, or all have the same number."""
    given = _parts(tables, params)
    last = given.filter(given.is_last == 1)
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
        display_name=last.display_name.argmax(last.rank),
        question=last.question.argmax(last.rank),
    )
    first = given.filter(given.is_first == 1)
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


def tags(tables: Tables, params: Params) -> ir.Table:
    """Course, problem, tag (``name`` and ``value``): how often the problem was submitted (``submissions``), how often
    rightly (``correct``). The tags are those of the latest submission."""
    sent = tables.problem
    sent = sent.filter(sent.event_type == "problem_check", sent.course_id.notnull(), sent.time < params.until)
    when = ibis.struct({"time": sent.time, "event_id": sent.event_id})
    found = sent.group_by("course_id", "problem_id").agg(
        submissions=sent.count(),
        correct=(sent.success == "correct").fill_null(False).sum().cast("int64"),
        tags=sent.tags.argmax(when),
    )
    each = found.mutate(tag=found.tags.unnest())
    return each.select(
        "course_id", "problem_id", "submissions", "correct", name=each.tag["name"], value=each.tag["value"]
    )


def _correlation(known: ir.Table) -> ir.Value:
    """From whole numbers, so that it is the same on every engine to the last digit."""
    n, x, y = known.learners, known.right_last, known.rest
    spread = ((n * x - x * x) * (n * known.squares - y * y)).cast("float64")
    return (n * known.both - x * y).cast("float64") / spread.sqrt().nullif(0)


def _parts(tables: Tables, params: Params) -> ir.Table:
    """The first and the last submission of each learner to each problem, part by part."""
    sent = tables.problem
    sent = sent.filter(
        sent.event_type == "problem_check", sent.user_id.notnull(), sent.course_id.notnull(), sent.parts.length() > 0
    )
    sent = sent.filter(sent.time < params.until)
    of_learner = ("course_id", "problem_id", "user_id")
    order = [sent.time, sent.event_id]
    sent = sent.mutate(
        place=ibis.row_number().over(ibis.window(group_by=of_learner, order_by=order)),
        submissions=sent.count().over(ibis.window(group_by=of_learner)),
        rank=ibis.row_number().over(ibis.window(group_by="course_id", order_by=order)),
    )
    sent = sent.filter((sent.place == 0) | (sent.place == sent.submissions - 1))
    parts = sent.mutate(part=sent.parts.unnest())
    part = parts.part
    return parts.select(
        "course_id",
        "problem_id",
        "user_id",
        "rank",
        "submissions",
        "display_name",
        part_id=part["part_id"],
        value=part["value_id"].coalesce(part["answer"]),
        answer=part["answer"],
        variant=part["variant"],
        correct=part["correct"],
        question=part["question"],
        response_type=part["response_type"],
        is_first=(parts.place == 0).cast("int64"),
        is_last=(parts.place == parts.submissions - 1).cast("int64"),
    )
