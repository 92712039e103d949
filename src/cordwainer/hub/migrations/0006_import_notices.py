import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("hub", "0005_import_tokens"),
    ]

    operations = [
        migrations.CreateModel(
            name="Channel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("way", models.CharField(max_length=16)),
                ("to", models.CharField(blank=True, max_length=300)),
                ("secret", models.CharField(blank=True, max_length=100)),
                ("account", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, to="hub.account")),
            ],
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=16)),
                ("about", models.CharField(max_length=100)),
                ("values", models.JSONField(default=dict)),
                ("made_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
                ("tries", models.IntegerField(default=0)),
                ("fault", models.CharField(blank=True, max_length=200)),
                ("account", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="hub.account")),
            ],
            options={
                "indexes": [models.Index(fields=["sent_at", "due_at"], name="notice_due")],
                "constraints": [models.UniqueConstraint(fields=("account", "kind", "about"), name="told_once")],
            },
        ),
    ]
