"""The index by which grades that follow old rules are found."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("grades", "0001_initial"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="coursegrade",
            name="coursegrade_by_run",
        ),
        migrations.AddIndex(
            model_name="coursegrade",
            index=models.Index(fields=["run_id", "policy_hash"], name="coursegrade_by_policy"),
        ),
    ]
