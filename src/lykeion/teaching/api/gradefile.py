"""Grades as a CSV file: out with what they are now, back in with what they are to be, after a look at what changes.

Columns: ``username``; for each graded subsection ``grade-ID``, ``possible-ID`` and ``new_override-ID`` (points; empty:
as it is; ``-``: take the override back); for each manual column ``column-NAME``. Only ``username``,
``new_override-ID`` and ``column-NAME`` are read; ID may be as short as files of Open edX write it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from shutil import copyfileobj
from typing import Any, BinaryIO, Final

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _

from lykeion.catalog import api as catalog
from lykeion.catalog.types import RosterLine, RosterQuery
from lykeion.core import parcels
from lykeion.core.clock import now
from lykeion.core.spreadsheets import safe
from lykeion.courseware import api as courseware
from lykeion.courseware.types import GradeColumn
from lykeion.grades import api as grades
from lykeion.grades.types import BookCell
from lykeion.jobs import api as jobs
from lykeion.jobs.api import Running
from lykeion.jobs.types import JobError, JobStatus, State
from lykeion.teaching.api import columns, courses, deeds, gradebook
from lykeion.teaching.gradecsv import (
    CHUNK,
    Head,
    Wanted,
    chunks,
    head_of,
    name_in,
    names_of,
    read,
    row,
    text_of,
    wanted,
)
from lykeion.teaching.types import Capability, Column, FieldError, Teacher, TeachingError

TEMPLATE: Final = "teaching.grade_template"
APPLY: Final = "teaching.grade_file"
CHECK: Final = "teaching.check_grade_file"
DROP: Final = "teaching.drop_file"
ORDERED: Final = "grade_template"
AT_ONCE: Final = 500  # learners whose file is made while the teacher waits
CHECKED_AT_ONCE: Final = 1_000  # lines
MOST_BYTES: Final = 200 << 20
SHOWN: Final = 200  # rows of a preview
KEPT_FILE: Final = timedelta(days=30)
KEPT_UPLOAD: Final = timedelta(days=1)
_SALT: Final = "lykeion.teaching.gradefile"
_PART: Final = 1 << 20  # bytes read at once
Chunk = list[tuple[int, list[str]]]
"""Lines of a file, each with its number."""


@dataclass(frozen=True, slots=True)
class Change:
    """What would change for one learner in one column."""

    line: int
    username: str
    title: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A line that cannot be taken, and why."""

    line: int
    username: str
    words: str


@dataclass(slots=True)
class Preview:
    """What a file would change: the first rows of it, all of them counted. ``token`` stands for the file."""

    lines: int = 0
    changed: int = 0
    refused: int = 0
    changes: list[Change] = field(default_factory=list)
    refusals: list[Refused] = field(default_factory=list)
    token: str = ""


def size(teacher: Teacher) -> int:
    """How many lines a file of all learners has. One read."""
    return catalog.roster_size(teacher.run.id, RosterQuery())


def template(teacher: Teacher, *, at: datetime) -> Iterator[str]:
    """The file in pieces of 200 learners, three reads each; that it was asked for goes into the audit log."""
    courses.require(teacher, Capability.GRADE)
    deeds.record(teacher, ORDERED, at=at)
    return _template(teacher)


def _template(teacher: Teacher) -> Iterator[str]:
    shown, manual = courseware.grade_columns(teacher.run.key), columns.of_course(teacher)
    yield "\ufeff" + text_of([names_of(shown, manual)])
    after = 0
    while lines := _roster(teacher, after):
        yield text_of(_rows(teacher, lines, shown, manual))
        after = lines[-1].user_id


def write_template(teacher: Teacher, running: Running) -> dict[str, Any]:
    """As :func:`template`, into files, going on from what an earlier try kept."""
    shown, manual = courseware.grade_columns(teacher.run.key), columns.of_course(teacher)
    kept: dict[str, Any] = running.kept or {"after": 0, "done": 0, "files": []}
    total = size(teacher)
    if not kept["files"]:
        _add(kept, "\ufeff" + text_of([names_of(shown, manual)]))
    while lines := _roster(teacher, kept["after"]):
        _add(kept, text_of(_rows(teacher, lines, shown, manual)))
        kept["after"], kept["done"] = lines[-1].user_id, kept["done"] + len(lines)
        running.progress(kept["done"], max(total, kept["done"]), kept=kept)
    _join(kept, running, "grades.csv")
    return kept


