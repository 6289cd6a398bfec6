"""The site's log. The database itself refuses to change or delete what stands in it."""

from typing import ClassVar

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

GUARDED = ("transcripts_logleaf", "transcripts_lognode", "transcripts_loghead")
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
            name='LogHead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('size', models.BigIntegerField(verbose_name='entries')),
                ('root', models.CharField(max_length=64, verbose_name='root')),
                ('at', models.DateTimeField(verbose_name='signed')),
                ('key', models.CharField(max_length=32, verbose_name='key')),
                ('data', models.TextField()),
            ],
            options={
                'verbose_name': 'signed head',
                'verbose_name_plural': 'signed heads',
            },
        ),
        migrations.CreateModel(
            name='LogKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=32, unique=True, verbose_name='key')),
                ('public', models.CharField(max_length=43, verbose_name='public key')),
                ('sealed', models.TextField(blank=True, default='', editable=False)),
                ('said_at', models.CharField(editable=False, max_length=27)),
                ('previous', models.CharField(blank=True, default='', max_length=32, verbose_name='key before')),
                ('endorsement', models.CharField(blank=True, default='', editable=False, max_length=86)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='made')),
            ],
            options={
                'verbose_name': 'signing key',
                'verbose_name_plural': 'signing keys',
            },
        ),
        migrations.CreateModel(
            name='LogNode',
            fields=[
                ('key', models.BigIntegerField(primary_key=True, serialize=False)),
                ('hash', models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name='LogSettings',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('minutes', models.PositiveSmallIntegerField(default=5, help_text='While something happens. A desk at rest signs one head a day.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(1440)], verbose_name='minutes between heads')),
                ('outside_address', models.EmailField(blank=True, default='', help_text='Each head is mailed there: to somebody who is not you, such as your auditor. Only so it can be shown later that the end of the log was not cut off.', max_length=254, verbose_name='outside address')),
                ('stamp_url', models.CharField(blank=True, default='', help_text='A service that answers RFC 3161 over http or https. It sees hashes alone. Empty: none.', max_length=300, validators=[django.core.validators.URLValidator(['http', 'https'])], verbose_name='time stamp service')),
                ('stamp_certificate', models.TextField(blank=True, default='', help_text="PEM, from the service's owner. With it each time stamp is checked as it comes in.", verbose_name='its certificate')),
            ],
            options={
                'verbose_name': 'proof settings',
                'verbose_name_plural': 'proof settings',
            },
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
        migrations.CreateModel(
            name='HeadPost',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('due_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('way', models.CharField(choices=[('storage', 'storage'), ('mail', 'mail'), ('stamp', 'time stamp')], max_length=7)),
                ('done_at', models.DateTimeField(default=None, null=True)),
                ('receipt', models.TextField(blank=True, default='')),
                ('trouble', models.CharField(blank=True, default='', max_length=80)),
                ('head', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='transcripts.loghead')),
            ],
            options={
                'indexes': [models.Index(models.F('due_at'), condition=models.Q(('done_at', None)), name='head_post_due')],
                'constraints': [models.UniqueConstraint(fields=('head', 'way'), name='head_post_once')],
            },
        ),
        migrations.RunPython(guard, unguard),
    ]
