"""How far learners get (analytics.md §1.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from lykeion.analytics.metrics.tables import Params, Tables

if TYPE_CHECKING:
    import ibis.expr.types as ir


def completion(tables: Tables, params: Params) -> ir.Table:
    """Course, block: how many learners have done it."""
    done = _done(tables, params)
    return done.group_by("course_id", "block_id").agg(learners=done.count())


def funnel(tables: Tables, params: Params) -> ir.Table:
    """Course, part (a subsection of ``params.outline``): how many learners did anything in it (``started``), how many
    did all that can be done in it today (``finished``)."""
    outline = params.outline
    sizes = outline.group_by("course_id", "part_id").agg(blocks=outline.count())
    done = _done(tables, params).join(outline, ["course_id", "block_id"])
    each = done.group_by("course_id", "part_id", "user_id").agg(done=done.count())
    each = each.join(sizes, ["course_id", "part_id"])
    return each.group_by("course_id", "part_id").agg(
        started=each.count(), finished=(each.done == each.blocks).sum().cast("int64")
    )


def _done(tables: Tables, params: Params) -> ir.Table:
    """Course, learner, block: what the latest word says is done."""
    told = tables.completion
    told = told.filter(told.course_id.notnull(), told.user_id.notnull(), told.time < params.until)
    when = ibis.struct({"time": told.time, "event_id": told.event_id})
    latest = told.group_by("course_id", "user_id", "block_id").agg(completion=told.completion.argmax(when))
    return latest.filter(latest.completion >= 1).select("course_id", "user_id", "block_id")
