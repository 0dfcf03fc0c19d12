"""What learners earned. Keys start with the learner, so a learner's rows of a run lie side by side.

No foreign keys: these are the largest tables of a site and the ones that get sharded by learner, and the rows they
would point to stay: a person who leaves is made anonymous, a run is never deleted.
"""

from __future__ import annotations

from django.db import models

from lykeion.core.fields import KeyField


class BlockScore(models.Model):
    """Raw points of one learner in one block, as last published. ``raw_possible`` is trusted even if the block
    has changed since (Open edX: grades/scores.py)."""

    pk = models.CompositePrimaryKey("user_id", "run_id", "ref")
    user_id = models.BigIntegerField()
    run_id = models.BigIntegerField()
    ref = KeyField(max_length=255)
    raw_earned = models.FloatField()
    raw_possible = models.FloatField()
    first_attempted = models.DateTimeField()
    modified = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["run_id", "ref", "user_id"], name="blockscore_by_block")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.raw_earned}/{self.raw_possible} in {self.ref} of run {self.run_id}"


class SubsectionGrade(models.Model):
    """Totals of one learner in one subsection, kept once something in it was attempted or overridden."""

    pk = models.CompositePrimaryKey("user_id", "run_id", "ref")
    user_id = models.BigIntegerField()
    run_id = models.BigIntegerField()
    ref = KeyField(max_length=255)
    earned_all = models.FloatField()
    possible_all = models.FloatField()
    earned_graded = models.FloatField()
    possible_graded = models.FloatField()
    first_attempted = models.DateTimeField(null=True)
    modified = models.DateTimeField()
    override_earned_all = models.FloatField(null=True)
    override_possible_all = models.FloatField(null=True)
    override_earned_graded = models.FloatField(null=True)
    override_possible_graded = models.FloatField(null=True)
    override_reason = models.CharField(max_length=500, default="")
    override_system = models.CharField(max_length=40, default="")

    class Meta:
        indexes = [models.Index(fields=["run_id", "ref"], name="subsectiongrade_by_run")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.earned_graded}/{self.possible_graded} in {self.ref} of run {self.run_id}"


class CourseGrade(models.Model):
    """The whole grade of one learner in one run. Its row is also the lock that every write of a learner's state in
    a run holds, so it may exist before anything was earned. ``passed_at`` is set once and never cleared."""

    pk = models.CompositePrimaryKey("user_id", "run_id")
    user_id = models.BigIntegerField()
    run_id = models.BigIntegerField()
    percent = models.FloatField(default=0.0)
    letter = models.CharField(max_length=255, default="")
    passed = models.BooleanField(default=False)
    passed_at = models.DateTimeField(null=True)
    policy_hash = models.CharField(max_length=40, default="")
    root = models.CharField(max_length=80, default="")
    modified = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["run_id", "policy_hash"], name="coursegrade_by_policy"),
            models.Index(fields=["run_id", "user_id"], name="coursegrade_by_run"),
            models.Index(fields=["run_id", "percent"], name="coursegrade_by_percent"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.percent:.0%} {self.letter} in run {self.run_id}"
