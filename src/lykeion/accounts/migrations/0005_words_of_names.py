"""People are found by the beginnings of the words of their names: an index leads there."""

from typing import Any, Final

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import lykeion.core.fields
from lykeion.accounts.words import words_of

PART: Final = 1000


def write_words(apps: Any, _schema_editor: Any) -> None:
    """Of everybody there is, a thousand at a time."""
    people, word_of = apps.get_model("accounts", "User").objects, apps.get_model("accounts", "NameWord")
    last = 0
    while rows := list(
        people.filter(pk__gt=last).order_by("pk").values_list("pk", "username", "email", "full_name")[:PART]
    ):
        word_of.objects.bulk_create(
            word_of(word=word, user_id=pk)
            for pk, username, email, full_name in rows
            for word in words_of(username=username, email=email, full_name=full_name)
        )
        last = rows[-1][0]


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_data_researcher")]

    operations = [
        migrations.CreateModel(
            name="NameWord",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "word", "user_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("word", lykeion.core.fields.KeyField(max_length=64)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.RunPython(write_words, migrations.RunPython.noop),
    ]
