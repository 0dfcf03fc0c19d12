"""What learners told of themselves was published with figures of one or two: they go, and the next refresh publishes
all runs anew."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def forget(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("analytics", "Figure").objects.filter(metric__in=["demography", "enrolment_by_gender"]).delete()
    apps.get_model("analytics", "Reading").objects.update(on=None)


class Migration(migrations.Migration):
    dependencies = [
        ("analytics", "0003_ever"),
    ]

    operations = [migrations.RunPython(forget, migrations.RunPython.noop)]
