"""Certificates, and what the team decided about them.

No foreign keys, as in ``grades``: a row for each learner of a run, on sites of millions; a person who leaves is made
anonymous, a run is never deleted.
"""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.db import models


class Certificate(models.Model):
    """One learner's certificate in one run: there is never a second one."""

    uuid = models.UUIDField(default=uuid4, unique=True)
    user_id = models.BigIntegerField()
    run_id = models.BigIntegerField()
    status = models.CharField(max_length=32)
    mode = models.CharField(max_length=32)
    name = models.CharField(max_length=255, default="")
    grade = models.FloatField(default=0.0)
    issued = models.DateTimeField()
    modified = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user_id", "run_id"], name="certificate_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["run_id", "status", "id"], name="certificate_by_status")]

    def __str__(self) -> str:
        return f"{self.uuid} ({self.status})"


class Decision(models.Model):
    """What the team decided about one learner's certificate, whatever their grade: they get it (``allowed``), or it is
    not good. There is one at most, so that the last word counts."""

    user_id = models.BigIntegerField()
    run_id = models.BigIntegerField()
    allowed = models.BooleanField()
    by_id = models.BigIntegerField()
    at = models.DateTimeField()
    notes = models.CharField(max_length=500, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run_id", "user_id"], name="certificate_decision_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.run_id}"
