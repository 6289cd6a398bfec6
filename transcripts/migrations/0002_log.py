"""The site's log. The database itself refuses to change or delete what stands in it."""

from typing import ClassVar

import django.utils.timezone
from django.db import migrations, models

GUARDED = ("transcripts_logleaf", "transcripts_lognode")
SQLITE = (
    "CREATE TRIGGER log_no_update_{0} BEFORE UPDATE ON {0}"
    " BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END",
    "CREATE TRIGGER log_no_delete_{0} BEFORE DELETE ON {0}"
    " BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END",
)
UNDO_SQLITE = ("DROP TRIGGER log_no_update_{0}", "DROP TRIGGER log_no_delete_{0}")
FUNCTION = (
    "CREATE FUNCTION log_refuse() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RAISE EXCEPTION 'the log is append-only'; END $$"
)
POSTGRES = (
    "CREATE TRIGGER log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {0}"
    " FOR EACH STATEMENT EXECUTE FUNCTION log_refuse()",
)
UNDO_POSTGRES = ("DROP TRIGGER log_append_only ON {0}",)


def guard(apps, schema_editor):
    postgres = schema_editor.connection.vendor == "postgresql"
    if postgres:
        schema_editor.execute(FUNCTION)
    for table in GUARDED:
        for statement in POSTGRES if postgres else SQLITE:
            schema_editor.execute(statement.format(table))


def unguard(apps, schema_editor):
    postgres = schema_editor.connection.vendor == "postgresql"
    for table in GUARDED:
        for statement in UNDO_POSTGRES if postgres else UNDO_SQLITE:
            schema_editor.execute(statement.format(table))
    if postgres:
        schema_editor.execute("DROP FUNCTION log_refuse()")


class Migration(migrations.Migration):
    dependencies: ClassVar = [("transcripts", "0001_records")]
    operations: ClassVar = [
        migrations.CreateModel(
            name='LogNode',
            fields=[
                ('key', models.BigIntegerField(primary_key=True, serialize=False)),
                ('hash', models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name='LogState',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('size', models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='LogLeaf',
            fields=[
                ('index', models.BigIntegerField(primary_key=True, serialize=False, verbose_name='place in the log')),
                ('kind', models.CharField(max_length=40, verbose_name='what happened')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='at')),
                ('about', models.CharField(blank=True, default='', max_length=64, verbose_name='conversation')),
                ('data', models.TextField(verbose_name='as it was hashed')),
                ('hash', models.CharField(max_length=64, verbose_name='hash')),
            ],
            options={
                'verbose_name': 'entry of the log',
                'verbose_name_plural': 'log',
                'indexes': [models.Index(fields=['kind', '-index'], name='log_by_kind'), models.Index(condition=models.Q(('about', ''), _negated=True), fields=['about', '-index'], name='log_by_about')],
            },
        ),
        migrations.RunPython(guard, unguard),
    ]