def order_template(teacher: Teacher, *, at: datetime) -> int:
    """Orders the file of all learners; the id of the job."""
    courses.require(teacher, Capability.GRADE)
    with transaction.atomic():
        payload = {"run": str(teacher.run.key), "by": teacher.person.id}
        job = jobs.enqueue(TEMPLATE, payload, **_asked(teacher, _("File of all grades")))
        deeds.record(teacher, ORDERED, details={"job": job}, at=at)
    return job


def is_long(upload: BinaryIO) -> bool:
    """Whether a file has more lines than a teacher should wait for; it is at its start afterwards. Raises
    :class:`FieldError` (``file``) when it is too large."""
    size = lines = 0
    while part := upload.read(_PART):
        size, lines = size + len(part), lines + max(part.count(b"\n"), part.count(b"\r"))
    upload.seek(0)
    if size > MOST_BYTES:
        raise FieldError(_("The file is too large: at most {most} MB.").format(most=MOST_BYTES >> 20), "file")
    return lines > CHECKED_AT_ONCE


def check(teacher: Teacher, upload: BinaryIO) -> Preview:
    """What a file would change, with nothing changed; kept for a day to be applied by its token. Four reads for every
    200 lines. Raises :class:`FieldError` (``file``) when it is no such file."""
    courses.require(teacher, Capability.GRADE)
    return check_kept(teacher, _kept(upload))


def order_check(teacher: Teacher, upload: BinaryIO) -> int:
    """Orders a file to be looked at as :func:`check` does; the id of the job, whose result is the preview."""
    courses.require(teacher, Capability.GRADE)
    payload = {"run": str(teacher.run.key), "by": teacher.person.id, "file": _kept(upload)}
    return jobs.enqueue(CHECK, payload, **_asked(teacher, _("Uploaded file of grades")))


def check_kept(teacher: Teacher, name: str, running: Running | None = None) -> Preview:
    """The preview of a kept file, with progress for those who wait."""
    found, seen = Preview(), set[int]()
    with closing(parcels.open_kept(name)) as stream:
        rows = read(stream)
        head = _head(teacher, next(rows, []))
        for chunk in chunks(rows):
            _preview(teacher, head, chunk, found, seen)
            if running is not None:
                running.progress(found.lines, 0)
    if found.changed:
        found.token = signing.dumps({"file": name, "run": str(teacher.run.key)}, salt=_SALT)
    return found


def preview_of(job: JobStatus) -> Preview:
    """What a job that looked at a file found."""
    made = dict(job.result)
    changes, refusals = made.pop("changes"), made.pop("refusals")
    return Preview(**made, changes=[Change(**one) for one in changes], refusals=[Refused(**one) for one in refusals])


def _kept(upload: BinaryIO) -> str:
    name = parcels.keep_stream(upload)
    _drop_later([name], KEPT_UPLOAD)
    return name


def order(teacher: Teacher, token: str, *, at: datetime) -> int:
    """Orders a checked file to be put into force; the id of the job. Raises :class:`TeachingError`."""
    courses.require(teacher, Capability.GRADE)
    try:
        known = signing.loads(token, salt=_SALT, max_age=KEPT_UPLOAD)
    except signing.BadSignature as error:
        raise TeachingError(_("This preview is too old. Upload the file again.")) from error
    if known["run"] != str(teacher.run.key):
        raise TeachingError(_("This file was checked in another course. Upload it here."))
    with transaction.atomic():
        payload = {"run": known["run"], "by": teacher.person.id, "file": known["file"]}
        key = f"{APPLY}:{known['file']}"
        job = jobs.enqueue(APPLY, payload, key=key, **_asked(teacher, _("Uploaded file of grades")))
        deeds.record(teacher, "grade_file", details={"job": job}, at=at)
    return job


