"""The door of ``analytics``: results, read by key. No engine is asked, nothing is counted here."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import ExitStack
from datetime import timedelta
from typing import IO, Any, Final
from zipfile import BadZipFile, ZipFile

from django.db.models import Case, F, When
from django.utils.translation import gettext as _

from lykeion.analytics.analysts import TABLES
from lykeion.analytics.columns import COLUMNS, PROBLEM, SPANS, TOGETHER, kinds
from lykeion.analytics.contents import player, subsections, there
from lykeion.analytics.models import EVER, FLAGS, MEASURES, Figure, LearnerFigure, Reading
from lykeion.analytics.types import (
    BadQuestion,
    Fresh,
    Learner,
    LearnerPage,
    LearnerQuery,
    Question,
    Report,
    Row,
    Summary,
)
from lykeion.analytics.waiting import minutes
from lykeion.core.clock import now
from lykeion.jobs import api as jobs
from lykeion.jobs.types import JobError, JobStatus, State

__all__ = [
    "ASK",
    "COLUMNS",
    "EVERYWHERE",
    "FLAGS",
    "FORGET",
    "FORGET_KEPT",
    "MEASURES",
    "PROBLEM",
    "REFRESH",
    "REFRESH_ALL",
    "REPORT",
    "SEND",
    "SORTS",
    "SPANS",
    "TABLES",
    "TOGETHER",
    "answer_parts",
    "ask",
    "figures",
    "figures_of",
    "fresh",
    "is_counted",
    "kinds",
    "learners",
    "modes",
    "order_refresh",
    "order_report",
    "player",
    "question",
    "questions",
    "refresh_ordered",
    "refresh_under_way",
    "report_parts",
    "reports",
    "several",
    "subsections",
    "summaries",
    "there",
    "walk",
]

REFRESH: Final = "analytics.refresh"
REFRESH_ALL: Final = "analytics.refresh_all"
FORGET: Final = "analytics.forget"
FORGET_KEPT: Final = "analytics.forget_kept"
REPORT: Final = "analytics.report"
SEND: Final = "analytics.send"
ASK: Final = "analytics.ask"
LONGEST_SQL: Final = 20_000
"""Letters."""
EVERYWHERE: Final = "*"
"""What a question about all courses is about."""
_FIELDS: Final = tuple(
    field.name for field in LearnerFigure._meta.concrete_fields if field.name not in ("id", "run_id")
)
SORTS: Final = frozenset(("user_id", "enrolled_on", "last", "percent", "attempts_per_completed", *MEASURES, *EVER))
"""Columns that lists of learners can be sorted by."""
_CHUNK: Final = 500
_PART: Final = 1 << 16  # bytes


def figures(run_id: int, metric: str, part: str = "") -> list[Row]:
    """The rows of a metric (of :data:`~lykeion.analytics.columns.COLUMNS`) for a run, or for a problem or video of it;
    none when nothing was counted. One read."""
    found = Figure.objects.filter(run_id=run_id, metric=metric, part=part).values_list("rows", flat=True).first()
    return [dict(zip(COLUMNS[metric], row, strict=True)) for row in found or []]


def is_counted(run_id: int, metric: str) -> bool:
    """Whether a metric has rows for a run. One read, which loads none of them."""
    return Figure.objects.filter(run_id=run_id, metric=metric, part="").exists()


def several(run_id: int, *metrics: str) -> dict[str, list[Row]]:
    """The rows of several metrics for a run, as :func:`figures`. One read."""
    found = Figure.objects.filter(run_id=run_id, metric__in=metrics, part="").values_list("metric", "rows")
    told = dict.fromkeys(metrics, ()) | dict(found)
    return {name: [dict(zip(COLUMNS[name], row, strict=True)) for row in rows] for name, rows in told.items()}


def figures_of(run_id: int, metric: str) -> dict[str, list[Row]]:
    """The rows of a metric for each problem or video of a run. One read."""
    found = Figure.objects.filter(run_id=run_id, metric=metric).values_list("part", "rows")
    return {part: [dict(zip(COLUMNS[metric], row, strict=True)) for row in rows] for part, rows in found}


def fresh() -> Fresh:
    """How new results are. One read."""
    until, took = Reading.objects.values_list("until", "took").first() or (None, None)
    promised = minutes(took or 0)
    return Fresh(until, promised, until is not None and now() - until > timedelta(minutes=2 * promised))


def learners(run_id: int, query: LearnerQuery) -> LearnerPage:
    """A page of the learners of a run. Two reads."""
    rows = _chosen(run_id, query)
    start = (query.page - 1) * query.size
    order = query.sort if query.sort.removeprefix("-") in SORTS else "-problem_attempts"
    page = rows.order_by(*_order(order), "user_id")[start : start + query.size]
    return LearnerPage(tuple(Learner(*values) for values in page.values_list(*_FIELDS)), rows.count())


def _order(sort: str) -> list[Any]:
    """Who has no grade, or tried nothing, comes last both ways. Who tried and solved nothing needs the most attempts
    for each problem solved; the more, the more they tried."""
    if sort == "percent":
        return [F("percent").asc(nulls_last=True)]
    if sort.removeprefix("-") != "attempts_per_completed":
        return [sort]  # downwards what is not there comes last by itself
    sign = sort[: -len("attempts_per_completed")]
    endless, ratio = (0, 1) if sign else (1, 0)
    place = Case(
        When(attempts_per_completed=None, problem_attempts__gt=0, then=endless),
        When(attempts_per_completed=None, then=2),
        default=ratio,
    )
    return [place, sort, f"{sign}problem_attempts"]


def walk(run_id: int, query: LearnerQuery) -> Iterator[Learner]:
    """All learners that ``query`` asks for, by number, in constant memory."""
    rows = _chosen(run_id, query).order_by("user_id").values_list(*_FIELDS)
    return (Learner(*values) for values in rows.iterator(_CHUNK))


def modes(run_id: int) -> list[str]:
    """The modes that learners of a run are in."""
    return sorted(LearnerFigure.objects.filter(run_id=run_id).values_list("mode", flat=True).distinct())


def order_refresh(*, by: int | None, title: str = "") -> int:
    """Orders that all results are made anew; the job's id. One that was ordered and waits is not ordered twice."""
    return jobs.enqueue(REFRESH_ALL, {}, key=REFRESH_ALL, by=by, title=title)


