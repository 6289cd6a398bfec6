from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("transcripts", "0007_transcripts"),
    ]

    operations = []
