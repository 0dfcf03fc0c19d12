"""Tables of course content: the SQL object store, and outlines compiled from either store."""

from __future__ import annotations

from django.db import models

from lykeion.core.fields import KeyField


class StoredObject(models.Model):
    """One immutable object. ``touched`` (unix seconds) is when a writer last counted on it being there."""

    id = KeyField(max_length=48, primary_key=True)
    data = models.BinaryField()
    touched = models.BigIntegerField()

    class Meta:
        db_table = "content_object"

    def __str__(self) -> str:
        return str(self.id)


class Ref(models.Model):
    """Where a branch of a run points."""

    name = KeyField(max_length=300, primary_key=True)
    target = KeyField(max_length=48)

    class Meta:
        db_table = "content_ref"

    def __str__(self) -> str:
        return str(self.name)


class RefMove(models.Model):
    """One entry of the log of a ref."""

    ref = KeyField(max_length=300)
    old = KeyField(max_length=48, null=True)
    new = KeyField(max_length=48, null=True)
    author = models.TextField()
    at = models.DateTimeField()
    why = models.TextField()

    class Meta:
        db_table = "content_ref_move"
        indexes = [models.Index(fields=["ref", "id"], name="content_move_ref")]

    def __str__(self) -> str:
        return f"{self.ref}: {self.old} -> {self.new}"


class CompiledOutline(models.Model):
    """The compiled outline of one root, by a key that also names the compiler."""

    key = KeyField(max_length=160, primary_key=True)
    root = KeyField(max_length=48, db_index=True)
    data = models.BinaryField()

    class Meta:
        db_table = "content_outline"

    def __str__(self) -> str:
        return str(self.key)
