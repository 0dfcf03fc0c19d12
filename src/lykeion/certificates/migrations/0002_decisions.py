"""The list of exceptions and the invalidations become one table: about each learner one decision at most."""

from typing import Any

from django.db import migrations, models


def move(apps: Any, _schema_editor: Any) -> None:
    """Invalidations first: where both stood, they held."""
    decision = apps.get_model("certificates", "Decision")
    for name, allowed in (("Invalidation", False), ("Allowance", True)):
        rows = (
            decision(
                user_id=row.user_id, run_id=row.run_id, allowed=allowed, by_id=row.by_id, at=row.at, notes=row.notes
            )
            for row in apps.get_model("certificates", name).objects.order_by("pk").iterator()
        )
        decision.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("certificates", "0001_certificates")]

    operations = [
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("user_id", models.BigIntegerField()),
                ("run_id", models.BigIntegerField()),
                ("allowed", models.BooleanField()),
                ("by_id", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("notes", models.CharField(default="", max_length=500)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("run_id", "user_id"), name="certificate_decision_once")
                ],
            },
        ),
        migrations.RunPython(move, migrations.RunPython.noop),
        migrations.DeleteModel("Allowance"),
        migrations.DeleteModel("Invalidation"),
    ]
