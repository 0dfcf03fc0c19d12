"""How problems are solved, and what was answered (analytics.md §1.3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from lykeion.analytics import api as analytics
from lykeion.analytics.types import Row
from lykeion.content import api as content
from lykeion.content.types import Outline
from lykeion.core.keys import ref_meant
from lykeion.instructor import charts
from lykeion.instructor.panels.panel import DASH, Panel
from lykeion.teaching.types import Teacher

_MOST_ANSWERS: Final = 12  # in the chart; the table has all


@dataclass(frozen=True, slots=True)
class Problem:
    """A question: a part of a problem. ``ref`` is '' for what is not in the course any more."""

    ref: str
    title: str
    question: str
    part: str
    learners: int
    submissions: int
    first: float
    last: float
    discrimination: float | None

    @property
    def attempts(self) -> float:
        """Submissions of each learner, on average."""
        return self.submissions / self.learners

    @property
    def has_page(self) -> bool:
        """Whether its answers have a page: an address holds no slash."""
        return "/" not in self.ref

    @property
    def tells_little(self) -> bool:
        """Whether those who know the rest are hardly more often right here than others."""
        return self.discrimination is not None and self.discrimination < 0.1


def problems(teacher: Teacher) -> list[Problem]:
    """The questions that anybody answered, in the order of the course; then those that are gone."""
    outline = content.outline(teacher.run.key)
    rows = analytics.figures(teacher.run.id, "items")
    rows.sort(key=lambda row: (_place(outline, row["problem_id"]), row["part_id"]))
    return [_problem(outline, row) for row in rows]


def tags(teacher: Teacher) -> Panel:
    """How much of what was submitted to problems with a tag was right, tag by tag."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in analytics.figures(teacher.run.id, "tags"):
        found.setdefault((row["name"], row["value"]), []).append(row)
    sums = [
        (f"{name}: {value}", len(rows), sum(row["submissions"] for row in rows), sum(row["correct"] for row in rows))
        for (name, value), rows in sorted(found.items())
    ]
    lines: list[tuple[Any, ...]] = [
        (tag, problems, sent, right, f"{100 * right / sent:.0f} %") for tag, problems, sent, right in sums
    ]
    title = _("By tag")
    shares = {_("Right, in percent"): [round(100 * right / sent, 1) for _tag, _problems, sent, right in sums]}
    words = [tag for tag, *_rest in sums]
    chart = charts.rows("tags", _("Right submissions in percent, by tag"), words, shares) if sums else SafeString()
    columns = (_("Tag"), _("Problems"), _("Submissions"), _("Right"), _("Share"))
    about = _("All submissions to the problems that have a tag. The tags are those that a problem had at last.")
    return Panel("tags", title, about, chart, columns, lines, "tags")


def _problem(outline: Outline, row: Row) -> Problem:
    ref = ref_meant(row["problem_id"])
    block = outline.get(ref)
    return Problem(
        ref=ref or row["problem_id"],
        title=block.title if block else row["display_name"] or ref or row["problem_id"],
        question=row["question"] or "",
        part=row["part_id"],
        learners=row["learners"],
        submissions=row["submissions"],
        first=row["right_first"] / row["learners"],
        last=row["right_last"] / row["learners"],
        discrimination=row["discrimination"],
    )


def _place(outline: Outline, usage: str) -> tuple[bool, int]:
    block = outline.get(ref_meant(usage))
    return (block is None, block.index if block else 0)


def answers(teacher: Teacher, problem: str) -> list[Panel]:
    """What learners answered to each part of a problem, the most frequent first."""
    rows = analytics.figures(teacher.run.id, "answers", problem)
    parts = sorted({row["part_id"] for row in rows})
    return [
        _answers(problem, number, [row for row in rows if row["part_id"] == part])
        for number, part in enumerate(parts, 1)
    ]


def _answers(problem: str, number: int, rows: list[Row]) -> Panel:
    rows.sort(key=lambda row: (-row["last_count"], row["value"]))
    total = sum(row["last_count"] for row in rows) or 1
    has_variants = any(row["variant"] not in (None, "1") for row in rows)
    lines = [
        (
            row["answer"] or row["value"],
            *((row["variant"],) if has_variants else ()),
            _("right") if row["correct"] else _("wrong") if row["correct"] is False else DASH,
            row["first_count"],
            row["last_count"],
            f"{100 * row['last_count'] / total:.0f} %",
        )
        for row in rows
    ]
    variant = (_("Variant"),) if has_variants else ()
    columns = (_("Answer"), *variant, _("Is"), _("At first"), _("At last"), _("Share at last"))
    shown = rows[:_MOST_ANSWERS]
    series = {
        _("Right"): [row["last_count"] if row["correct"] else None for row in shown],
        _("Other"): [None if row["correct"] else row["last_count"] for row in shown],
    }
    title = _("Question {number}").format(number=number)
    labels = [charts.chosen(str(row["answer"] or row["value"])) for row in shown]
    chart = charts.stacks(f"answers{number}", _("Learners by their last answer"), labels, series)
    about = _(
        "Each learner's last submission, as it was graded then: rescoring changes nothing here. Answers that differ in"
        " spelling are different."
    )
    return Panel(f"answers{number}", title, about, chart, columns, lines, "answers", problem)


def points(teacher: Teacher, problem: str) -> Panel:
    """How many points learners have for a problem."""
    rows = analytics.figures(teacher.run.id, "scores", problem)
    rows.sort(key=lambda row: (row["max_grade"] or 0, row["grade"]))
    words = [_points(row) for row in rows]
    lines: list[tuple[Any, ...]] = [(words[place], row["learners"]) for place, row in enumerate(rows)]
    series = {_("Learners"): [row["learners"] for row in rows]}
    title = _("Points")
    chart = charts.bars("points", _("Learners by their points at last"), words, series) if rows else SafeString()
    about = _(
        "What each learner had with the last submission, as marked then. How much the problem weighs in grades is not"
        " in it."
    )
    return Panel("points", title, about, chart, (_("Points"), _("Learners")), lines, "scores", problem)


def _points(row: Row) -> str:
    """As ``1.5 / 2``."""
    return _("{grade} of {most}").format(grade=f"{row['grade']:g}", most=f"{row['max_grade'] or 0:g}")
