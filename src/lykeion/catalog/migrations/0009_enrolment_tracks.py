from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """A page of a track's learners by name is a range of an index; the index before did not hold their names."""

    dependencies = [
        ("catalog", "0008_waiting_invitations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="enrolment",
            index=models.Index(fields=["run", "is_active", "mode", "name_key"], name="catalog_enrolment_tracks"),
        ),
        migrations.RemoveIndex(model_name="enrolment", name="catalog_enrolment_modes"),
    ]
