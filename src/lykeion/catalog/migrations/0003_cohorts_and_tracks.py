from typing import Any

import django.db.models.deletion
import lykeion.core.fields
from django.conf import settings
from django.db import migrations, models


def read_again(apps: Any, _editor: Any) -> None:
    """Courses that were imported before say whether they have cohorts at the next catch-up."""
    apps.get_model("catalog", "Run").objects.update(root="")


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0002_dates_of_learners"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="run",
            name="audit_ends",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="run",
            name="content_cohorted",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="run",
            name="gates_graded",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="run",
            name="team_cohorted",
            field=models.BooleanField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="run",
            name="weeks_to_complete",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.CreateModel(
            name="Cohort",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", lykeion.core.fields.KeyField(max_length=255)),
                ("automatic", models.BooleanField(default=False)),
                ("partition", models.BigIntegerField(blank=True, null=True)),
                ("group", models.BigIntegerField(blank=True, null=True)),
                (
                    "run",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="catalog.run"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CohortEmail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("email", lykeion.core.fields.KeyField(max_length=254)),
                (
                    "cohort",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="emails", to="catalog.cohort"
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="catalog.run"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CohortMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "cohort",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="members", to="catalog.cohort"
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="catalog.run"),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="cohort",
            constraint=models.UniqueConstraint(fields=("run", "name"), name="catalog_cohort_once"),
        ),
        migrations.AddConstraint(
            model_name="cohort",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("group", None), ("partition", None)),
                    models.Q(("group__isnull", False), ("partition__isnull", False)),
                    _connector="OR",
                ),
                name="catalog_cohort_group",
            ),
        ),
        migrations.AddConstraint(
            model_name="cohortemail",
            constraint=models.UniqueConstraint(fields=("email", "run"), name="catalog_cohort_email_once"),
        ),
        migrations.AddConstraint(
            model_name="cohortmember",
            constraint=models.UniqueConstraint(fields=("user", "run"), name="catalog_cohort_member_once"),
        ),
        migrations.RunPython(read_again, migrations.RunPython.noop),
    ]