def refresh_under_way() -> int | None:
    """The job of an ordered refresh that runs or waits. One read where there is none, two else."""
    found = jobs.under_way(REFRESH_ALL, {}, about="", limit=1)  # behind one that runs another may wait
    return found[0].id if found else None


def refresh_ordered(number: int) -> JobStatus:
    """How an ordered refresh stands; its result are the fields of :class:`~lykeion.analytics.types.Refreshed`. Raises
    :class:`BadQuestion` where there is none of that number. One read."""
    job = jobs.statuses([number]).get(number)
    if job is None or job.name != REFRESH_ALL:
        raise BadQuestion(_("There is no such order any more."))
    return job


def ask(sql: str, *, course: str = EVERYWHERE, by: int) -> int:
    """Orders that ``sql`` is asked of a course (or of all); the job's id. What the same person asked of it before, and
    is not answered yet, is not needed any more. Whether they may is the caller's to know. Raises :class:`BadQuestion`.
    """
    if not sql.strip():
        raise BadQuestion(_("Write a question, such as: SELECT count(*) FROM learners"))
    if len(sql) > LONGEST_SQL:
        words = _("A question has at most {most} characters; this one has {count}.")
        raise BadQuestion(words.format(most=LONGEST_SQL, count=len(sql)))
    for earlier in jobs.find(name=ASK, about=course, by=by, limit=5):
        if not earlier.is_over:
            jobs.cancel(earlier.id, at=now())
    courses = None if course == EVERYWHERE else [course]
    return jobs.enqueue(ASK, {"sql": sql, "courses": courses}, by=by, about=course)


def question(job_id: int, *, course: str = EVERYWHERE, by: int) -> Question:
    """What became of a question that this person asked of this course. Raises :class:`BadQuestion` for any other."""
    try:
        job = jobs.status(job_id)
    except JobError:
        job = None
    if job is None or (job.name, job.about, job.by) != (ASK, course, by):
        raise BadQuestion(_("There is no such question any more. Ask it again."))
    found = dict(job.result or {"error": "gone"}) if job.state == State.DONE else {}
    if job.state == State.FAILED:
        found = {"error": "ended"}
    return Question(job.id, str(job.payload["sql"]), job.state == State.CANCELLED, job.is_over, found)


