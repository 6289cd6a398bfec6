from django.db import migrations


def rename(apps, schema_editor):
    apps.get_model('routing', 'Group').objects.filter(policy='auto').update(policy='fewest')


class Migration(migrations.Migration):

    dependencies = [('routing', '0002_hours_policies_overflow')]

    operations = [migrations.RunPython(rename, migrations.RunPython.noop)]
