"""The outbox: orders to do something later, committed together with the change that asked for them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from lykeion.core.fields import KeyField
from lykeion.jobs.types import State


class Job(models.Model):
    """One order. A worker claims it by writing its own ``claim`` until ``lease_until``; a worker that died loses it.

    ``due`` is when it may run next. ``key`` makes an order unique until somebody begins it. ``sent`` is when a broker
    confirmed that it has the order (always empty without one). A running job must be over by ``ends``.
    """

    name = KeyField(max_length=100)
    payload = models.JSONField()
    key = KeyField(max_length=255, null=True, blank=True, unique=True)
    state = models.CharField(max_length=10, default=State.WAITING)
    queue = KeyField(max_length=32, default="default")
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
    started = models.DateTimeField(null=True, blank=True)
    finished = models.DateTimeField(null=True, blank=True)
    sent = models.DateTimeField(null=True, blank=True)
    ends = models.DateTimeField(null=True, blank=True)
    cancelling = models.BooleanField(default=False)
    by = models.BigIntegerField(null=True, blank=True)  # people live floors above: an id, no foreign key
    title = models.CharField(max_length=200, blank=True)
    about = KeyField(max_length=255, blank=True)
    file = KeyField(max_length=255, blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    file_size = models.PositiveBigIntegerField(default=0)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["state", "-priority", "due", "id"], name="jobs_job_next"),
            models.Index(fields=["about", "name", "-id"], name="jobs_job_about"),
            models.Index(fields=["by", "-id"], name="jobs_job_by"),
            models.Index(fields=["state", "finished"], name="jobs_job_over"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.pk}"


class JobLine(models.Model):
    """A line of a job's log. No foreign key: a job that is done and forgotten goes by one compared DELETE."""

    job = models.BigIntegerField(db_index=True)
    at = models.DateTimeField()
    text = models.CharField(max_length=1000)

    def __str__(self) -> str:
        return str(self.text)


class Schedule(models.Model):
    """When a plan is due next; whoever moves ``due`` from what it read gives the order, so it is given once."""

    name = KeyField(max_length=100, primary_key=True)
    due = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.name)
