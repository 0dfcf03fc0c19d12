"""The queue: what learners submitted and programs elsewhere are to grade; and who may fetch it.

No foreign keys to learners: rows outlive accounts, as in ``courseware/models.py``.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from lykeion.core.fields import KeyField
from lykeion.graders.types import State


class Submission(models.Model):
    """One answer to grade; see :class:`lykeion.graders.types.Order`. ``pull_key`` is new each time it is handed out,
    ``pulled`` is when; ``tries`` counts that."""

    key = KeyField(max_length=64, unique=True)
    queue = KeyField(max_length=128)
    run = KeyField(max_length=255)
    user_id = models.BigIntegerField()
    usage = KeyField(max_length=255)
    input_id = KeyField(max_length=255)
    dispatch = KeyField(max_length=32)
    body = models.TextField()
    files = models.JSONField(default=dict)
    state = KeyField(max_length=8, default=State.QUEUED)
    pull_key = KeyField(max_length=64, blank=True)
    pulled = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)
    created = models.DateTimeField()
    retired = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["queue", "state", "id"], name="graders_next"),
            models.Index(fields=["user_id", "usage"], name="graders_of_learner"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} of queue {self.queue}: {self.state}"


class MayGrade(models.Model):
    """That an account may fetch the work of a queue and answer it. Nothing else gives that right, not even to staff."""

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    queue = KeyField(max_length=128)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "queue"], name="graders_maygrade_once")]

    def __str__(self) -> str:
        return f"{self.user} for {self.queue}"
