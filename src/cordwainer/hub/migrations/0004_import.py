from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("hub", "0003_assess_runs"),
    ]

    operations = [
        migrations.CreateModel(
            name="Batch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("account", models.BigIntegerField()),
                ("name", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                ("state", models.CharField(default="waiting", max_length=16)),
                ("content", models.BinaryField()),
                ("mends", models.JSONField(default=list)),
                ("told", models.JSONField(default=dict)),
                ("job", models.BigIntegerField(null=True)),
                ("change", models.BigIntegerField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Spelling",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("spelling", models.CharField(max_length=200)),
                ("firm", models.CharField(max_length=64)),
                ("same", models.BooleanField()),
                ("account", models.BigIntegerField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("spelling", "firm"), name="one_answer_to_a_spelling")],
            },
        ),
    ]
