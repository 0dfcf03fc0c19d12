"""Tables of ``teaching``: the audit log, lists of people."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from lykeion.core.fields import KeyField


class Deed(models.Model):
    """Something that a teacher did. Rows are only ever added; of those about somebody whose account is gone, only what
    they say in words goes. ``about_id`` 0: about nobody in particular; ``run_id`` 0: about all runs at once."""

    run_id = models.BigIntegerField()
    by_id = models.BigIntegerField()
    what = KeyField(max_length=40)
    about_id = models.BigIntegerField(default=0)
    at = models.DateTimeField()
    reason = models.CharField(max_length=500, blank=True)
    details = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["run_id", "-id"], name="teaching_deed_of_run"),
            models.Index(fields=["run_id", "about_id", "-id"], name="teaching_deed_about"),
            models.Index(fields=["run_id", "what", "-id"], name="teaching_deed_what"),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.pk}"


class Report(models.Model):
    """A report that somebody ordered, as a file once it is made. ``file`` is its name in the storage of reports: known
    before it is written, so that a worker that dies leaves nothing behind. ``asked`` are the refs of chosen blocks."""

    run_id = models.BigIntegerField()
    kind = KeyField(max_length=40)
    format = KeyField(max_length=10)
    asked = models.JSONField(default=list)
    by_id = models.BigIntegerField()
    state = KeyField(max_length=10)
    job_id = models.BigIntegerField(default=0)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    rows = models.PositiveBigIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0)
    name = models.CharField(max_length=255, blank=True)
    file = KeyField(max_length=255, blank=True)
    error = models.CharField(max_length=500, blank=True)
    ordered = models.DateTimeField()
    touched = models.DateTimeField()
    finished = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["run_id", "-id"], name="teaching_report_of_run"),
            models.Index(fields=["finished"], name="teaching_report_finished"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class PeopleList(models.Model):
    """People to whom the team does one thing (``kind``: enrol, unenrol, beta, cohort, register).

    ``phase``: ``looking`` (a job looks at it), ``draft`` (looked at, nothing done), ``ordered``, ``done``, ``undoing``,
    ``undone``, ``refused`` (``refused`` says why). ``job`` is the job that works on it, None for short lists.
    """

    run_id = models.BigIntegerField()
    kind = KeyField(max_length=16)
    by_id = models.BigIntegerField()
    at = models.DateTimeField()
    options = models.JSONField(default=dict)
    size = models.PositiveIntegerField(default=0)
    phase = KeyField(max_length=8, default="draft")
    job = models.BigIntegerField(null=True)
    finished = models.DateTimeField(null=True)
    refused = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["run_id", "-id"], name="teaching_list_of_run")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class PeopleLine(models.Model):
    """One line of a list. ``entry`` is a user name or an address as it was typed, ``number`` its line in the file.

    ``plan`` says what is to become of it, ``outcome`` what became of it ('' until then), ``note`` a reason in words,
    ``before`` what undoing needs to know.
    """

    people = models.ForeignKey(PeopleList, on_delete=models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField()
    entry = KeyField(max_length=254)
    details = models.JSONField(default=dict)
    user_id = models.BigIntegerField(null=True, db_index=True)
    plan = KeyField(max_length=16, blank=True)
    outcome = KeyField(max_length=16, blank=True)
    note = models.CharField(max_length=500, blank=True)
    before = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["people", "plan", "id"], name="teaching_line_plan"),
            models.Index(fields=["people", "outcome", "id"], name="teaching_line_outcome"),
            models.Index(fields=["entry"], name="teaching_line_entry"),
        ]

    def __str__(self) -> str:
        return f"line {self.number}"


class GradeColumn(models.Model):
    """A column that a teacher added to a run's gradebook; ``shown`` to learners on their progress page."""

    run_id = models.BigIntegerField()
    name = KeyField(max_length=100)
    shown = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["run_id", "name"], name="teaching_column_once")]

    def __str__(self) -> str:
        return str(self.name)


class GradeMark(models.Model):
    """What stands in such a column for one learner."""

    column = models.ForeignKey(GradeColumn, on_delete=models.CASCADE, related_name="+")
    user_id = models.BigIntegerField()
    text = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["column", "user_id"], name="teaching_mark_once")]
        indexes: ClassVar = [models.Index(fields=["user_id"], name="teaching_mark_of")]

    def __str__(self) -> str:
        return f"{self.column_id}: {self.text}"
