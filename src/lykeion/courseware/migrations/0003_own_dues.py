from django.db import migrations, models

import lykeion.core.fields


class Migration(migrations.Migration):
    dependencies = [
        ("courseware", "0002_total_of_place"),
    ]

    operations = [
        migrations.CreateModel(
            name="OwnDue",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "user_id", "run_id", "ref", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("user_id", models.BigIntegerField()),
                ("run_id", models.BigIntegerField()),
                ("ref", lykeion.core.fields.KeyField(max_length=255)),
                ("due", models.DateTimeField()),
                ("set_by", models.BigIntegerField(null=True)),
                ("set_at", models.DateTimeField()),
            ],
            options={"indexes": [models.Index(fields=["run_id", "ref"], name="owndue_by_run")]},
        ),
    ]
