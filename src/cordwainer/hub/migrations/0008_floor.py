import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("hub", "0007_medians"),
    ]

    operations = [
        migrations.CreateModel(
            name="Claim",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=64)),
                ("short", models.BooleanField()),
                ("pairs", models.IntegerField()),
                ("fen", models.BigIntegerField(null=True)),
                ("until", models.DateField()),
                ("status", models.CharField(default="open", max_length=16)),
                ("settled_pairs", models.IntegerField(null=True)),
                ("settled_fen", models.BigIntegerField(null=True)),
                ("settled_on", models.DateField(null=True)),
                ("account", models.BigIntegerField()),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Handover",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=64)),
                ("giver", models.CharField(db_index=True, max_length=64)),
                ("receiver", models.CharField(db_index=True, max_length=64)),
                ("lot", models.CharField(db_index=True, max_length=64)),
                ("order", models.CharField(max_length=64)),
                ("stage", models.CharField(max_length=16)),
                ("pairs", models.IntegerField()),
                ("date", models.DateField()),
                ("given", models.JSONField()),
                ("given_by", models.BigIntegerField()),
                ("given_at", models.DateTimeField()),
                ("given_note", models.CharField(blank=True, max_length=200)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("received", models.JSONField(null=True)),
                ("received_on", models.DateField(null=True)),
                ("received_by", models.BigIntegerField(null=True)),
                ("received_at", models.DateTimeField(null=True)),
                ("received_note", models.CharField(blank=True, max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name="MilestoneDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("order", models.CharField(db_index=True, max_length=64)),
                ("milestone", models.CharField(max_length=16)),
                ("due", models.DateField(null=True)),
                ("done", models.DateField(null=True)),
                ("firm", models.CharField(blank=True, max_length=64)),
                ("account", models.BigIntegerField()),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="StoredFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200)),
                ("kind", models.CharField(max_length=32)),
                ("size", models.BigIntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("account", models.BigIntegerField()),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="ClaimWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("firm", models.CharField(blank=True, max_length=64)),
                ("word", models.CharField(max_length=16)),
                ("pairs", models.IntegerField(null=True)),
                ("fen", models.BigIntegerField(null=True)),
                ("said", models.CharField(blank=True, max_length=500)),
                ("account", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("claim", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="hub.claim")),
            ],
        ),
        migrations.CreateModel(
            name="Due",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=16)),
                ("ref", models.CharField(max_length=32)),
                ("payer", models.CharField(blank=True, db_index=True, max_length=64)),
                ("payee", models.CharField(blank=True, db_index=True, max_length=64)),
                ("date", models.DateField()),
                ("currency", models.CharField(max_length=8)),
                ("amount", models.BigIntegerField(null=True)),
                ("due", models.DateField(null=True)),
                ("order", models.CharField(max_length=64)),
                ("lot", models.CharField(max_length=64)),
                ("stages", models.CharField(max_length=100)),
                ("pairs", models.IntegerField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("kind", "ref"), name="one_due")],
            },
        ),
        migrations.AddField(
            model_name="claim",
            name="handover",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="hub.handover"),
        ),
        migrations.CreateModel(
            name="Payment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=64)),
                ("payer", models.CharField(blank=True, db_index=True, max_length=64)),
                ("payee", models.CharField(blank=True, db_index=True, max_length=64)),
                ("month", models.DateField()),
                ("currency", models.CharField(max_length=8)),
                ("date", models.DateField()),
                ("amount", models.BigIntegerField()),
                ("note", models.CharField(blank=True, max_length=200)),
                ("account", models.BigIntegerField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("account", "key"), name="one_payment_a_form")],
            },
        ),
        migrations.CreateModel(
            name="Progress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=64)),
                ("firm", models.CharField(max_length=64)),
                ("lot", models.CharField(db_index=True, max_length=64)),
                ("stage", models.CharField(max_length=16)),
                ("date", models.DateField()),
                ("pairs", models.IntegerField()),
                ("seconds", models.IntegerField(default=0)),
                ("rework", models.IntegerField(default=0)),
                ("account", models.BigIntegerField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("firm", "key"), name="one_progress_a_form")],
            },
        ),
        migrations.AddField(
            model_name="handover",
            name="given_photo",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="hub.storedfile"
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="received_photo",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="hub.storedfile"
            ),
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("order", models.CharField(db_index=True, max_length=64)),
                ("milestone", models.CharField(blank=True, max_length=16)),
                ("firm", models.CharField(blank=True, max_length=64)),
                ("readers", models.CharField(max_length=8)),
                ("note", models.CharField(blank=True, max_length=200)),
                ("account", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("file", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="hub.storedfile")),
            ],
        ),
        migrations.CreateModel(
            name="Counter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=64)),
                ("firm", models.CharField(db_index=True, max_length=64)),
                ("lot", models.CharField(blank=True, max_length=64)),
                ("run", models.BigIntegerField(null=True)),
                ("pairs", models.IntegerField()),
                ("terms", models.JSONField()),
                ("start", models.DateField(null=True)),
                ("end", models.DateField(null=True)),
                ("dearer", models.BooleanField()),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("until", models.DateTimeField()),
                ("status", models.CharField(default="open", max_length=16)),
                ("became", models.JSONField(default=list)),
                ("account", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("decided_by", models.BigIntegerField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("option", models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, to="hub.option")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("firm", "key"), name="one_counter_a_form")],
            },
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.UniqueConstraint(fields=("handover", "key"), name="one_claim_a_form"),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.UniqueConstraint(fields=("giver", "key"), name="one_handover_a_form"),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.UniqueConstraint(fields=("order", "file", "firm"), name="one_document"),
        ),
    ]
