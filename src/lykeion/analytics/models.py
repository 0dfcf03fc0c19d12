"""Results of metrics, as pages read them: by key. What they are made from is the lake; all of this can be made anew."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from lykeion.core.fields import KeyField

FLAGS = ("at_risk", "struggling", "disengaging", "inactive", "highly_engaged")
MEASURES = (
    "problem_attempts",
    "problems_attempted",
    "problems_completed",
    "videos_viewed",
    "discussion_contributions",
    "days_active",
)

EVER = tuple(f"{name}_ever" for name in MEASURES)
"""The same since the learner began."""


class Figure(models.Model):
    """The result of a ``metric`` for a run, or for a ``part`` of it (a problem, a video): its rows, each a list in the
    order of :data:`lykeion.analytics.columns.COLUMNS`."""

    run_id = models.BigIntegerField()
    metric = KeyField(max_length=32)
    part = KeyField(max_length=255, default="", blank=True)
    rows = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run_id", "metric", "part"], name="analytics_figure_once")
        ]

    def __str__(self) -> str:
        return f"{self.metric} of {self.run_id}"


class LearnerFigure(models.Model):
    """One learner who takes a run: what they did in the last seven days and ever, and what they are
    (:func:`lykeion.analytics.metrics.learners.learners`)."""

    run_id = models.BigIntegerField()
    user_id = models.BigIntegerField()
    mode = models.CharField(max_length=100)
    enrolled_on = models.DateField()
    last = models.DateTimeField(null=True)
    percent = models.FloatField(null=True)
    passed = models.BooleanField(default=False)
    problem_attempts = models.IntegerField(default=0)
    problems_attempted = models.IntegerField(default=0)
    problems_completed = models.IntegerField(default=0)
    videos_viewed = models.IntegerField(default=0)
    discussion_contributions = models.IntegerField(default=0)
    days_active = models.IntegerField(default=0)
    problem_attempts_ever = models.IntegerField(default=0, db_default=0)
    problems_attempted_ever = models.IntegerField(default=0, db_default=0)
    problems_completed_ever = models.IntegerField(default=0, db_default=0)
    videos_viewed_ever = models.IntegerField(default=0, db_default=0)
    discussion_contributions_ever = models.IntegerField(default=0, db_default=0)
    days_active_ever = models.IntegerField(default=0, db_default=0)
    attempts_per_completed = models.FloatField(null=True)
    at_risk = models.BooleanField(default=False)
    struggling = models.BooleanField(default=False)
    disengaging = models.BooleanField(default=False)
    inactive = models.BooleanField(default=False)
    highly_engaged = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["run_id", "user_id"], name="analytics_learner_once")]
        indexes: ClassVar = [
            models.Index(fields=["run_id", "last"], name="analytics_learner_last"),
            models.Index(fields=["user_id"], name="analytics_learner_of"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.run_id}"


class PublishedDay(models.Model):
    """A day of the lake as it was when results were last published; another ``word`` means that it changed since."""

    day = KeyField(max_length=10, primary_key=True)
    word = KeyField(max_length=16)

    def __str__(self) -> str:
        return str(self.day)


class Reading(models.Model):
    """How far results are; one row. ``until``: events before are in them; ``not_before``: when they are next made, so
    that this never takes more than a part of a machine; ``log``: what the tracking log looked like; ``on``: the day
    that time-bound results (who was away for a week) were made on; ``took``: how many seconds the last took."""

    until = models.DateTimeField(null=True)
    not_before = models.DateTimeField(null=True)
    log = KeyField(max_length=255, default="", blank=True)
    on = models.DateField(null=True)
    took = models.FloatField(null=True)

    def __str__(self) -> str:
        return f"until {self.until}"


class Sent(models.Model):
    """Up to which byte a tracking log (known by its first line, as in the lake) went to the learning record store."""

    source = KeyField(max_length=32, unique=True)
    position = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.source} to {self.position}"