def questions(*, course: str = EVERYWHERE, by: int, limit: int = 10) -> list[Question]:
    """What a person asked of a course, the newest first; each once."""
    found: dict[str, Question] = {}
    for job in jobs.find(name=ASK, about=course, by=by, limit=5 * limit):
        sql = str(job.payload["sql"])
        found.setdefault(sql, Question(job.id, sql, job.state == State.CANCELLED, job.is_over, {}))
    return list(found.values())[:limit]


def answer_parts(asked: Question, form: str) -> Iterator[bytes]:
    """The whole answer as a file, ``csv`` or ``parquet``, in parts. Raises :class:`BadQuestion` at once when there is
    none."""
    try:
        return _packed(asked.id, form)
    except (JobError, FileNotFoundError, KeyError, BadZipFile) as error:
        raise BadQuestion(_("There is no such answer any more. Ask again.")) from error


def order_report(span: str, *, course: str, by: int) -> int:
    """Orders a report of what each learner of ``course`` did by ``span`` (one of :data:`SPANS`), or answered at last
    (:data:`PROBLEM`); the job's id. One that was ordered and waits is not ordered twice. Raises :class:`BadQuestion`
    for another span."""
    if span not in (*SPANS, PROBLEM):
        raise BadQuestion(_("Reports are by day, by week, of all days, or by problem."))
    payload = {"course": course, "span": span}
    return jobs.enqueue(REPORT, payload, key=f"{REPORT}:{course}:{span}", by=by, about=course)


def reports(course: str, *, limit: int = 12) -> list[Report]:
    """The reports of a course that were ordered, the newest first."""
    return [_report(job) for job in jobs.find(name=REPORT, about=course, limit=limit)]


def _report(job: JobStatus) -> Report:
    failed = job.is_over and job.state != State.DONE
    rows = job.result if isinstance(job.result, int) else 0
    return Report(job.id, str(job.payload["span"]), job.by, job.created, job.is_over, failed, rows)


def report_parts(number: int, form: str, *, course: str) -> Iterator[bytes]:
    """A report as a file, ``csv`` or ``parquet``, in parts. Raises :class:`BadQuestion` at once when this course has
    none of that number."""
    try:
        job = jobs.status(number)
        if (job.name, job.about) == (REPORT, course):
            return _packed(number, form)
    except (JobError, FileNotFoundError, KeyError, BadZipFile) as error:
        raise BadQuestion(_("There is no such report any more. Order it again.")) from error
    raise BadQuestion(_("There is no such report any more. Order it again."))


def _packed(number: int, form: str) -> Iterator[bytes]:
    """A file of those that a job packed, in parts; opened at once."""
    with ExitStack() as held:
        files = held.enter_context(ZipFile(held.enter_context(jobs.open_file(number))))
        return _parts(held.enter_context(files.open(f"result.{form}")), held.pop_all())


def _parts(file: IO[bytes], held: ExitStack) -> Iterator[bytes]:
    with held:
        while part := file.read(_PART):
            yield part


def summaries(run_ids: Collection[int]) -> dict[int, Summary]:
    """Runs in figures; those of which nothing was counted are left out. One read."""
    rows: dict[int, dict[str, list[Row]]] = {}
    for run_id, metric, found in Figure.objects.filter(
        run_id__in=list(run_ids), metric__in=["summary", "activity"], part=""
    ).values_list("run_id", "metric", "rows"):
        rows.setdefault(run_id, {})[metric] = [dict(zip(COLUMNS[metric], row, strict=True)) for row in found]
    return {run_id: _summary(found.get("summary", []), found.get("activity", [])) for run_id, found in rows.items()}


def _summary(modes: list[Row], weeks: list[Row]) -> Summary:
    added = {name: sum(row[name] for row in modes) for name in ("count", "change", "cumulative", "passing")}
    monday = now().date() - timedelta(days=now().weekday())
    active = next((row["any"] for row in weeks if row["week"] == monday.isoformat()), 0)
    return Summary(added["count"], added["change"], added["cumulative"], added["passing"], active)


def _chosen(run_id: int, query: LearnerQuery) -> Any:
    rows = LearnerFigure.objects.filter(run_id=run_id)
    if query.flag in FLAGS:
        rows = rows.filter(**{query.flag: True})
    if query.mode:
        rows = rows.filter(mode=query.mode)
    if query.among is not None:
        rows = rows.filter(user_id__in=query.among.rows())
    return rows if query.user_ids is None else rows.filter(user_id__in=query.user_ids)
