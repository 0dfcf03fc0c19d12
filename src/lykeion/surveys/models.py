"""Surveys of the site, and what learners answered."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from lykeion.core.fields import KeyField


class Survey(models.Model):
    """A survey; ``questions`` are those of :class:`lykeion.surveys.types.Question`, in order."""

    name = KeyField(max_length=100, unique=True)
    title = models.CharField(max_length=200)
    intro = models.TextField(blank=True)
    questions = models.JSONField(default=list)

    def __str__(self) -> str:
        return str(self.name)


class Answer(models.Model):
    """One learner's answers to a survey: given once, in the run that asked first. No foreign key to the run, as in
    ``grades``. ``given`` keeps labels, so that it means the same whatever becomes of the questions."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="+")
    user_id = models.BigIntegerField()
    run_id = models.BigIntegerField()
    at = models.DateTimeField()
    given = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["survey", "user_id"], name="surveys_answer_once")]
        indexes: ClassVar = [
            models.Index(fields=["run_id", "id"], name="surveys_answer_of_run"),
            models.Index(fields=["user_id"], name="surveys_answer_of_user"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.run_id}"
