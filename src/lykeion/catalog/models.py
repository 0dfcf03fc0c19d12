"""Tables of what is offered and who takes it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from lykeion.core.fields import KeyField


class Organization(models.Model):
    """Who gives courses; ``short_name`` is the ORG of their keys."""

    short_name = KeyField(max_length=255, unique=True)
    name = models.CharField(max_length=255)
    description = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.name


class Run(models.Model):
    """A course run as offered: a copy of what its published root says, for lists and rules. ``root`` is that root."""

    key = KeyField(max_length=255, unique=True)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    org = KeyField(max_length=255)
    number = models.CharField(max_length=255)
    title = models.CharField(max_length=255)
    short_description = models.TextField(blank=True)
    image = models.CharField(max_length=1000, blank=True)
    language = models.CharField(max_length=16, blank=True)
    start = models.DateTimeField(null=True, blank=True)
    end = models.DateTimeField(null=True, blank=True)
    advertised_start = models.CharField(max_length=255, blank=True)
    enrollment_start = models.DateTimeField(null=True, blank=True)
    enrollment_end = models.DateTimeField(null=True, blank=True)
    self_paced = models.BooleanField(default=False)
    catalog_visibility = models.CharField(max_length=8, default="both")
    course_visibility = models.CharField(max_length=16, default="private")
    invitation_only = models.BooleanField(default=False)
    max_enrolments = models.PositiveIntegerField(null=True, blank=True)
    days_early_for_beta = models.FloatField(null=True, blank=True)
    mobile_available = models.BooleanField(default=False)
    effort = models.CharField(max_length=255, blank=True)
    prerequisites = models.JSONField(default=list)
    search_text = models.TextField(blank=True)
    sort_title = models.CharField(max_length=255, blank=True)
    root = KeyField(max_length=255, blank=True)
    content_cohorted = models.BooleanField(default=False)
    created = models.DateTimeField(db_default=Now())
    # What the team decided; publishing leaves it alone.
    team_cohorted = models.BooleanField(null=True, blank=True)
    audit_ends = models.BooleanField(default=False)
    weeks_to_complete = models.PositiveSmallIntegerField(null=True, blank=True)
    gates_graded = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["catalog_visibility", "sort_title", "id"], name="catalog_run_listing"),
            models.Index(fields=["org"], name="catalog_run_org"),
        ]

    def __str__(self) -> str:
        return str(self.key)


class CourseMode(models.Model):
    """A track of a run. ``expiration`` is its upgrade deadline, not the end of access. No row: the default mode."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="modes")
    mode = models.CharField(max_length=32)
    expiration = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "mode"], name="catalog_coursemode_once"),
        ]

    def __str__(self) -> str:
        return self.mode


class Enrolment(models.Model):
    """That a person takes (``is_active``) or took a run. The row stays when they leave.

    ``schedule_start`` is what relative due dates count from, once it differs from the rule (courseware/pacing.py);
    ``own_dates`` says that courseware keeps due dates of this person's own, so that others cost no query. ``name_key``
    is the person's ``username_key``, which never changes: an index leads to each page of learners by name.
    Who takes the course has one (the database refuses others): else they would be on no page.
    """

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="enrolments")
    mode = models.CharField(max_length=32)
    is_active = models.BooleanField(default=True)
    created = models.DateTimeField()
    modified = models.DateTimeField()
    schedule_start = models.DateTimeField(null=True)
    own_dates = models.BooleanField(default=False)
    name_key = KeyField(max_length=64, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "run"], name="catalog_enrolment_once"),
            models.CheckConstraint(
                condition=models.Q(is_active=False) | ~models.Q(name_key=""), name="catalog_enrolment_named"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["run", "is_active", "name_key"], name="catalog_enrolment_names"),
            models.Index(fields=["run", "is_active", "mode", "name_key"], name="catalog_enrolment_tracks"),
            models.Index(fields=["run", "user"], name="catalog_enrolment_roll"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.run_id}"


class EnrolmentAllowed(models.Model):
    """An invitation: whoever owns ``email`` may enrol, whatever the dates say; good for one person. ``mode``: the track
    in which ``auto_enroll`` enrols them, '' for the free one."""

    email = KeyField(max_length=254)
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="+")
    auto_enroll = models.BooleanField(default=False)
    mode = models.CharField(max_length=32, blank=True)
    used_by = models.ForeignKey("accounts.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["email", "run"], name="catalog_allowance_once"),
        ]
        indexes: ClassVar = [
            # Holds all that a list of them looks at: MariaDB merged two indexes over everybody for each page.
            models.Index(fields=["run", "used_by", "id", "email"], name="catalog_allowance_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.email} in {self.run_id}"


class Cohort(models.Model):
    """A group of learners of a run. ``partition`` and ``group`` name the content group its members are in, or none.

    ``automatic``: learners without a cohort are put into one of those, at random.
    """

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="+")
    name = KeyField(max_length=255)
    automatic = models.BooleanField(default=False)
    partition = models.BigIntegerField(null=True, blank=True)
    group = models.BigIntegerField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "name"], name="catalog_cohort_once"),
            models.CheckConstraint(
                condition=models.Q(partition=None, group=None) | models.Q(partition__isnull=False, group__isnull=False),
                name="catalog_cohort_group",
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)


class CohortMember(models.Model):
    """That a person is in a cohort: in one of each run at most."""

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="+")
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="members")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "run"], name="catalog_cohort_member_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.cohort_id}"


class CohortEmail(models.Model):
    """That whoever proves to own ``email`` is to be in a cohort."""

    email = KeyField(max_length=254)
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="+")
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="emails")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["email", "run"], name="catalog_cohort_email_once"),
        ]

    def __str__(self) -> str:
        return f"{self.email} in {self.cohort_id}"
