"""What of each video was watched, in segments of five seconds (analytics.md §1.4, §3.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from lykeion.analytics.metrics.tables import Params, Tables, before

if TYPE_CHECKING:
    import ibis.expr.types as ir

SEGMENT = 5
"""Seconds."""
_VIDEO = ("course_id", "video_id")
_LONGEST = 36_000.0
_SHORTEST = 0.25
_NEARLY_ALL = 95  # in a hundred
_MOST = 20  # of so many learners one is few
TOGETHER = ibis.interval(hours=12)
"""Events of a learner and a video that lie further apart do not belong together."""


def timeline(tables: Tables, params: Params) -> ir.Table:
    """Course, video, segment: how many learners saw it (``users``), how often it was shown (``views``)."""
    seen = viewings(tables, params)
    raw = _timeline(seen)
    last = _last_segments(seen, raw)
    joined = raw.join(last, list(_VIDEO))
    return joined.filter(joined.segment <= joined.final).select(*_VIDEO, "segment", "users", "views")


def videos(tables: Tables, params: Params) -> ir.Table:
    """Course, video: how many learners saw any of it (``viewers``), its beginning and its end but for the credits
    (``users_at_start``, ``users_at_end``), at least 95 in 100 of its segments (``users_of_all``); ``duration`` in
    seconds, as told or as guessed from where learners leave."""
    seen = viewings(tables, params)
    raw = _timeline(seen)
    last = _last_segments(seen, raw)
    joined = raw.join(last, list(_VIDEO))
    end = (ibis.greatest(joined.duration - 30, 0.95 * joined.duration).floor().cast("int64")) // SEGMENT
    ends = joined.group_by(*_VIDEO).agg(
        duration=joined.duration.max(),
        users_at_start=joined.users.sum(where=joined.segment == 0).coalesce(0).cast("int64"),
        users_at_end=joined.users.sum(where=joined.segment == end).coalesce(0).cast("int64"),
    )
    people = _people(seen, last)
    return ends.join(people, list(_VIDEO)).select(
        *_VIDEO, "duration", "viewers", "users_at_start", "users_at_end", "users_of_all"
    )


def _people(seen: ir.Table, last: ir.Table) -> ir.Table:
    """Course, video: who saw any of it, and who nearly all."""
    parts = _merged(seen).join(last.select(*_VIDEO, "final"), list(_VIDEO))
    length = (ibis.least(parts["last"], parts.final) - parts["first"] + 1).cast("int64")
    each = parts.group_by(*_VIDEO, "user_id").agg(
        seen=ibis.greatest(length, 0).sum().cast("int64"), segments=(parts.final.max() + 1).cast("int64")
    )
    return each.group_by(*_VIDEO).agg(
        viewers=each.count(), users_of_all=(each.seen * 100 >= each.segments * _NEARLY_ALL).sum().cast("int64")
    )


def viewings(tables: Tables, params: Params) -> ir.Table:
    """What each learner watched without a break, of the days that count (:func:`daily_viewings`)."""
    return before(tables.viewings, params)


def daily_viewings(tables: Tables) -> ir.Table:
    """What each learner watched without a break: ``first`` and ``last`` segment, on the day on which it began. A play
    opens a viewing, the next event closes it; of what is told for one moment plays come last, since a page that plays
    on after a seek tells both at once. After a seek the next play begins where the seek went, since its own place is
    often stale. What lies more than twelve hours apart does not belong together: so a day can be told from
    itself and the days beside it."""
    told = _places(tables)
    is_play = told.event_type == "play_video"
    order_by = [told.time, is_play, told.event_type, told.event_id]
    of_video = ibis.window(group_by=(*_VIDEO, "user_id"), order_by=order_by)
    told = told.mutate(next_type=told.event_type.lead().over(of_video), next_end=told.stops.lead().over(of_video),
                       next_start=told.at.lead().over(of_video), next_time=told.time.lead().over(of_video))  # fmt: skip
    plays = told.filter(told.event_type == "play_video")
    plays = plays.mutate(near=plays.next_time <= plays.time + TOGETHER)
    order = ibis.window(group_by=(*_VIDEO, "user_id"), order_by=[plays.time, plays.event_type, plays.event_id])
    left = ibis.cases((plays.near & (plays.next_type == "seek_video"), plays.next_start))
    plays = plays.mutate(sought=left.lag().over(order), sought_at=plays.next_time.lag().over(order))
    is_sought = plays.sought.notnull() & (plays.time <= plays.sought_at + TOGETHER)
    plays = plays.mutate(start=ibis.ifelse(is_sought.fill_null(False), plays.sought, plays.at), end=plays.next_end)
    plays = plays.filter(plays.near, plays.next_type != "play_video")
    plays = plays.filter(plays.length.isnull() | (plays.end <= plays.length + 1), plays.end - plays.start >= _SHORTEST)
    return plays.select(
        *_VIDEO,
        "user_id",
        "length",
        day=plays.time.date(),
        first=plays.start.floor().cast("int64") // SEGMENT,
        last=plays.end.floor().cast("int64") // SEGMENT,
    )


def _places(tables: Tables) -> ir.Table:
    """Events that open and close viewings: ``at`` where the player is afterwards, ``stops`` where it was before."""
    told = tables.video
    told = told.filter(
        told.event_type.isin(["play_video", "pause_video", "seek_video", "stop_video"]),
        told.user_id.notnull(),
        told.course_id.notnull(),
    )
    is_seek = told.event_type == "seek_video"
    is_length = (told.duration > 0) & (told.duration <= _LONGEST)
    told = told.mutate(at=told.position, length=ibis.ifelse(is_length, told.duration, ibis.null("float64")))
    told = told.mutate(stops=ibis.ifelse(is_seek, told.old_position, told.at))
    within = told.at.between(0.0, _LONGEST) & told.stops.between(0.0, _LONGEST)
    return told.filter(within)


def _timeline(seen: ir.Table) -> ir.Table:
    """Segments with their learners and views: what begins and ends is added up, no viewing is spread out."""
    one, less = ibis.literal(1, "int64"), ibis.literal(-1, "int64")
    none = ibis.literal(0, "int64")
    stretches = _merged(seen)
    steps = ibis.union(
        seen.select(*_VIDEO, segment=seen["first"], views=one, users=none),
        seen.select(*_VIDEO, segment=seen["last"] + 1, views=less, users=none),
        stretches.select(*_VIDEO, segment=stretches["first"], views=none, users=one),
        stretches.select(*_VIDEO, segment=stretches["last"] + 1, views=none, users=less),
    )
    sums = steps.group_by(*_VIDEO, "segment").agg(views=steps.views.sum(), users=steps.users.sum())
    so_far = ibis.cumulative_window(group_by=_VIDEO, order_by="segment")
    following = ibis.window(group_by=_VIDEO, order_by="segment")
    levels = sums.select(
        *_VIDEO,
        start="segment",
        views=sums.views.sum().over(so_far).cast("int64"),
        users=sums.users.sum().over(so_far).cast("int64"),
        until=sums.segment.lead().over(following),
    )
    levels = levels.filter(levels.views > 0)
    spread = levels.mutate(segment=ibis.range(levels.start, levels.until, 1).unnest())
    return spread.select(*_VIDEO, "segment", "users", "views")


def _merged(seen: ir.Table) -> ir.Table:
    """Each learner's viewings, those that overlap as one. Those that begin together are one from the start: rows that
    are alike have no order."""
    of_learner = (*_VIDEO, "user_id")
    once = seen.group_by(*of_learner, first=seen["first"]).agg(last=seen["last"].max())
    reached = once["last"].max().over(ibis.window(group_by=of_learner, order_by="first", rows=(None, -1)))
    marked = once.mutate(begins=(once["first"] > reached.coalesce(-1)).cast("int64"))
    so_far = ibis.cumulative_window(group_by=of_learner, order_by="first")
    numbered = marked.mutate(island=marked.begins.sum().over(so_far))
    return numbered.group_by(*of_learner, "island").agg(first=numbered["first"].min(), last=numbered["last"].max())


def _last_segments(seen: ir.Table, raw: ir.Table) -> ir.Table:
    """Course, video: its ``duration`` and the last segment (``final``). A browser may tell any duration, and a
    longer film may have taken the place of one: it is the longest that one in twenty learners were told, and two at
    least (one where nobody else was told any). Without one a video ends where nineteen of twenty learners and more
    leave at once: of the segments that anybody saw, the last that is followed by so few."""
    known = seen.filter(seen.length.notnull())
    longest = known.group_by(*_VIDEO, "user_id").agg(length=known.length.max())
    counts = longest.group_by(*_VIDEO, "length").agg(learners=longest.count())
    from_above = ibis.cumulative_window(group_by=_VIDEO, order_by=ibis.desc("length"))
    counts = counts.mutate(
        reach=counts.learners.sum().over(from_above), everybody=counts.learners.sum().over(ibis.window(group_by=_VIDEO))
    )
    enough = ibis.least(counts.everybody, ibis.greatest(2, (counts.everybody + _MOST - 1) // _MOST))
    counts = counts.filter(counts.reach >= enough)
    told = counts.group_by(*_VIDEO).agg(told=counts.length.max())
    after = raw.users.lead().over(ibis.window(group_by=_VIDEO, order_by="segment"))
    steps = raw.mutate(leaves=(after <= 0.05 * raw.users).fill_null(False))
    guess = steps.group_by(*_VIDEO).agg(
        guessed=steps.segment.max(where=steps.leaves).coalesce(steps.segment.max()).cast("int64")
    )
    both = guess.left_join(told, list(_VIDEO)).drop("course_id_right", "video_id_right")
    duration = both.told.coalesce(((both.guessed + 1) * SEGMENT - 1).cast("float64"))
    known = both.select(*_VIDEO, duration=duration)
    return known.mutate(final=known.duration.floor().cast("int64") // SEGMENT)
