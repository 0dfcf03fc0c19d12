"""Open edX's table ``courseware.StudentModule``, as blocks of others use it: one row per learner and block.

Only names are kept here: a number for each (learner, run, block) that somebody asked for, so that foreign keys of
others have something to point to. State and score live where they always do; reading looks there, and ``save`` writes
there by the way of every answer (docs/decisions/0009-student-module.md).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final, cast

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from lykeion.core.clock import now
from lykeion.core.fields import KeyField
from lykeion.core.keys import BlockUsageLocator, CourseLocator, parse_run, parse_usage, ref_of, split_ref, usage_of

_ONE: Final = ("student", "student_id", "student__id")
_SOME: Final = ("student__in", "student_id__in", "student__id__in")
_WRITTEN: Final = ("state", "grade", "max_grade")


class Rows(QuerySet["StudentModule"]):
    """Rows asked for by Open edX's names (``course_id``, ``module_state_key``, ``module_type``).

    Learners who left something in the block that is asked for get their numbers when the answer is read.
    """

    wanted: Mapping[str, Any] = {}

    def filter(self, *args: Any, **kwargs: Any) -> Rows:
        """As Django's, with Open edX's names of keys."""
        asked = columns(kwargs)
        made = super().filter(*args, **asked)
        made.wanted = {**self.wanted, **asked}
        return made

    def exclude(self, *args: Any, **kwargs: Any) -> Rows:
        """As Django's, with Open edX's names of keys."""
        return super().exclude(*args, **columns(kwargs))

    def get(self, *args: Any, **kwargs: Any) -> StudentModule:
        """As Django's, with Open edX's names of keys."""
        return super(Rows, self.filter(*args, **kwargs)).get()

    def get_or_create(self, defaults: Mapping[str, Any] | None = None, **kwargs: Any) -> tuple[StudentModule, bool]:
        """As Django's; ``defaults`` may hold ``state``, ``grade`` and ``max_grade``."""
        found = self.filter(**kwargs).first()
        if found is not None:
            return found, False
        made = StudentModule(**columns(kwargs))
        made.take(defaults or {})
        try:
            with transaction.atomic():
                made.save()
        except IntegrityError:  # somebody else was first
            return self.get(**kwargs), False
        return made, True

    def update_or_create(  # type: ignore[override]  # without Django's create_defaults, which nobody uses here
        self, defaults: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> tuple[StudentModule, bool]:
        """As Django's; what is written to ``grade`` is the learner's score at once."""
        row, created = self.get_or_create(defaults, **kwargs)
        if not created:
            row.take(defaults or {})
            row.save()
        return row, created

    def create(self, **kwargs: Any) -> StudentModule:
        """As Django's."""
        asked = {name: value for name, value in kwargs.items() if name not in _WRITTEN}
        made = StudentModule(**columns(asked))
        made.take(kwargs)
        made.save()
        return made

    def iterator(self, chunk_size: int | None = None) -> Iterator[StudentModule]:
        """As Django's."""
        self._name()
        return super().iterator(chunk_size)

    def count(self) -> int:
        """As Django's."""
        self._name()
        return super().count()

    def exists(self) -> bool:
        """As Django's."""
        self._name()
        return super().exists()

    def _fetch_all(self) -> None:
        if self._result_cache is None:
            self._name()
        super()._fetch_all()

    def _clone(self) -> Rows:
        made = cast(Rows, super()._clone())  # type: ignore[misc]  # as above
        made.wanted = self.wanted
        return made

    def _name(self) -> None:
        place = {name: self.wanted[name] for name in ("run_id", "ref") if name in self.wanted}
        if len(place) < len(("run_id", "ref")):
            return
        named = StudentModule.names.filter(**place, student_id=OuterRef("user_id"))
        left = _table("courseware", "LearnerState").filter(**place, **_people(self.wanted)).exclude(Exists(named))
        missing = [StudentModule(student_id=one, **place) for one in left.values_list("user_id", flat=True)]
        if missing:
            StudentModule.names.bulk_create(missing, batch_size=500, ignore_conflicts=True)


class Manager(models.Manager.from_queryset(Rows)):  # type: ignore[misc]  # a class made at run time
    """Rows with what is stored about them elsewhere, in one query."""

    def get_queryset(self) -> Rows:
        """All rows, with ``state``, ``grade``, ``max_grade``, ``created`` and ``modified``."""
        place = {"user_id": OuterRef("student_id"), "run_id": OuterRef("run_id"), "ref": OuterRef("ref")}
        state = _table("courseware", "LearnerState").filter(**place)
        score = _table("grades", "BlockScore").filter(**place)
        found: dict[str, Any] = {
            "state": Subquery(state.values("state")[:1]),
            "grade": Subquery(score.values("raw_earned")[:1]),
            "max_grade": Subquery(score.values("raw_possible")[:1]),
            "created": Coalesce(Subquery(state.values("created")[:1]), Subquery(score.values("first_attempted")[:1])),
            "modified": Coalesce(Subquery(score.values("modified")[:1]), Subquery(state.values("modified")[:1])),
        }
        return Rows(self.model, using=self._db).annotate(**found)


class StudentModule(models.Model):
    """A learner and a block. ``state`` is the JSON text of the learner's fields of it, ``grade`` of ``max_grade`` their
    raw points; assigning to these and saving writes to where they live."""

    student = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+", db_constraint=False)
    run_id = models.BigIntegerField()
    ref = KeyField(max_length=255)

    objects = Manager()
    names: models.Manager[StudentModule] = models.Manager()

    created: datetime | None = None
    modified: datetime | None = None
    done = "na"
    """What Open edX writes here by default; nobody but old problems ever wrote anything else."""

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["run_id", "ref", "student"], name="courseware_studentmodule_once")
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.stored: dict[str, Any] = {}
        self.values: dict[str, Any] = {}
        super().__init__(*args, **kwargs)

    def __str__(self) -> str:
        return f"{self.student_id}: {self.ref} of run {self.run_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keeps the number, and writes state and score as the learner's. Fields that were not changed here stay, also
        where the learner changed them meanwhile."""
        from lykeion.courseware.outside import keep_for  # stands on the tables, of which this is one

        if self._state.adding:
            super().save(*args, **kwargs)
        before, after = (json.loads(one or "{}") for one in (self.stored.get("state"), self.values.get("state")))
        changes = {name: value for name, value in after.items() if name not in before or before[name] != value}
        score = (self.grade, self.max_grade)
        earned = score != (self.stored.get("grade"), self.stored.get("max_grade"))
        removed = before.keys() - after.keys()
        if changes or removed or earned:
            keep_for(
                self.course_id,
                self.student_id,
                self.ref,
                changes=changes,
                removed=removed,
                score=score if earned else None,
                at=now(),
            )
        self.stored = {name: self.values.get(name) for name in _WRITTEN}
        self.modified = now()
        self.created = self.created or self.modified

    @property
    def state(self) -> str:
        """The learner's fields of the block as JSON text."""
        return self.values.get("state") or "{}"

    @state.setter
    def state(self, text: str | None) -> None:
        self._assign("state", text)

    @property
    def grade(self) -> float | None:
        """Raw points; None before anything was earned."""
        return self.values.get("grade")

    @grade.setter
    def grade(self, points: float | None) -> None:
        self._assign("grade", points)

    @property
    def max_grade(self) -> float | None:
        """How many raw points there were to earn."""
        return self.values.get("max_grade")

    @max_grade.setter
    def max_grade(self, points: float | None) -> None:
        self._assign("max_grade", points)

    def _assign(self, name: str, value: Any) -> None:
        if not self._state.adding:
            self.stored.setdefault(name, value)  # the first value is what the query read
        self.values[name] = value

    @property
    def module_state_key(self) -> BlockUsageLocator:
        """The usage key of the block. One query the first time."""
        return usage_of(self.course_id, self.ref)

    module_id = module_state_key

    @property
    def module_type(self) -> str:
        """The tag of the block."""
        return split_ref(self.ref)[0]

    @property
    def course_id(self) -> CourseLocator:
        """The key of the run. One query the first time."""
        if "run" not in self.values:
            self.values["run"] = parse_run(_table("catalog", "Run").values_list("key", flat=True).get(pk=self.run_id))
        return cast(CourseLocator, self.values["run"])

    def take(self, given: Mapping[str, Any]) -> None:
        """Assigns what of ``given`` can be written."""
        for name in _WRITTEN:
            if name in given:
                setattr(self, name, given[name])


