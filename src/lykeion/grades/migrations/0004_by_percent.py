"""The gradebook finds those with a grade in a range without reading everybody's."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("grades", "0003_reads_by_block")]

    operations = [
        migrations.AddIndex("coursegrade", models.Index(fields=["run_id", "percent"], name="coursegrade_by_percent")),
    ]
