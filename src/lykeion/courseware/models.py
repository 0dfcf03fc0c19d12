"""What learners leave behind in a run. Keys start with the learner, so that their rows of a run lie side by side.

No foreign keys, for the reasons given in ``grades/models.py``.
"""

from __future__ import annotations

from django.db import models

from lykeion.core.fields import KeyField
from lykeion.courseware.studentmodule import StudentModule  # noqa: F401  Django looks for tables here


class LearnerState(models.Model):
    """One learner and one block: the block's fields for them (``state``, a JSON object or ''), and completion 0-1.

    ``version`` grows with every write of ``state``: whoever read another version must read again before writing.
    """

    pk = models.CompositePrimaryKey("user_id", "run_id", "ref")
    user_id = models.BigIntegerField()
    run_id = models.BigIntegerField()
    ref = KeyField(max_length=255)
    state = models.TextField(default="")
    completion = models.FloatField(null=True)
    version = models.PositiveIntegerField(default=0)
    created = models.DateTimeField()
    modified = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["run_id", "ref", "user_id"], name="learnerstate_by_block")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.ref} of run {self.run_id}"


class ScopedState(models.Model):
    """Fields of blocks that belong to no single (learner, block): shared by all learners (``user_id`` 0), by all
    blocks of a type, or kept by asides. ``name`` of a usage or definition starts with ``<run id>/``."""

    pk = models.CompositePrimaryKey("user_id", "kind", "name", "family")
    user_id = models.BigIntegerField()
    kind = KeyField(max_length=12)
    name = KeyField(max_length=300)
    family = KeyField(max_length=32)
    document = models.TextField(default="")
    version = models.PositiveIntegerField(default=0)
    modified = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.user_id}: {self.kind} {self.name} ({self.family})"


class SubsectionDone(models.Model):
    """How much of a subsection a learner completed, counted over the leaves that ``stamp`` stands for, and the block
    they completed last. Counted anew when the stamp no longer fits."""

    pk = models.CompositePrimaryKey("user_id", "run_id", "ref")
    user_id = models.BigIntegerField()
    run_id = models.BigIntegerField()
    ref = KeyField(max_length=255)
    done = models.PositiveIntegerField()
    total = models.PositiveIntegerField()
    stamp = models.CharField(max_length=16)
    last_ref = KeyField(max_length=255, default="")
    last_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.user_id}: {self.done}/{self.total} of {self.ref} of run {self.run_id}"


class LastPlace(models.Model):
    """The unit a learner looked at last in a run, and how many blocks of it they could complete then (``total``)."""

    pk = models.CompositePrimaryKey("user_id", "run_id")
    user_id = models.BigIntegerField()
    run_id = models.BigIntegerField()
    ref = KeyField(max_length=255)
    at = models.DateTimeField()
    total = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.user_id}: {self.ref} of run {self.run_id}"


class OwnDue(models.Model):
    """When a subsection is due for one learner alone, who of the team said so (None: the command line), and when."""

    pk = models.CompositePrimaryKey("user_id", "run_id", "ref")
    user_id = models.BigIntegerField()
    run_id = models.BigIntegerField()
    ref = KeyField(max_length=255)
    due = models.DateTimeField()
    set_by = models.BigIntegerField(null=True)
    set_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["run_id", "ref"], name="owndue_by_run")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.ref} of run {self.run_id} by {self.due:%Y-%m-%d %H:%M}"


class Bookmark(models.Model):
    """A unit that a learner wants to find again; ``title`` and ``way`` as they were then, for when it is gone."""

    pk = models.CompositePrimaryKey("user_id", "run_id", "ref")
    user_id = models.BigIntegerField()
    run_id = models.BigIntegerField()
    ref = KeyField(max_length=255)
    title = models.CharField(max_length=255)
    way = models.JSONField(default=list)
    created = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.user_id}: {self.ref} of run {self.run_id}"


class ExamAttempt(models.Model):
    """One learner's attempt at a timed exam (``ref``, a subsection); there is one at most, until it is deleted.

    ``ends_at`` is fixed at the start. The words of ``status`` are those of edx-proctoring.
    """

    user_id = models.BigIntegerField()
    run_id = models.BigIntegerField()
    ref = KeyField(max_length=255)
    status = models.CharField(max_length=24)
    code = models.CharField(max_length=36)
    allowed_minutes = models.PositiveIntegerField(default=0)
    created = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user_id", "run_id", "ref"], name="examattempt_of_learner")]
        indexes = [models.Index(fields=["completed_at", "ends_at"], name="examattempt_by_end")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.status} {self.ref} of run {self.run_id}"


class ExamAllowance(models.Model):
    """Minutes that one learner gets on top of an exam's own; read when they start it."""

    pk = models.CompositePrimaryKey("user_id", "run_id", "ref")
    user_id = models.BigIntegerField()
    run_id = models.BigIntegerField()
    ref = KeyField(max_length=255)
    minutes = models.PositiveIntegerField()
    modified = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.user_id}: {self.minutes} min more for {self.ref} of run {self.run_id}"


class EntrancePassed(models.Model):
    """Somebody for whom a run is open although it has an entrance exam: they passed it once, or staff ``skipped`` it
    for them."""

    pk = models.CompositePrimaryKey("user_id", "run_id")
    user_id = models.BigIntegerField()
    run_id = models.BigIntegerField()
    skipped = models.BooleanField(default=False)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.user_id}: into run {self.run_id}"
