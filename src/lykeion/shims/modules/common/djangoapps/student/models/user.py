"""Stand-in for Open edX's module of this name: its tables ``UserProfile``, ``CourseEnrollment`` and
``CourseAccessRole``, over ours (nothing is stored twice), and ids that stand for people."""

from __future__ import annotations

from typing import Any, ClassVar

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import QuerySet

from lykeion.accounts import api as accounts
from lykeion.core.keys import CourseLocator, parse_run


class UserProfile(models.Model):
    """``user.profile``: the same row as the person's, under other names."""

    user = models.OneToOneField(
        "accounts.User", models.DO_NOTHING, primary_key=True, db_column="id", related_name="profile"
    )
    name = models.CharField(max_length=255, db_column="full_name")
    country = models.CharField(max_length=2)
    year_of_birth = models.PositiveSmallIntegerField(null=True)
    language = models.CharField(max_length=16)
    bio = models.TextField()

    class Meta:
        managed = False
        db_table = "accounts_user"

    def __str__(self) -> str:
        return self.name


class Enrolments(QuerySet["CourseEnrollment"]):
    """Enrolments asked for by the keys of runs."""

    def filter(self, *args: Any, **kwargs: Any) -> Enrolments:
        """As Django's, with ``course_id`` and ``course`` as keys."""
        return super().filter(*args, **_by_key(kwargs))

    def exclude(self, *args: Any, **kwargs: Any) -> Enrolments:
        """As Django's, with ``course_id`` and ``course`` as keys."""
        return super().exclude(*args, **_by_key(kwargs))

    def get(self, *args: Any, **kwargs: Any) -> CourseEnrollment:
        """As Django's, with ``course_id`` and ``course`` as keys."""
        return super().get(*args, **_by_key(kwargs))

    def prefetch_related(self, *names: Any) -> Enrolments:
        """As Django's; there are no programmes here, so there is nothing of theirs to fetch."""
        return super().prefetch_related(*(name for name in names if name != "programcourseenrollment_set"))


IN_COHORT = "user__cohortmembership__course_user_group__name"


def _by_key(asked: dict[str, Any]) -> dict[str, Any]:
    """Lookups by Open edX's names as lookups by columns; those of one cohort by its name, in the same run."""
    cohort, run = asked.pop(IN_COHORT, None), asked.pop("user__cohortmembership__course_id", None)
    if cohort is not None:
        members = apps.get_model("catalog", "CohortMember").objects
        asked["user__in"] = members.filter(cohort__name=cohort, run__key=str(run)).values("user_id")
    keys = {"course": "run__key", "course_id": "run__key", "course__id": "run__key"}
    return {keys.get(name, name): str(value) if name in keys else value for name, value in asked.items()}


class CourseEnrollment(models.Model):
    """That somebody takes (``is_active``) or took a run. To be read only: ``catalog`` enrols."""

    user_id: int
    run_id: int
    user = models.ForeignKey("accounts.User", models.DO_NOTHING)
    run = models.ForeignKey("catalog.Run", models.DO_NOTHING, related_name="+")
    mode = models.CharField(max_length=32)
    is_active = models.BooleanField()
    created = models.DateTimeField()

    objects = Enrolments.as_manager()

    class Meta:
        managed = False
        db_table = "catalog_enrolment"

    def __str__(self) -> str:
        return f"{self.user_id} in {self.run_id}"

    @property
    def course_id(self) -> CourseLocator:
        """The key of the run."""
        return parse_run(self.run.key)

    @property
    def username(self) -> str:
        """The learner's user name."""
        return str(self.user.username)

    @property
    def programcourseenrollment_set(self) -> QuerySet[CourseEnrollment]:
        """Enrolments by programmes: none."""
        return CourseEnrollment.objects.none()

    @classmethod
    def is_enrolled(cls, user: Any, course_key: object) -> bool:
        """Whether ``user`` takes the run now."""
        return user.is_authenticated and cls.objects.filter(user=user, course_id=course_key, is_active=True).exists()

    @classmethod
    def get_enrollment(cls, user: Any, course_key: object) -> CourseEnrollment | None:
        """How ``user`` takes or took the run; None when they never did."""
        return cls.objects.filter(user=user, course_id=course_key).first() if user.is_authenticated else None


class CourseAccessRole(models.Model):
    """That somebody has a role in a run (``course_id``, as text), in an organisation or everywhere."""

    user = models.ForeignKey("accounts.User", models.DO_NOTHING)
    role = models.CharField(max_length=32)
    org = models.CharField(max_length=255)
    course_id = models.CharField(max_length=255, db_column="run")

    objects: ClassVar[models.Manager[CourseAccessRole]] = models.Manager()

    class Meta:
        managed = False
        db_table = "accounts_rolegrant"

    def __str__(self) -> str:
        return f"{self.role} of {self.course_id or self.org or 'the site'}"


def user_by_anonymous_id(uid: str) -> Any | None:
    """The person an anonymous id of any run stands for; None for nobody."""
    user_id = accounts.whose_id(uid) if uid else None
    return None if user_id is None else get_user_model().objects.filter(pk=user_id).first()


def anonymous_id_for_user(user: Any, course_id: object) -> str | None:
    """The id that stands for ``user`` in a run (None: on the whole site)."""
    return accounts.anonymous_id(user.pk, None if course_id is None else str(course_id)) if user.pk else None


def get_user_by_username_or_email(username_or_email: str) -> Any:
    """The person with that user name or address. Raises ``User.DoesNotExist``."""
    person = accounts.find_person(username_or_email)
    return get_user_model().objects.get(pk=person.id if person else 0)
