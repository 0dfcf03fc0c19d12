"""The outbox: orders to do something later, committed together with the change that asked for them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from lykeion.core.fields import KeyField
from lykeion.jobs.types import State


class Job(models.Model):
    """One order. A worker claims it by writing its own ``claim`` until ``lease_until``; a worker that died loses it.

    ``due`` is when it may run next. ``key`` makes an order unique until somebody begins it.
    """

    name = KeyField(max_length=100)
    payload = models.JSONField()
    key = KeyField(max_length=255, null=True, blank=True, unique=True)
    state = models.CharField(max_length=8, default=State.WAITING)
    priority = models.SmallIntegerField(default=0)
    due = models.DateTimeField()
    claim = KeyField(max_length=64, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    message = models.CharField(max_length=500, blank=True)
    result = models.JSONField(null=True, blank=True)
    error = models.TextField(blank=True)
    created = models.DateTimeField()
    finished = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "-priority", "due", "id"], name="jobs_job_next")]

    def __str__(self) -> str:
        return f"{self.name} {self.pk}"
