"""Tables of ``authoring``: what search knows, tags, files on their way, long work, repositories."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from lykeion.core.fields import KeyField


class SearchEntry(models.Model):
    """The words of one block of a draft. Both databases keep an index of their own over ``title`` and ``text``
    (``authoring/fulltext.py``)."""

    run = KeyField(max_length=255)
    ref = KeyField(max_length=300)
    kind = KeyField(max_length=100)
    title = models.TextField()
    text = models.TextField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["run", "ref"], name="authoring_search_once")]

    def __str__(self) -> str:
        return f"{self.run} {self.ref}"


class SearchedRun(models.Model):
    """Which version of a draft search knows."""

    run = KeyField(max_length=255, primary_key=True)
    root = KeyField(max_length=48)

    def __str__(self) -> str:
        return str(self.run)


class Taxonomy(models.Model):
    """A vocabulary of tags: of one organisation, or of the site (``org`` empty). ``name_in_files`` is how courses and
    ``tags.csv`` name it. ``free``: authors write tags as they like; else ``tags`` are all there are."""

    name = models.CharField(max_length=255)
    name_in_files = KeyField(max_length=100, unique=True)
    org = KeyField(max_length=255, blank=True)
    free = models.BooleanField(default=False)
    enabled = models.BooleanField(default=True)
    tags = models.JSONField(default=list)  # [[value, value of its parent or ""], ...] in order, parents first

    class Meta:
        indexes: ClassVar = [models.Index(fields=["org"], name="authoring_taxonomy_org")]

    def __str__(self) -> str:
        return str(self.name)


class Upload(models.Model):
    """A file on its way here, in parts. Nothing of it is in a course before all of it is here and is taken.

    ``mark`` tells the file on the author's machine from others of its name (size and date), so that a page that was
    left goes on where it was. ``user_id`` is no foreign key: rows outlive accounts, and are swept.
    """

    key = KeyField(max_length=32, primary_key=True)
    run = KeyField(max_length=255)
    user_id = models.BigIntegerField()
    purpose = KeyField(max_length=8)
    path = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField()
    mark = KeyField(max_length=100)
    created = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["user_id", "run", "purpose"], name="authoring_upload_mine")]

    def __str__(self) -> str:
        return f"{self.path} for {self.run}"


class UploadPart(models.Model):
    """Bytes of an upload from ``offset`` on, kept under ``name`` in the storage of uploads. One part for each offset:
    of two that come at once the second is refused."""

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="parts")
    offset = models.PositiveBigIntegerField()
    size = models.PositiveIntegerField()
    name = models.CharField(max_length=100)
    created = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["upload", "offset"], name="authoring_part_once")]

    def __str__(self) -> str:
        return f"{self.size} bytes from {self.offset}"


class Errand(models.Model):
    """Something long that somebody had done with a course (an import, an export, checks): its job while it lasts, its
    ``report`` when it is over, which stays when the job is forgotten. ``file`` names what it made in the storage of
    uploads."""

    run = KeyField(max_length=255)
    kind = KeyField(max_length=16)
    username = models.CharField(max_length=150)
    payload = models.JSONField(default=dict)
    job = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    finished = models.DateTimeField(null=True, blank=True)
    report = models.JSONField(null=True, blank=True)
    file = models.CharField(max_length=100, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["run", "kind", "id"], name="authoring_errand_of_run")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.run}"


class Repository(models.Model):
    """Where a course is kept as files under Git. ``commit`` and ``root`` are the last version that both sides had in
    common: what was pushed or pulled last, there and here."""

    run = KeyField(max_length=255, primary_key=True)
    url = models.CharField(max_length=500)
    branch = models.CharField(max_length=200)
    folder = models.CharField(max_length=200, blank=True)
    commit = KeyField(max_length=64, blank=True)
    root = KeyField(max_length=64, blank=True)
    at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.run} at {self.url}"
