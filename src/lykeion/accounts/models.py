"""Tables of people: who they are, what they may do, which names are gone for good."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models

from lykeion.accounts.types import Role
from lykeion.core.clock import now
from lykeion.core.fields import KeyField


class UserManager(BaseUserManager["User"]):
    """What Django's own code asks of the people's table."""

    def get_by_natural_key(self, username: str | None) -> User:
        """The person with this username, whatever its case."""
        return self.get(username_key=(username or "").lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person. ``username_key`` is the username in lower case, so that it is unique whatever the database folds;
    ``email`` is always stored in lower case. Retired people keep their row, under a name that says nothing."""

    username = KeyField(max_length=64, unique=True)
    username_key = KeyField(max_length=64, unique=True, editable=False)
    email = KeyField(max_length=254, unique=True)
    full_name = models.CharField(max_length=255, blank=True)
    bio = models.TextField(max_length=3000, blank=True)
    country = models.CharField(max_length=2, blank=True)
    year_of_birth = models.PositiveSmallIntegerField(null=True, blank=True)
    profile_visibility = models.CharField(max_length=10, default="all_users")
    language = models.CharField(max_length=16, blank=True)
    time_zone = models.CharField(max_length=64, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    date_joined = models.DateTimeField(default=now)
    retired_at = models.DateTimeField(null=True, blank=True)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["email"]

    objects: ClassVar[UserManager] = UserManager()

    def __str__(self) -> str:
        return str(self.username)

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        """Keeps ``username_key`` and the case of ``email`` right, whoever saves."""
        self.username_key = self.username.lower()
        self.email = self.email.lower()
        if update_fields is not None and "username" in update_fields:
            update_fields = {*update_fields, "username_key"}
        super().save(*args, update_fields=update_fields, **kwargs)

    def get_full_name(self) -> str:
        """The name people read; the username when none was given."""
        return str(self.full_name or self.username)

    def get_short_name(self) -> str:
        """The username: full names are not for every page."""
        return str(self.username)


class RoleGrant(models.Model):
    """That a person has a role in a run, in an organisation (``run`` empty) or on the whole site (both empty)."""

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=32, choices=[(role.value, role.value) for role in Role])
    org = KeyField(max_length=255, blank=True)
    run = KeyField(max_length=255, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "role", "run", "org"], name="accounts_rolegrant_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["run", "role"], name="accounts_rolegrant_run")]

    def __str__(self) -> str:
        return f"{self.role} of {self.run or self.org or 'the site'}"


class RetiredName(models.Model):
    """The keyed hash of a username or e-mail address that nobody may take again."""

    digest = KeyField(max_length=64, unique=True)
    retired_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.digest)


class SharedValue(models.Model):
    """What all processes of a site without Redis must know for a while: how often somebody tried to sign in.

    Django's ``DatabaseCache`` reads and writes it; these are the columns it expects.
    """

    cache_key = KeyField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return str(self.cache_key)
