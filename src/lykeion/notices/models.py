"""Tables of ``notices``: mails of course teams, who gets them, who wants none, whose address does not
work; what the site announces."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from lykeion.core.fields import KeyField
from lykeion.notices.types import Delivery, MailState


class Message(models.Model):
    """A mail to many. ``once`` is the form it came from: sent twice it is one message. ``cursor``: the place of the
    last learner who has a row in ``Recipient``; ``listed`` once all have. ``counts`` is written when it is over."""

    run_id = models.BigIntegerField()
    by_id = models.BigIntegerField()
    once = KeyField(max_length=64, unique=True)
    subject = models.CharField(max_length=255)
    html = models.TextField()
    groups = models.JSONField(default=list)
    replies = models.BooleanField(default=False)
    state = models.CharField(max_length=12, default=MailState.SCHEDULED)
    created = models.DateTimeField()
    due = models.DateTimeField()
    started = models.DateTimeField(null=True, blank=True)
    finished = models.DateTimeField(null=True, blank=True)
    shown_until = models.DateTimeField(null=True, blank=True)
    cursor = models.BigIntegerField(default=0)
    listed = models.BooleanField(default=False)
    total = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    trouble = models.CharField(max_length=300, blank=True)
    troubled_since = models.DateTimeField(null=True, blank=True)
    pauses = models.PositiveIntegerField(default=0)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["run_id", "-id"], name="notices_message_of_run"),
            models.Index(fields=["run_id", "shown_until"], name="notices_message_shown"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.pk}"


class Recipient(models.Model):
    """One person's copy of a message. Who sends it writes ``claim`` first, and the answer of the mail server after."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="+")
    user_id = models.BigIntegerField()
    state = models.CharField(max_length=8, default=Delivery.WAITING)
    why = models.CharField(max_length=12, blank=True)
    words = models.CharField(max_length=200, blank=True)
    claim = KeyField(max_length=64, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    due = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["message", "user_id"], name="notices_recipient_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["message", "state", "due"], name="notices_recipient_next")]

    def __str__(self) -> str:
        return f"{self.message_id} to {self.user_id}"


class OptOut(models.Model):
    """That a person wants no mail of a run's team."""

    user_id = models.BigIntegerField()
    run_id = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["run_id", "user_id"], name="notices_optout_once")]
        indexes: ClassVar = [models.Index(fields=["user_id"], name="notices_optout_of_user")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.run_id}"


class Suppressed(models.Model):
    """That mail to the address a person has now came back for good. Gone when they prove an address anew."""

    user_id = models.BigIntegerField(unique=True)
    words = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.user_id)


class Announcement(models.Model):
    """Something that the staff of the site tells everybody who is signed in, while it is ``active``."""

    html = models.TextField()
    active = models.BooleanField(default=True)
    by_id = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["active", "-id"], name="notices_announcement_active")]

    def __str__(self) -> str:
        return str(self.pk)


class Pace(models.Model):
    """The one row that says when the site may send its next mails to many."""

    next_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.next_at)