def columns(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Lookups by Open edX's names as lookups by columns; a run that is not here has no rows."""
    found: dict[str, Any] = {}
    for name, value in asked.items():
        if name in {"course_id", "course"}:
            found["run_id"] = _run_id(parse_run(str(value)))
        elif name in {"module_state_key", "module_id"}:
            usage = parse_usage(str(value))
            found |= {"run_id": _run_id(usage.course_key), "ref": ref_of(usage)}
        elif name in {"module_state_key__in", "module_id__in"}:
            found["ref__in"] = [ref_of(parse_usage(str(one))) for one in value]
        elif name == "student_id":
            found[name] = int(value)  # packages read it from files
        elif name == "module_type":
            found["ref__startswith"] = f"{value}@"
        else:
            found[name] = value
    return found


def _people(wanted: Mapping[str, Any]) -> dict[str, Any]:
    for name in (*_ONE, *_SOME):
        if name in wanted and name in _ONE:
            return {"user_id": getattr(wanted[name], "pk", wanted[name])}
        if name in wanted:
            return {"user_id__in": [getattr(one, "pk", one) for one in wanted[name]]}
    return {}


def _run_id(run: CourseLocator) -> int:
    found = _table("catalog", "Run").filter(key=str(run)).values_list("pk", flat=True).first()
    return 0 if found is None else int(found)


def _table(app: str, model: str) -> models.Manager[Any]:
    """A table that is not imported when this one is."""
    found: models.Manager[Any] = apps.get_model(app, model)._default_manager
    return found
