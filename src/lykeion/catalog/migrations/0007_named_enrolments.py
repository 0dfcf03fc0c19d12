"""The database refuses a learner without a name key, who would be on no page of learners."""

from typing import Any

from django.db import migrations, models
from django.db.models import OuterRef, Q, Subquery


def name_all(apps: Any, _schema_editor: Any) -> None:
    """Those whom a program made that did not know of it yet."""
    people = apps.get_model("accounts", "User").objects.filter(pk=OuterRef("user_id"))
    nameless = apps.get_model("catalog", "Enrolment").objects.filter(is_active=True, name_key="")
    nameless.update(name_key=Subquery(people.values("username_key")[:1]))


class Migration(migrations.Migration):
    dependencies = [("catalog", "0006_names_of_learners"), ("accounts", "0005_words_of_names")]

    operations = [
        migrations.RunPython(name_all, migrations.RunPython.noop),
        migrations.AddConstraint(
            "enrolment",
            models.CheckConstraint(condition=Q(is_active=False) | ~Q(name_key=""), name="catalog_enrolment_named"),
        ),
    ]
