"""From the lake to tables that pages read: of each run that anything happened in, all at once.

Which runs those are is told by the days that changed since results were last published; so a repeated, late or killed
refresh publishes what one that ran through would have. Loads the engine: only jobs and commands import this.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import pyarrow as pa
from django.db import transaction

from lykeion.accounts import api as accounts
from lykeion.analytics import few, settling
from lykeion.analytics.columns import COLUMNS, PARTED
from lykeion.analytics.contents import SUBSECTION, subsections, there
from lykeion.analytics.engine import Engine
from lykeion.analytics.metrics import learners
from lykeion.analytics.metrics.every import METRICS
from lykeion.analytics.metrics.tables import OUTLINE, PEOPLE, PLACES, Params, Tables
from lykeion.analytics.models import Figure, LearnerFigure, PublishedDay
from lykeion.catalog import api as catalog
from lykeion.content import api as content
from lykeion.content.types import Outline, RunMissing
from lykeion.core.keys import parse_run, usage_text
from lykeion.core.upsert import upsert

Rows = list[dict[str, Any]]
Figures = dict[tuple[str, str], list[list[Any]]]
Progress = Callable[[int, int], None]
"""Runs published, runs in all."""

_BATCH: Final = 20  # runs that are measured together
_MOST_ANSWERS: Final = 500  # of a problem
_CHUNK: Final = 500  # rows of one statement
_OF_PEOPLE: Final = {"demography": few.traits, "enrolment_by_gender": few.genders_by_day}
_LEARNER: Final = tuple(
    field.name for field in LearnerFigure._meta.concrete_fields if field.name not in ("id", "run_id")
)


def publish(engine: Engine, *, at: datetime, everything: bool = False, progress: Progress | None = None) -> int:
    """Publishes the results of each run in which anything changed (``everything``: of all); of how many.

    Pages see the results of a run as they were or as they are, never a part of both.
    """
    now = settling.state(engine.lake).days
    known = dict(PublishedDay.objects.values_list("day", "word"))
    days = [day for day, word in now.items() if known.get(day) != word]
    if not days and not everything:
        return 0
    keys = sorted(_courses(engine, None if everything else days))
    for start in range(0, len(keys), _BATCH):
        _publish(engine, keys[start : start + _BATCH], at)
        if progress is not None:
            progress(min(start + _BATCH, len(keys)), len(keys))
    _note(now, days)
    return len(keys)


def _courses(engine: Engine, days: Iterable[str] | None) -> set[str]:
    """The keys of published runs in which anything happened (on these days). A log tells of others too, and of anything
    that somebody typed as one."""
    tables = settling.tables(engine, days=days)
    found: set[str] = set()
    for name in ("activity", "enrol", "grade", "completion"):
        table = getattr(tables, name)
        rows = engine.rows(("courses", name), lambda table=table: table.select("course_id").distinct())  # type: ignore[misc]
        found |= {row["course_id"] for row in rows if row["course_id"]}
    return found & {str(key) for key in content.heads()}


def _note(now: dict[str, str], days: Sequence[str]) -> None:
    rows = [PublishedDay(day=day, word=now[day]) for day in days]
    with transaction.atomic():
        PublishedDay.objects.exclude(day__in=list(now)).delete()
        upsert(rows, ["word"])


def _publish(engine: Engine, keys: Sequence[str], at: datetime) -> None:
    runs = _offered(keys)
    outlines = {key: content.outline(parse_run(key)) for key in runs}
    tables = settling.tables(engine, courses=list(runs))
    params = Params(
        at.astimezone(UTC).date() + timedelta(days=1),
        outline=engine.given("outline", _blocks(outlines.values())),
        places=engine.given("places", _places(outlines.values())),
        people=engine.given("people", people_of(engine, tables)),
    )
    figures = _figures(engine, tables, params, outlines)
    people = _by_course(_measured(engine, "learners", learners.learners, tables, params))
    for key, run_id in runs.items():
        with transaction.atomic():
            _replace_figures(run_id, figures.get(key, {}))
            _replace_learners(run_id, people.get(key, []))


def _offered(keys: Sequence[str]) -> dict[str, int]:
    """The ids of those runs that the site offers."""
    found: dict[str, int] = {}
    for key in keys:
        try:
            found[key] = catalog.run(key).id
        except RunMissing:  # published a moment ago, and not in the catalog yet
            continue
    return found


def outline_of_all() -> pa.Table:
    """The blocks of all published runs that can be completed (:data:`~lykeion.analytics.metrics.tables.OUTLINE`)."""
    return _blocks(content.outline(key) for key in content.heads())


def _blocks(outlines: Iterable[Outline]) -> pa.Table:
    """The blocks that can be completed, by the subsection they are in."""
    rows = [
        {"course_id": str(outline.run), "block_id": usage_text(outline.run, block.ref), "part_id": part.ref}
        for outline in outlines
        for part in outline.blocks
        if part.depth == SUBSECTION
        for block in outline.subtree(part)
        if not block.children and block.facts.completion == "completable"
    ]
    return pa.Table.from_pylist(rows, OUTLINE)


def places_of_all() -> pa.Table:
    """What there is to be opened, tried and played in all published runs
    (:data:`~lykeion.analytics.metrics.tables.PLACES`)."""
    return _places(content.outline(key) for key in content.heads())


def _places(outlines: Iterable[Outline]) -> pa.Table:
    """Pages of units, problems and videos, by the subsection they are in."""
    rows = [
        {"course_id": str(outline.run), "part_id": part.ref, "kind": kind, "entity": entity}
        for outline in outlines
        for section, part in subsections(outline)
        for kind, entity in there(outline, section, part)
    ]
    return pa.Table.from_pylist(rows, PLACES)


def people_of(engine: Engine, tables: Tables) -> pa.Table:
    """What those told of themselves who ever took one of these runs."""
    asked = engine.rows(("learners",), lambda: tables.enrol.select("user_id").distinct())
    told = accounts.traits(row["user_id"] for row in asked if row["user_id"])
    return pa.Table.from_pylist([asdict(one) for one in told], PEOPLE)


def _figures(engine: Engine, tables: Tables, params: Params, outlines: dict[str, Outline]) -> dict[str, Figures]:
    """Course -> metric and part -> rows."""
    found: dict[str, Figures] = defaultdict(lambda: defaultdict(list))
    for name, metric in METRICS.items():
        part, columns = PARTED.get(name, ("", COLUMNS[name]))
        for row in _measured(engine, name, metric, tables, params):
            if _is_real(row, outlines):
                place = name, row[part][:255] if part else ""
                found[row["course_id"]][place].append([_plain(row[column]) for column in columns])
    for figures in found.values():
        for (name, part), rows in figures.items():
            figures[name, part] = _kept(name, rows)
    return found


def _measured(
    engine: Engine, name: str, metric: Callable[[Tables, Params], Any], tables: Tables, params: Params
) -> Rows:
    return engine.rows((name, params.end), lambda: metric(tables, params))


def _is_real(row: dict[str, Any], outlines: dict[str, Outline]) -> bool:
    """Whether a row is of something there is: videos that a browser names and addresses that it asks for could be
    anything."""
    outline = outlines.get(row["course_id"])
    if outline is None:
        return False
    named = row.get("video_id") or row.get("subsection") or ""
    if row.get("entity_type") == "video":
        named = row["entity_id"]
    return not named or named in outline.by_id


def _kept(name: str, rows: list[list[Any]]) -> list[list[Any]]:
    """Rows in order; of answers the most frequent: what learners type may differ from each to each. What learners told
    of themselves tells of no one alone."""
    if name in _OF_PEOPLE:
        rows = _OF_PEOPLE[name](rows)
    if name == "answers":
        last = COLUMNS[name].index("last_count")
        rows = sorted(rows, key=lambda row: -row[last])[:_MOST_ANSWERS]
    return sorted(rows, key=lambda row: [(value is not None, value) for value in row[:3]])


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else _finite(value)


def _finite(value: Any) -> Any:
    """Neither MySQL nor JSON knows infinity: attempts for each problem solved of who solved none."""
    return None if isinstance(value, float) and math.isinf(value) else value


def _by_course(rows: Rows) -> dict[str, Rows]:
    found: dict[str, Rows] = defaultdict(list)
    for row in rows:
        found[row["course_id"]].append(row)
    return found


def _replace_figures(run_id: int, wanted: Figures) -> None:
    """Writes what is new or other than it was, removes what is no more."""
    known = {(row.metric, row.part): row for row in Figure.objects.filter(run_id=run_id)}
    gone = [row.pk for key, row in known.items() if key not in wanted]
    Figure.objects.filter(pk__in=gone).delete()
    new = [
        Figure(run_id=run_id, metric=metric, part=part, rows=rows)
        for (metric, part), rows in wanted.items()
        if (metric, part) not in known
    ]
    Figure.objects.bulk_create(new, _CHUNK)
    for key, row in known.items():
        if key in wanted and row.rows != wanted[key]:
            row.rows = wanted[key]
            row.save(update_fields=["rows"])


def _replace_learners(run_id: int, rows: Rows) -> None:
    wanted = {row["user_id"]: _learner(run_id, row) for row in rows}
    known = {one.user_id: one for one in LearnerFigure.objects.filter(run_id=run_id).iterator(_CHUNK)}
    gone = [one.pk for user_id, one in known.items() if user_id not in wanted]
    for start in range(0, len(gone), _CHUNK):
        LearnerFigure.objects.filter(pk__in=gone[start : start + _CHUNK]).delete()
    changed = [one for user_id, one in wanted.items() if user_id in known and _told(one) != _told(known[user_id])]
    for one in changed:
        one.pk = known[one.user_id].pk
    LearnerFigure.objects.bulk_update(changed, [name for name in _LEARNER if name != "user_id"], _CHUNK // 10)
    LearnerFigure.objects.bulk_create([one for user_id, one in wanted.items() if user_id not in known], _CHUNK)


def _learner(run_id: int, row: dict[str, Any]) -> LearnerFigure:
    values = {name: _finite(row[name]) for name in _LEARNER}
    values["last"] = values["last"] and values["last"].replace(tzinfo=UTC)
    values["mode"] = values["mode"][:100]
    return LearnerFigure(run_id=run_id, **values)


def _told(one: LearnerFigure) -> tuple[Any, ...]:
    return tuple(getattr(one, name) for name in _LEARNER)
