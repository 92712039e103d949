import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("hub", "0006_import_notices"),
    ]

    operations = [
        migrations.CreateModel(
            name="Median",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("stage", models.CharField(max_length=16)),
                ("number", models.CharField(max_length=16)),
                ("value", models.FloatField(null=True)),
                ("run", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="hub.run")),
            ],
        ),
    ]
