"""Tables of people: who they are, what they may do, which names are gone for good."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any, ClassVar, Final

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models

from lykeion.accounts.types import Role
from lykeion.accounts.words import LONGEST_WORD, words_of
from lykeion.core.clock import now
from lykeion.core.fields import KeyField

_NAMES: Final = frozenset({"username", "email", "full_name"})


class People(models.QuerySet["User"]):
    """Rows of people. Whoever changes names here changes the words by which their people are found."""

    def update(self, **values: Any) -> int:
        """As Django's; two queries more where names are changed."""
        if _NAMES.isdisjoint(values):
            return super().update(**values)
        ids = list(self.values_list("pk", flat=True))
        changed = super().update(**values)
        keep_words(User.objects.filter(pk__in=ids))
        return changed

    def bulk_create(self, objs: Iterable[User], *args: Any, **kwargs: Any) -> list[User]:
        """As Django's, with their words."""
        made = super().bulk_create(objs, *args, **kwargs)
        keep_words(made if all(one.pk for one in made) else self._same(made))
        return made

    def _same(self, made: list[User]) -> People:
        """As they are stored: MySQL does not say which ids it gave."""
        return User.objects.get_queryset().filter(username_key__in=[one.username_key for one in made])


class UserManager(BaseUserManager["User"]):
    """What Django's own code asks of the people's table."""

    def get_queryset(self) -> People:
        """Rows that keep words right."""
        return People(self.model, using=self._db)

    def get_by_natural_key(self, username: str | None) -> User:
        """The person with this username, whatever its case."""
        return self.get(username_key=(username or "").lower())

    def create_superuser(self, username: str, email: str, password: str | None = None) -> User:
        """Makes somebody who may do anything, for ``lykeion django createsuperuser``; the address counts as confirmed.

        Raises :class:`AccountError` when a name is bad or taken.
        """
        from lykeion.accounts import api  # the door stands on these tables

        made = api.create_person(
            username=username, email=email, password=password, confirmed=True, is_staff=True, is_superuser=True
        )
        return self.get(pk=made.id)


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
    gender = models.CharField(max_length=1, blank=True, default="", db_default="")
    education = models.CharField(max_length=5, blank=True, default="", db_default="")
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
        if update_fields is None or not _NAMES.isdisjoint(update_fields):
            keep_words([self])

    def get_full_name(self) -> str:
        """The name people read; the username when none was given."""
        return str(self.full_name or self.username)

    def get_short_name(self) -> str:
        """The username: full names are not for every page."""
        return str(self.username)


class NameWord(models.Model):
    """A word of somebody's names or address, as :func:`lykeion.accounts.words.words_of` makes it."""

    pk = models.CompositePrimaryKey("word", "user_id")
    word = KeyField(max_length=LONGEST_WORD)
    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return f"{self.word} of {self.user_id}"


def keep_words(people: Iterable[User]) -> None:
    """Makes the words of these people those of their names; of each thousand in one read, and writes where something
    changed."""
    rest = iter(people)
    while part := list(islice(rest, 1000)):
        _keep_words(part)


def _keep_words(people: Iterable[User]) -> None:
    wanted = {
        (word, one.pk)
        for one in people
        for word in words_of(username=one.username, email=one.email, full_name=one.full_name)
    }
    ids = {user_id for _word, user_id in wanted}
    known = set(NameWord.objects.filter(user_id__in=ids).values_list("word", "user_id"))
    for word, user_id in known - wanted:
        NameWord.objects.filter(word=word, user_id=user_id).delete()
    new = [NameWord(word=word, user_id=user_id) for word, user_id in wanted - known]
    if new:
        NameWord.objects.bulk_create(new, ignore_conflicts=True)  # somebody may be as quick


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
