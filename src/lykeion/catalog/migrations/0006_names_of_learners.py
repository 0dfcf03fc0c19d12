"""Pages of learners by name come straight from an index: enrolments know the name that their person has for good."""

from typing import Any

from django.db import migrations, models
from django.db.models import OuterRef, Subquery

from lykeion.core.fields import KeyField


def copy_names(apps: Any, _schema_editor: Any) -> None:
    """One statement, however many there are."""
    people = apps.get_model("accounts", "User").objects.filter(pk=OuterRef("user_id"))
    apps.get_model("catalog", "Enrolment").objects.update(name_key=Subquery(people.values("username_key")[:1]))


class Migration(migrations.Migration):
    dependencies = [("catalog", "0005_enrolment_roll"), ("accounts", "0004_data_researcher")]

    operations = [
        migrations.AddField("enrolment", "name_key", KeyField(blank=True, max_length=64)),
        migrations.RunPython(copy_names, migrations.RunPython.noop),
        migrations.RemoveIndex("enrolment", "catalog_enrolment_run"),
        migrations.AddIndex(
            "enrolment", models.Index(fields=["run", "is_active", "name_key"], name="catalog_enrolment_names")
        ),
        migrations.AddIndex(
            "enrolment", models.Index(fields=["run", "is_active", "mode"], name="catalog_enrolment_modes")
        ),
    ]
