from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("analytics", "0004_told_of_no_one_alone"),
    ]

    operations = [
        migrations.AddField(
            model_name="reading",
            name="took",
            field=models.FloatField(null=True),
        ),
    ]
