import django.db.models.deletion
from django.db import migrations, models


def _id() -> models.BigAutoField:
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


def _run() -> models.ForeignKey:
    return models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="hub.gradingrun")


class Migration(migrations.Migration):
    dependencies = [
        ("hub", "0002_desk_enquiries"),
    ]

    operations = [
        migrations.CreateModel(
            name="GradingRun",
            fields=[
                ("id", _id()),
                ("scheme", models.CharField(max_length=64)),
                ("scheme_file", models.TextField()),
                ("version", models.BigIntegerField()),
                ("year", models.IntegerField()),
                ("status", models.CharField(max_length=8)),
                ("signed_by", models.CharField(blank=True, max_length=100)),
                ("signed_on", models.DateField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="GradingRevision",
            fields=[
                ("id", _id()),
                ("revision", models.IntegerField()),
                ("account", models.BigIntegerField()),
                ("record", models.JSONField()),
                ("run", _run()),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("run", "revision"), name="one_revision")]},
        ),
        migrations.CreateModel(
            name="GradingAnswer",
            fields=[
                ("id", _id()),
                ("unit", models.CharField(max_length=64)),
                ("day", models.DateField()),
                ("figure", models.CharField(max_length=64, null=True)),
                ("claimed", models.FloatField(null=True)),
                ("reason", models.TextField(null=True)),
                ("decision", models.CharField(max_length=8)),
                ("why", models.TextField(blank=True)),
                ("account", models.BigIntegerField()),
                ("run", _run()),
            ],
        ),
        migrations.CreateModel(
            name="GradingCorrection",
            fields=[
                ("id", _id()),
                ("revision", models.IntegerField()),
                ("unit", models.CharField(max_length=64)),
                ("figure", models.CharField(max_length=64)),
                ("old", models.FloatField(null=True)),
                ("new", models.FloatField(null=True)),
                ("source", models.TextField()),
                ("day", models.DateField()),
                ("account", models.BigIntegerField()),
                ("run", _run()),
            ],
        ),
    ]
