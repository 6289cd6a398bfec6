from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies: ClassVar = [("chatdesk", "0001_initial")]
    operations: ClassVar = []
