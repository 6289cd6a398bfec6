from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("transcripts", "0004_exports")]
    operations: ClassVar = []
