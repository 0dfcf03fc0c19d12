"""Columns that a teacher adds to the gradebook: an oral exam, a remark. They inform; the course grade is made of what
the grading policy weighs alone."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from lykeion.core.prepared import Prepared
from lykeion.teaching.api import courses, deeds
from lykeion.teaching.models import GradeColumn as ColumnRow
from lykeion.teaching.models import GradeMark as MarkRow
from lykeion.teaching.types import Capability, Column, FieldError, Teacher, TeachingError

__all__ = [
    "Mark",
    "add",
    "change",
    "marks",
    "of_course",
    "of_learner",
    "put",
    "remove",
]

MOST: Final = 20
LONGEST_NAME, LONGEST_MARK = 100, 200
_OF_COURSE: Final = Prepared(
    ColumnRow, lambda rows, run: rows.filter(run_id=run).order_by("pk").values_list("pk", "name", "shown")
)


@dataclass(frozen=True, slots=True)
class Mark:
    """What stands in one column for one learner."""

    name: str
    text: str


def of_course(teacher: Teacher) -> tuple[Column, ...]:
    """The columns of the teacher's course in the order they were made. One read."""
    return tuple(Column(*row) for row in _OF_COURSE(teacher.run.id))


def marks(columns: Sequence[Column], user_ids: Collection[int]) -> dict[tuple[int, int], str]:
    """What stands in these columns for these learners, by (column, learner). One read; none without columns."""
    if not columns or not user_ids:
        return {}
    asked = {"column_id__in": [one.id for one in columns], "user_id__in": list(user_ids)}
    rows = MarkRow.objects.filter(**asked).values_list("column_id", "user_id", "text")
    return {(column_id, user_id): text for column_id, user_id, text in rows}


def of_learner(run_id: int, user_id: int) -> tuple[Mark, ...]:
    """What a learner may see of theirs. One read."""
    rows = MarkRow.objects.filter(column__run_id=run_id, column__shown=True, user_id=user_id).order_by("column_id")
    return tuple(Mark(*row) for row in rows.values_list("column__name", "text"))


def add(teacher: Teacher, name: str, *, shown: bool, at: datetime) -> Column:
    """Adds a column. Raises :class:`FieldError` (``name``)."""
    courses.require(teacher, Capability.GRADE)
    with transaction.atomic():
        name = _name(teacher, name)
        if ColumnRow.objects.filter(run_id=teacher.run.id).count() >= MOST:
            raise TeachingError(_("A gradebook has at most {most} columns of its own.").format(most=MOST))
        row = ColumnRow.objects.create(run_id=teacher.run.id, name=name, shown=shown)
        deeds.record(teacher, "add_column", details={"column": name, "shown": shown}, at=at)
    return Column(row.pk, row.name, row.shown)


def change(teacher: Teacher, column_id: int, name: str, *, shown: bool, at: datetime) -> Column:
    """Renames a column, and says whether learners see it. Raises :class:`TeachingError`, :class:`FieldError`."""
    courses.require(teacher, Capability.GRADE)
    with transaction.atomic():
        row = _row(teacher, column_id)
        before = {"from": row.name, "was_shown": row.shown}
        row.name, row.shown = _name(teacher, name, column_id), shown
        row.save(update_fields=["name", "shown"])
        deeds.record(teacher, "change_column", details={**before, "column": row.name, "shown": shown}, at=at)
    return Column(row.pk, row.name, row.shown)


def remove(teacher: Teacher, column_id: int, *, at: datetime) -> None:
    """Takes a column away with all that stands in it. Raises :class:`TeachingError`."""
    courses.require(teacher, Capability.GRADE)
    with transaction.atomic():
        row = _row(teacher, column_id)
        count = MarkRow.objects.filter(column_id=row.pk).count()
        row.delete()
        deeds.record(teacher, "remove_column", details={"column": row.name, "marks": count}, at=at)


def put(teacher: Teacher, column_id: int, user_id: int, text: str, *, at: datetime) -> bool:
    """Writes ``text`` into a column for one learner (empty: takes it away); whether it changed. Raises
    :class:`TeachingError`."""
    courses.require(teacher, Capability.GRADE)
    text = text.strip()
    if len(text) > LONGEST_MARK:
        raise FieldError(_("At most {most} letters.").format(most=LONGEST_MARK), "text")
    with transaction.atomic():
        row = _row(teacher, column_id)
        found = MarkRow.objects.filter(column_id=row.pk, user_id=user_id)
        before = found.values_list("text", flat=True).first() or ""
        if before == text:
            return False
        if text:
            MarkRow.objects.update_or_create(column_id=row.pk, user_id=user_id, defaults={"text": text})
        else:
            found.delete()
        details = {"column": row.name, "from": before, "to": text}
        deeds.record(teacher, "mark", about=user_id, details=details, at=at)
    return True


def _row(teacher: Teacher, column_id: int) -> ColumnRow:
    row = ColumnRow.objects.select_for_update().filter(pk=column_id, run_id=teacher.run.id).first()
    if row is None:
        raise TeachingError(_("This column is gone. Reload the page."))
    return row


def _name(teacher: Teacher, name: str, own: int = 0) -> str:
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise FieldError(_("The name of a column has 1 to {most} letters.").format(most=LONGEST_NAME), "name")
    if ColumnRow.objects.filter(run_id=teacher.run.id, name=name).exclude(pk=own).exists():
        raise FieldError(_("There is a column “{name}” already.").format(name=name), "name")
    return name