def apply(teacher: Teacher, name: str, running: Running) -> dict[str, Any]:
    """Puts a file into force line by line, going on from what an earlier try kept, with a report of every line."""
    with closing(parcels.open_kept(name)) as stream:
        rows = read(stream)
        head = _head(teacher, next(rows, []))
        kept: dict[str, Any] = running.kept or {"line": 1, "changed": 0, "same": 0, "refused": 0, "files": []}
        seen: set[int] = set()
        if not kept["files"]:
            _add(kept, "\ufeff" + text_of([["line", "username", "result", "details"]]))
        for chunk in chunks(rows, first=2):
            if chunk[-1][0] <= kept["line"]:
                seen.update(_named(teacher, head, chunk).values())
            else:
                _apply(teacher, head, chunk, kept, seen)
                kept["line"] = chunk[-1][0]
                running.progress(kept["line"] - 1, 0, kept=kept)
    _join(kept, running, "report.csv")
    return kept


def result(teacher: Teacher, job_id: int) -> JobStatus:
    """How a job of this course's files stands. Raises :class:`TeachingError` for other jobs."""
    try:
        found = jobs.status(job_id)
    except JobError as error:
        raise TeachingError(str(error)) from error
    if found.name not in (TEMPLATE, CHECK, APPLY) or (found.payload or {}).get("run") != str(teacher.run.key):
        raise TeachingError(_("There is no such file in this course."))
    return found


def opened(teacher: Teacher, job_id: int, *, at: datetime) -> BinaryIO:
    """The file that a job made; who fetches it goes into the audit log. Raises :class:`TeachingError` while there is
    none, and when it is gone."""
    courses.require(teacher, Capability.GRADE)
    found = result(teacher, job_id)
    if found.state is not State.DONE or not found.result:
        raise TeachingError(_("This file is not ready yet."))
    try:
        file = jobs.open_file(job_id)
    except (JobError, FileNotFoundError) as error:
        raise TeachingError(_("This file is gone: files are kept for 30 days. Order it again.")) from error
    deeds.record(teacher, "fetch_grade_file", details={"job": job_id}, at=at)
    return file


def _asked(teacher: Teacher, title: str) -> dict[str, Any]:
    return {"by": teacher.person.id, "title": title, "about": str(teacher.run.key)}


# The file as it goes out


def _roster(teacher: Teacher, after: int) -> tuple[RosterLine, ...]:
    return catalog.roster_chunk(teacher.run.id, RosterQuery(limit=CHUNK), after=after)


def _rows(
    teacher: Teacher, lines: Sequence[RosterLine], shown: Sequence[GradeColumn], manual: Sequence[Column]
) -> Iterator[list[str]]:
    ids = [one.user_id for one in lines]
    known, marks = grades.book(teacher.run.id, ids), columns.marks(manual, ids)
    for one in lines:
        cells = known[one.user_id].cells if one.user_id in known else {}
        yield row(one, cells, [marks.get((column.id, one.user_id), "") for column in manual], shown)


def _head(teacher: Teacher, names: Sequence[str]) -> Head:
    manual = {one.name: one for one in columns.of_course(teacher)}
    return head_of(names, courseware.grade_columns(teacher.run.key), manual)


def _add(kept: dict[str, Any], text: str) -> None:
    name = parcels.keep(text.encode())
    _drop_later([name], KEPT_FILE)
    kept["files"].append(name)


def _join(kept: dict[str, Any], running: Running, name: str) -> None:
    """Makes the pieces the job's file."""
    with running.result_file(name) as joined, closing(parcels.Joined(tuple(kept["files"])).open()) as pieces:
        copyfileobj(pieces, joined)


def _drop_later(names: list[str], after: timedelta) -> None:
    jobs.enqueue(DROP, {"files": names}, at=now() + after)


# The file as it comes back


@dataclass(frozen=True, slots=True)
class _Known:
    """What there is of the learners of a chunk."""

    ids: Mapping[str, int]
    cells: Mapping[int, Mapping[str, BookCell]]
    marks: Mapping[tuple[int, int], str]


def _named(teacher: Teacher, head: Head, chunk: Chunk) -> dict[str, int]:
    """The learners that the lines of a chunk are about."""
    return catalog.learners_named(teacher.run.id, {name_in(head, row) for _line, row in chunk} - {""})


