"""Results of analytics as pages show them: a chart, the table behind it, a file. No counting: that was done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from lykeion.analytics import api as analytics
from lykeion.analytics.types import Row
from lykeion.content import api as content
from lykeion.content.types import Outline, OutlineBlock
from lykeion.core.keys import ref_meant
from lykeion.instructor import charts
from lykeion.teaching.types import Teacher

_DASH: Final = "\u2013"
_MOST_DAYS: Final = 366  # on a page; files have all
_MOST_WEEKS: Final = 26
_MOST_ANSWERS: Final = 12
_MOST_PARTS: Final = 240  # of a video's strip
SEGMENT: Final = 5  # seconds


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of a page: ``chart`` and its table (``columns``, ``lines``); ``file``: the metric that comes as a file,
    ``of`` which part of the course."""

    name: str
    title: str
    about: str
    chart: SafeString
    columns: tuple[str, ...]
    lines: list[tuple[Any, ...]]
    file: str = ""
    of: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show yet."""
        return not self.lines


def enrolment(teacher: Teacher) -> tuple[dict[str, int], Panel]:
    """How many are enrolled now, ever were, and came in the last seven days; and day by day."""
    rows = analytics.figures(teacher.run.id, "enrolment")
    days = from_nothing(sorted({row["day"] for row in rows})[-_MOST_DAYS:], timedelta(days=1))
    modes = sorted({row["mode"] for row in rows})
    by_day = {(row["day"], row["mode"]): row for row in rows}
    counts = {mode: [_of(by_day, day, mode, "count") for day in days] for mode in modes}
    totals = [sum(column) for column in zip(*counts.values(), strict=True)]
    ever = sum(_of(by_day, days[-1], mode, "cumulative") for mode in modes) if days else 0
    facts = (
        {"now": totals[-1], "ever": ever, "change": totals[-1] - (totals[-8] if len(totals) > 7 else 0)} if days else {}
    )
    labels = [_day(day) for day in days]
    lines = [(label, *column, total) for label, *column, total in zip(labels, *counts.values(), totals, strict=True)]
    chart = charts.areas("enrolment", _("Learners enrolled, by track"), labels, counts) if days else SafeString()
    columns = (_("Day"), *modes, _("All"))
    about = _("Those who were enrolled at the end of each day.")
    return facts, Panel("enrolment", _("Enrolment by day"), about, chart, columns, lines[::-1], "enrolment")


def from_nothing(days: list[str], step: timedelta) -> list[str]:
    """``days`` (ISO); one alone after the day before it, so that a chart has a line to draw."""
    if len(days) != 1:
        return days
    return [(date.fromisoformat(days[0]) - step).isoformat(), *days]


def _of(by_day: dict[tuple[str, str], Row], day: str, mode: str, name: str) -> int:
    return int(by_day.get((day, mode), {}).get(name, 0))


def activity(teacher: Teacher) -> Panel:
    """Who was active, week by week."""
    told = analytics.several(teacher.run.id, "activity", "enrolment")
    rows, enrolled = _every_week(told["activity"]), enrolled_by_week(told["enrolment"])
    names = {
        "any": _("Active"),
        "attempted": _("Tried a problem"),
        "played": _("Played a video"),
        "posted": _("Wrote in the forum"),
    }
    labels = [_day(row["week"]) for row in rows]
    series = {words: [row[name] for row in rows] for name, words in names.items()}
    title = _("Active learners by week")
    chart = charts.lines("activity", title, labels, series) if rows else SafeString()
    lines = [
        (label, *(row[name] for name in names), _of_those(row["any"], enrolled(row["week"])))
        for label, row in zip(labels, rows, strict=True)
    ]
    about = _(
        "Each person counts once a week, those of the team and those who left, too. The last week is not over yet. The"
        " share is of those who were enrolled when the week ended: where others were here it may be above 100 %."
    )
    columns = (_("Week from"), *names.values(), _("Active, of those enrolled"))
    return Panel("activity", title, about, chart, columns, lines[::-1], "activity")


def enrolled_by_week(rows: Sequence[Row]) -> Callable[[str], int]:
    """How many were enrolled when a week (its Monday) ended, or are on the last day that is counted; from the rows of
    ``enrolment``."""
    totals: Counter[str] = Counter()
    for row in rows:
        totals[row["day"]] += row["count"]
    last = max(totals, default="")

    def enrolled(week: str) -> int:
        sunday = (date.fromisoformat(week) + timedelta(days=6)).isoformat()
        return totals[min(sunday, last)]

    return enrolled


def _of_those(some: int, enrolled: int) -> str:
    return f"{100 * some / enrolled:.0f} %" if enrolled else _DASH


def _every_week(rows: Sequence[Row]) -> list[Row]:
    """With the weeks in which nobody was active; one alone after the week before it, so that there is a line."""
    if not rows:
        return []
    known = {date.fromisoformat(row["week"]): row for row in rows}
    first, last = min(known), max(known)
    if first == last:
        first -= timedelta(days=7)
    nobody = {"any": 0, "attempted": 0, "played": 0, "posted": 0}
    weeks = [first + timedelta(days=7 * number) for number in range((last - first).days // 7 + 1)][-_MOST_DAYS // 7 :]
    return [known.get(week, {"week": week.isoformat(), **nobody}) for week in weeks]


def retention(teacher: Teacher) -> Panel:
    """Who still comes, weeks after enrolling."""
    rows = analytics.figures(teacher.run.id, "retention")
    cohorts = sorted({row["cohort"] for row in rows})[-_MOST_WEEKS:]
    longest = min(max((row["since"] for row in rows), default=-1), _MOST_WEEKS)
    shares = {(row["cohort"], row["since"]): row for row in rows}
    sizes = {row["cohort"]: row["size"] for row in rows}
    lines = [
        (_day(cohort), sizes[cohort], *(_share(shares.get((cohort, since))) for since in range(longest + 1)))
        for cohort in cohorts
    ]
    columns = (
        _("Enrolled in the week from"),
        _("Learners"),
        *(_("Week {number}").format(number=since) for since in range(longest + 1)),
    )
    series = {
        _day(cohort): [_percent(shares.get((cohort, since))) for since in range(longest + 1)] for cohort in cohorts[-5:]
    }
    title = _("Who still comes")
    labels = [str(since) for since in range(longest + 1)]
    chart = (
        charts.lines("retention", _("Active learners in percent, by weeks since enrolment"), labels, series)
        if rows
        else SafeString()
    )
    about = _("Of those who enrolled in a week, how many were active so many weeks later.")
    return Panel("retention", title, about, chart, columns, lines[::-1], "retention")


def _percent(row: Row | None) -> float | None:
    return None if row is None else round(100 * row["active"] / row["size"], 1)


def _share(row: Row | None) -> str:
    found = _percent(row)
    return _DASH if found is None else f"{found:.0f} %"


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
    shown = named[:_MOST_ANSWERS]
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
    labels = [f"{10 * tenth}{_DASH}{10 * tenth + 9 if tenth < 9 else 100} %" for tenth in range(10)]
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


# Problems and videos


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
            _("right") if row["correct"] else _("wrong") if row["correct"] is False else _DASH,
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


@dataclass(frozen=True, slots=True)
class Video:
    """A video that anybody watched; ``complete``: of those at its start, or its end if more, who saw the end;
    ``whole``: learners who saw nearly all; ``heat``: a picture of how many learners saw each part."""

    id: str
    title: str
    duration: str
    viewers: int
    start: int
    end: int
    complete: float
    whole: int
    heat: SafeString


def videos(teacher: Teacher) -> list[Video]:
    """The videos that anybody watched, in the order of the course."""
    outline = content.outline(teacher.run.key)
    found = {row["video_id"]: row for row in analytics.figures(teacher.run.id, "videos")}
    seen = analytics.figures_of(teacher.run.id, "timeline")
    films = [film for film in (analytics.player(outline, video) for video in found) if film]
    films.sort(key=lambda film: film.index)
    return [_video(film.title, found[film.id], seen.get(film.id, [])) for film in films]


def _video(title: str, row: Row, seen: list[Row]) -> Video:
    start, end = row["users_at_start"], row["users_at_end"]
    share = end / (max(start, end) or 1)
    return Video(
        row["video_id"],
        title,
        clock(row["duration"]),
        row["viewers"],
        start,
        end,
        share,
        row["users_of_all"],
        _heat(title, seen),
    )


def _heat(title: str, seen: list[Row]) -> SafeString:
    """The learners of every five seconds; of long videos the most in each of so many parts."""
    users = {row["segment"]: row["users"] for row in seen}
    segments = max(users, default=-1) + 1
    width = -(-segments // _MOST_PARTS) or 1
    parts = [range(start, min(start + width, segments)) for start in range(0, segments, width)]
    most = [max(users.get(segment, 0) for segment in part) for part in parts]
    peak = most.index(max(most)) * width * SEGMENT if most else 0
    about = _("{title}: most learners at {time}").format(title=title, time=clock(peak))
    return charts.heat(about, most)


def timeline(teacher: Teacher, video: str) -> Panel:
    """What of a video was watched, and watched again."""
    rows = analytics.figures(teacher.run.id, "timeline", video)
    labels = [clock(row["segment"] * SEGMENT) for row in rows]
    series = {
        _("Learners"): [row["users"] for row in rows],
        _("Replays"): [row["views"] - row["users"] for row in rows],
    }
    title = _("What was watched")
    chart = (
        charts.areas("timeline", _("Learners and replays for every five seconds"), labels, series)
        if rows
        else SafeString()
    )
    lines = [(label, row["users"], row["views"] - row["users"]) for label, row in zip(labels, rows, strict=True)]
    about = _("For every five seconds of the video: how many learners saw them, and how often they were seen again.")
    return Panel("timeline", title, about, chart, (_("From"), _("Learners"), _("Replays")), lines, "timeline", video)


def clock(seconds: float) -> str:
    """Minutes and seconds, as players show them."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def _day(text: str) -> str:
    return date_format(date.fromisoformat(text), "SHORT_DATE_FORMAT")
