"""What each learner did with what, day by day, and reports of it (analytics.md §1.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import ibis

from lykeion.analytics.metrics.activity import SECTION, SUBSECTION
from lykeion.analytics.metrics.enrolment import standing
from lykeion.analytics.metrics.tables import Params, Tables, before

if TYPE_CHECKING:
    import ibis.expr.types as ir

_LEARNER = ("course_id", "user_id")
_AT_ONCE = ibis.interval(seconds=10)
"""A page that follows in this time may be where a redirect led."""
POSTS: Final = ("thread", "response", "comment")
"""Kinds of what is written in the forum."""
USED: Final = ("problem", "video", *POSTS)
"""Kinds that learners are measured by. To look or to vote in the forum, pages and textbooks are none."""
_LEAFS = ("book", "textbook.pdf.page.navigated")
"""To leaf: in Open edX, and here."""
_POST_NAMES = tuple((f"edx.forum.{kind}.created", kind) for kind in POSTS)


def daily_engagement(tables: Tables) -> ir.Table:
    """Learner, day, ``kind`` and ``entity``: how often (``times``), how often rightly (``well``), and when at last.

    ``problem`` (an entity is its key): submissions; ``video`` (its id): presses on play; ``thread``, ``response``,
    ``comment`` (the topic): what was written; ``up`` and ``down``: votes that were given, less those that were taken
    back; ``forum``: whatever else is done there; ``page`` (``SECTION/SUBSECTION/POSITION``): pages of units; ``book``:
    pages of textbooks.
    """
    told = ibis.union(_answered(tables), _watched(tables), _discussed(tables), _opened(tables), _leafed(tables))
    told = told.filter(told.course_id.notnull(), told.user_id.notnull())
    by = {"day": told.time.date(), **{name: told[name] for name in (*_LEARNER, "kind", "entity")}}
    return told.group_by(**by).agg(
        times=told.times.sum().cast("int64"), well=told.well.sum().cast("int64"), last=told.time.max()
    )


def _did(told: ir.Table, kind: str | ir.Value, entity: ir.Value, times: ir.Value, well: ir.Value) -> ir.Table:
    return told.select(*_LEARNER, "time", kind=kind, entity=entity, times=times, well=well)


_ONE, _NONE = ibis.literal(1, "int64"), ibis.literal(0, "int64")


def _answered(tables: Tables) -> ir.Table:
    told = tables.problem.filter(tables.problem.event_type == "problem_check", tables.problem.event_source == "server")
    well = (told.success == "correct").fill_null(False).cast("int64")
    return _did(told, ibis.literal("problem"), told.problem_id, _ONE, well)


def _watched(tables: Tables) -> ir.Table:
    told = tables.video.filter(tables.video.event_type == "play_video")
    return _did(told, ibis.literal("video"), told.video_id, _ONE, _NONE)


def _discussed(tables: Tables) -> ir.Table:
    told = tables.forum
    is_vote = told.event_type.endswith(".voted") & told.vote.isin(["up", "down"])
    kind = ibis.cases(
        *((told.event_type == name, kind) for name, kind in _POST_NAMES), (is_vote, told.vote), else_="forum"
    )
    times = ibis.ifelse(is_vote, told.change, 1).cast("int64")
    return _did(told, kind, told.topic_id.coalesce(""), times, _NONE)


def _opened(tables: Tables) -> ir.Table:
    told = tables.page
    told = told.filter(told.event_source == "server", told.event_type.startswith("/courses/"))
    told = told.filter(told.course_id.notnull(), told.user_id.notnull())
    told = told.mutate(parts=_with_short_key(told.event_type).split("/"))
    told = told.filter(told.parts.length() > SUBSECTION, told.parts[SECTION - 1] == "courseware")
    told = told.filter(told.parts[SECTION] != "", told.parts[SUBSECTION] != "")
    told = _but_redirects(told)
    position = ibis.ifelse(told.parts.length() > SUBSECTION + 1, told.parts[SUBSECTION + 1], "").coalesce("")
    place = told.parts[SECTION] + "/" + told.parts[SUBSECTION] + "/" + position
    return _did(told, ibis.literal("page"), place, _ONE, _NONE)


def _with_short_key(path: ir.StringValue) -> ir.StringValue:
    """A path in which the key of a course is one word: old ones (``ORG/COURSE/RUN``) are three."""
    short = path.re_replace("^/courses/[^/]+/[^/]+/[^/]+/courseware/", "/courses/-/courseware/")
    return ibis.ifelse(path.startswith("/courses/course-v1:"), path, short)


def _but_redirects(told: ir.Table) -> ir.Table:
    """Without addresses that the learner was led on from, to one below it: here that of a subsection leads to one of
    its units. In Open edX it is a page itself, and no longer one follows at once."""
    told = told.mutate(day=told.time.date())
    order = [told.time, told.event_type, told.event_id]
    of_day = ibis.window(group_by=(*_LEARNER, "day"), order_by=order)
    told = told.mutate(then=told.event_type.lead().over(of_day), then_at=told.time.lead().over(of_day))
    is_longer = told.then.startswith(told.event_type.re_replace("/+$", "") + "/") & (told.then != told.event_type)
    return told.filter(~(is_longer & (told.then_at <= told.time + _AT_ONCE)).fill_null(False))


def _leafed(tables: Tables) -> ir.Table:
    told = tables.other.filter(tables.other.event_type.isin(_LEAFS))
    return _did(told, ibis.literal("book"), ibis.literal(""), _ONE, _NONE)


# Reports


def by_day(tables: Tables, params: Params) -> ir.Table:
    """Course, learner, day on which they did anything: ``days_active``, problems tried, submissions and problems
    solved, videos played, what was written in the forum, votes given and received, pages of textbooks, and the
    subsection whose page they opened last. :func:`by_week` and :func:`ever` say the same of weeks (by their Monday) and
    of all days."""
    return _report(_with_votes(tables, params), "day")


def by_week(tables: Tables, params: Params) -> ir.Table:
    """See :func:`by_day`."""
    done = _with_votes(tables, params)
    return _report(done.mutate(week=done.day.truncate("W").cast("date")), "week")


def ever(tables: Tables, params: Params) -> ir.Table:
    """See :func:`by_day`."""
    return _report(_with_votes(tables, params))


def _report(done: ir.Table, *span: str) -> ir.Table:
    def how_often(*kinds: str) -> ir.Value:
        return done.times.sum(where=done.kind.isin(list(kinds))).coalesce(0).cast("int64")

    def how_many(kind: str) -> ir.Value:
        return done.entity.nunique(where=done.kind == kind)

    latest = ibis.struct({"at": done["last"], "place": done.entity}).max(where=done.kind == "page")
    found = done.group_by(*span, *_LEARNER).agg(
        days_active=done.day.nunique(where=done.kind != "got"),
        problems_attempted=how_many("problem"),
        problem_attempts=how_often("problem"),
        problems_correct=done.entity.nunique(where=(done.kind == "problem") & (done.well > 0)),
        videos_played=how_many("video"),
        forum_posts=how_often("thread"),
        forum_responses=how_often("response"),
        forum_comments=how_often("comment"),
        upvotes_given=how_often("up"),
        downvotes_given=how_often("down"),
        upvotes_received=done.times.sum(where=(done.kind == "got") & (done.entity == "up")).coalesce(0).cast("int64"),
        downvotes_received=done.times.sum(where=(done.kind == "got") & (done.entity == "down"))
        .coalesce(0)
        .cast("int64"),
        textbook_pages=how_often("book"),
        place=latest["place"].split("/"),
    )
    return found.mutate(last_subsection_viewed=found.place[0] + "/" + found.place[1]).drop("place")


def _with_votes(tables: Tables, params: Params) -> ir.Table:
    """With the votes that others gave to what a learner wrote, as ``got``. Who wrote it is told by the event of that
    time: the lake knows no names."""
    done = before(tables.engagement, params).select("day", *_LEARNER, "kind", "entity", "times", "well", "last")
    told = tables.forum.filter(tables.forum.course_id.notnull(), tables.forum.post_id.notnull())
    told = told.filter(told.time < params.until)
    written = told.filter(told.event_type.isin([name for name, _kind in _POST_NAMES]), told.user_id.notnull())
    authors = written.group_by("course_id", "post_id").agg(user_id=written.user_id.min())
    votes = told.filter(told.event_type.endswith(".voted"), told.vote.isin(["up", "down"]))
    votes = votes.select("course_id", "post_id", "time", "vote", "change")
    got = votes.join(authors, ["course_id", "post_id"])
    got = got.group_by(day=got.time.date(), course_id=got.course_id, user_id=got.user_id, entity=got.vote).agg(
        times=got.change.sum().cast("int64"), last=got.time.max()
    )
    got = got.mutate(kind=ibis.literal("got"), well=_NONE)
    return ibis.union(done, got.select(done.columns))


def module_engagement(tables: Tables, params: Params) -> ir.Table:
    """Course, learner, day, entity (``problem``, ``video`` or ``discussion``, and its id), event (``attempted``,
    ``completed``, ``viewed``, ``contributed``): how often (``count``)."""
    done = before(tables.engagement, params)
    told = done.filter(done.kind.isin(["problem", "video", *POSTS]))
    event = told.kind.cases(("problem", "attempted"), ("video", "viewed"), else_="contributed")
    told = told.select("day", *_LEARNER, "kind", "entity", event=event, count=told.times)
    solved = done.filter(done.well > 0)
    solved = solved.select("day", *_LEARNER, "kind", "entity", event=ibis.literal("completed"), count=solved.well)
    both = ibis.union(told, solved)
    entity = ibis.ifelse(both.kind.isin(list(POSTS)), "discussion", both.kind)
    by = {"entity_type": entity, "entity_id": both.entity, **{name: both[name] for name in (*_LEARNER, "day", "event")}}
    found = both.group_by(**by).agg(count=both["count"].sum().cast("int64"))
    return found.select(*_LEARNER, "day", "entity_type", "entity_id", "event", "count")


def modules(tables: Tables, params: Params) -> ir.Table:
    """Course, entity (of :func:`module_engagement`): learners who used it and how often (``events``), in all and in the
    seven days before the end (``week_learners``, ``week_events``). To solve is no use of its own."""
    used = before(tables.engagement, params)
    used = used.filter(used.kind.isin(["problem", "video", *POSTS]))
    used = used.mutate(entity_type=ibis.ifelse(used.kind.isin(list(POSTS)), "discussion", used.kind))
    week = used.day >= params.week
    return used.group_by("course_id", "entity_type", entity_id=used.entity).agg(
        learners=used.user_id.nunique(),
        events=used.times.sum().cast("int64"),
        week_learners=used.user_id.nunique(where=week),
        week_events=used.times.sum(where=week).coalesce(0).cast("int64"),
    )


def visits(tables: Tables, params: Params) -> ir.Table:
    """Course, section, subsection (as addresses name them): learners who opened a page of it, and how often pages of it
    were asked for (``views``)."""
    asked = before(tables.engagement, params)
    asked = asked.filter(asked.kind == "page").mutate(place=asked.entity.split("/"))
    return asked.group_by("course_id", section=asked.place[0], subsection=asked.place[1]).agg(
        learners=asked.user_id.nunique(), views=asked.times.sum().cast("int64")
    )


def reach(tables: Tables, params: Params) -> ir.Table:
    """Course, part (a subsection of ``params.places``), ``kind`` (``page``, ``problem``, ``video``): how many there are
    (``there``); of those who are enrolled at the end, how many opened, tried or played at least one (``some``), and how
    many all (``every``)."""
    places = params.places
    sizes = places.group_by("course_id", "part_id", "kind").agg(there=places.count())
    now = standing(tables, params)
    done = before(tables.engagement, params).semi_join(now.filter(now.enrolled == 1), list(_LEARNER))
    done = done.select(*_LEARNER, "kind", "entity").distinct()
    each = done.join(places, ["course_id", "kind", "entity"])
    each = each.group_by("course_id", "part_id", "kind", "user_id").agg(done=each.count())
    each = each.join(sizes, ["course_id", "part_id", "kind"])
    return each.group_by("course_id", "part_id", "kind").agg(
        there=each.there.max(), some=each.count(), every=(each.done == each.there).sum().cast("int64")
    )
