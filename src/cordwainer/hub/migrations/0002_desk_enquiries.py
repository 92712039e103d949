import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("hub", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Enquiry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=64)),
                ("account", models.BigIntegerField()),
                ("firm", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                ("request", models.JSONField()),
                ("verdict", models.CharField(max_length=8)),
                ("told", models.JSONField(default=dict)),
                ("ways", models.JSONField(default=list)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("account", "key"), name="one_enquiry_a_form")],
            },
        ),
        migrations.CreateModel(
            name="Option",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("offer", models.CharField(max_length=64, unique=True)),
                ("status", models.CharField(max_length=16)),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                ("ask_by", models.DateTimeField(null=True)),
                ("why", models.JSONField(default=dict)),
                ("face", models.JSONField()),
                ("record", models.JSONField()),
                ("enquiry", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="hub.enquiry")),
            ],
        ),
        migrations.CreateModel(
            name="Part",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("firm", models.CharField(max_length=64)),
                ("stages", models.JSONField()),
                ("answer", models.CharField(blank=True, max_length=8)),
                ("reason", models.TextField(blank=True)),
                ("account", models.BigIntegerField(null=True)),
                ("at", models.DateTimeField(null=True)),
                ("option", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="hub.option")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("option", "firm"), name="one_part")],
            },
        ),
    ]
