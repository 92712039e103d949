"""Changes tell which tables they changed, so that the others need not be read again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("hub", "0008_floor")]

    operations = [migrations.AddField("change", "tables", models.JSONField(null=True))]
