"""How far learners get, what they use, and their grades."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from lykeion.analytics import api as analytics
from lykeion.analytics.types import Row
from lykeion.content import api as content
from lykeion.content.types import Outline, OutlineBlock
from lykeion.core.keys import ref_meant
from lykeion.instructor import charts
from lykeion.instructor.panels.panel import DASH, Panel
from lykeion.teaching.types import Teacher

_MOST_USED: Final = 12  # in the chart; the table has all


def funnel(teacher: Teacher) -> Panel:
    """How far learners get, in the order of the course."""
    lines: list[tuple[Any, ...]] = [(block.title, *counts) for _section, block, *counts in steps(teacher)]
    columns = (_("Opened"), _("Began"), _("Finished"))
    series = {words: [line[place] for line in lines] for place, words in enumerate(columns, 1)}
    title = _("How far learners get")
    chart = (
        charts.rows(
            "funnel", _("Learners who opened, began and finished each subsection"), [line[0] for line in lines], series
        )
        if lines
        else SafeString()
    )
    about = _(
        "Opened: a page of the subsection was asked for. Began: something in it is done. Finished: all that can be done"
        " in it as it is published now."
    )
    return Panel("funnel", title, about, chart, (_("Subsection"), *columns), lines, "funnel")


def steps(teacher: Teacher) -> Iterator[tuple[OutlineBlock, OutlineBlock, int, int, int]]:
    """Each subsection after its section, in the order of the course: learners who opened, began and finished it.
    Nothing where nobody did any of it."""
    told = analytics.several(teacher.run.id, "funnel", "visits")
    done = {row["part_id"]: row for row in told["funnel"]}
    opened = {row["subsection"]: row["learners"] for row in told["visits"]}
    if done or opened:
        for section, block in analytics.subsections(content.outline(teacher.run.key)):
            if block.children:
                yield section, block, opened.get(block.id, 0), *_done(done.get(block.ref))


def reach(teacher: Teacher) -> Panel:
    """Of each subsection: who opened all its units, some, none; the same of its problems and its videos."""
    outline = content.outline(teacher.run.key)
    told = analytics.several(teacher.run.id, "reach", "summary")
    rows = {(row["part_id"], row["kind"]): row for row in told["reach"]}
    kinds = {"page": _("Units opened"), "problem": _("Problems tried"), "video": _("Videos played")}
    enrolled = sum(row["count"] for row in told["summary"])
    counts = [
        (part, Counter(kind for kind, _one in analytics.there(outline, section, part)))
        for section, part in analytics.subsections(outline)
    ]
    found = [
        (part.title, kinds[kind], rows.get((part.ref, kind)) or {"there": there[kind], "some": 0, "every": 0})
        for part, there in counts
        for kind in kinds
        if rows and there[kind]
    ]
    lines: list[tuple[Any, ...]] = [
        (f"{title}: {kind}", row["there"], row["every"], row["some"] - row["every"], max(0, enrolled - row["some"]))
        for title, kind, row in found
    ]
    columns = (_("All of them"), _("Some of them"), _("None"))
    series = {words: [line[place] for line in lines] for place, words in enumerate(columns, 2)}
    title = _("All, some or nothing")
    words = [charts.fitting(title, f": {kind}") for title, kind, _row in found]
    chart = charts.rows("reach", _("Learners by how much of each subsection they saw"), words, series)
    about = _("Of those who are enrolled now: who opened units, tried problems and played videos.")
    shown = chart if lines else SafeString()
    return Panel("reach", title, about, shown, (_("What"), _("There are"), *columns), lines, "reach")


def _done(row: Row | None) -> tuple[int, int]:
    return (0, 0) if row is None else (row["started"], row["finished"])


def used(teacher: Teacher) -> Panel:
    """Which problems, videos and topics are used, those of the last seven days first."""
    outline = content.outline(teacher.run.key)
    rows = sorted(
        analytics.figures(teacher.run.id, "modules"), key=lambda row: (-row["week_learners"], -row["learners"])
    )
    kinds = {"problem": _("Problem"), "video": _("Video"), "discussion": _("Forum")}
    named = [(_title(outline, row), row) for row in rows]
    columns = (_("What"), _("Kind"), _("Learners this week"), _("Uses this week"), _("Learners"), _("Uses"))
    lines: list[tuple[Any, ...]] = [
        (title, kinds[row["entity_type"]], row["week_learners"], row["week_events"], row["learners"], row["events"])
        for title, row in named
    ]
    title = _("What is used")
    shown = named[:_MOST_USED]
    series = {
        _("Last seven days"): [row["week_learners"] for _title, row in shown],
        _("Ever"): [row["learners"] for _title, row in shown],
    }
    words = [name for name, _row in shown]
    chart = charts.rows("used", _("Learners by what they used"), words, series) if rows else SafeString()
    about = _("Problems that were tried, videos that were played, topics of the forum that were written in.")
    return Panel("used", title, about, chart, columns, lines, "modules")


def _title(outline: Outline, row: Row) -> str:
    """What the course calls it; where it is gone, what events call it."""
    if row["entity_type"] == "discussion":
        return row["entity_id"] or _("General")
    if row["entity_type"] == "video":
        film = analytics.player(outline, row["entity_id"])
        return film.title if film else row["entity_id"]
    block = outline.get(ref_meant(row["entity_id"]))
    return block.title if block else row["entity_id"]


def grades(teacher: Teacher) -> Panel:
    """Where grades are."""
    told = analytics.several(teacher.run.id, "grades", "averages")
    found = {row["tenth"]: row for row in told["grades"]}
    labels = [f"{10 * tenth}{DASH}{10 * tenth + 9 if tenth < 9 else 100} %" for tenth in range(10)]
    lines = [
        (label, found.get(tenth, {}).get("learners", 0), found.get(tenth, {}).get("passed", 0))
        for tenth, label in enumerate(labels)
    ] if found else []  # fmt: skip
    series = {_("Learners"): [line[1] for line in lines], _("Passed"): [line[2] for line in lines]}
    chart = charts.bars("grades", _("Learners by their grade in the course"), labels, series) if lines else SafeString()
    about = _("The latest grade of each learner who has one.")
    for row in told["averages"]:
        about += " " + _("On average {average} %; half have at least {median} %.").format(
            average=round(100 * row["average"]), median=round(100 * row["median"])
        )
    return Panel("grades", _("Grades"), about, chart, (_("Grade"), _("Learners"), _("Passed")), lines, "grades")