def _known(teacher: Teacher, head: Head, chunk: Chunk) -> _Known:
    ids = _named(teacher, head, chunk)
    book = grades.book(teacher.run.id, list(ids.values()))
    marks = columns.marks(list(head.manual.values()), list(ids.values()))
    return _Known(ids, {user_id: row.cells for user_id, row in book.items()}, marks)


def _preview(teacher: Teacher, head: Head, chunk: Chunk, found: Preview, seen: set[int]) -> None:
    known = _known(teacher, head, chunk)
    for line, given in chunk:
        if not any(given):
            continue
        found.lines += 1
        name = name_in(head, given)
        try:
            changes = list(_changes(head, known, line, given, seen))
        except TeachingError as error:
            found.refused += 1
            if len(found.refusals) < SHOWN:
                found.refusals.append(Refused(line, name, str(error)))
            continue
        found.changed += len(changes)
        found.changes += changes[: max(0, SHOWN - len(found.changes))]


def _changes(head: Head, known: _Known, line: int, given: Sequence[str], seen: set[int]) -> Iterator[Change]:
    name = name_in(head, given)
    user_id = _learner(known, name, seen)
    cells = known.cells.get(user_id, {})
    for one in wanted(head, given, cells):
        before, after = _now(one, cells, known, user_id), _then(one)
        if before != after:
            yield Change(line, name, one.title, before, after or _("as computed"))


def _learner(known: _Known, name: str, seen: set[int]) -> int:
    """Whom a line is about. Of two lines about one person the second could say something else, so it is refused."""
    user_id = known.ids.get(name.lower())
    if user_id is None:
        raise TeachingError(_("Nobody called “{name}” takes this course.").format(name=name))
    if user_id in seen:
        raise TeachingError(_("“{name}” has a line further up already.").format(name=name))
    seen.add(user_id)
    return user_id


def _now(one: Wanted, cells: Mapping[str, BookCell], known: _Known, user_id: int) -> str:
    if isinstance(one.column, Column):
        return known.marks.get((one.column.id, user_id), "")
    cell = cells.get(one.column.ref)
    if one.value is None:
        return "" if cell is None or not cell.overridden else f"{cell.earned:g}"
    return "" if cell is None else f"{cell.earned:g}"


def _then(one: Wanted) -> str:
    return one.value if isinstance(one.value, str) else "" if one.value is None else f"{one.value:g}"


def _apply(teacher: Teacher, head: Head, chunk: Chunk, kept: dict[str, Any], seen: set[int]) -> None:
    known = _known(teacher, head, chunk)
    report: list[list[str]] = []
    for line, given in chunk:
        if not any(given):
            continue
        try:
            changed = _apply_line(teacher, head, known, given, seen)
        except TeachingError as error:
            what, words = "refused", str(error)
        else:
            what, words = ("changed", "; ".join(changed)) if changed else ("same", "")
        kept[what] += 1
        report.append([str(line), safe(name_in(head, given)), what, safe(words)])
    _add(kept, text_of(report))


def _apply_line(teacher: Teacher, head: Head, known: _Known, given: Sequence[str], seen: set[int]) -> list[str]:
    """All of a line or nothing; the titles of what changed."""
    user_id = _learner(known, name_in(head, given), seen)
    changed: list[str] = []
    cells = known.cells.get(user_id, {})
    asked = list(wanted(head, given, cells))
    with transaction.atomic():
        for one in asked:
            if _now(one, cells, known, user_id) != _then(one) and _put(teacher, user_id, one):
                changed.append(one.title)  # noqa: PERF401  # one write after the other
    return changed


def _put(teacher: Teacher, user_id: int, one: Wanted) -> bool:
    if isinstance(one.column, Column):
        return columns.put(teacher, one.column.id, user_id, str(one.value or ""), at=now())
    earned = None if one.value is None else float(one.value)
    reason = _("Uploaded file")
    before, after = gradebook.override(teacher, user_id, one.column.ref, earned, reason=reason, at=now(), quiet=True)
    return (before.earned_graded, before.overridden) != (after.earned_graded, after.overridden)
