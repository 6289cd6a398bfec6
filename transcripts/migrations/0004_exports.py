import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import transcripts.models.export
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('transcripts', '0003_search'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ExportRules',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('approve_above', models.PositiveIntegerField(default=100, help_text='Conversations. An export of more waits until another person of compliance has approved it.', verbose_name='second person above')),
                ('keep_days', models.PositiveSmallIntegerField(default=14, help_text="In days. Then the volumes are removed from this desk; the manifest's hash stays.", validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(365)], verbose_name='kept for')),
                ('volume_mb', models.PositiveIntegerField(default=1000, help_text='In MB. A volume ends with the conversation that reaches it.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100000)], verbose_name='size of a volume')),
            ],
            options={
                'verbose_name': 'export rules',
                'verbose_name_plural': 'export rules',
            },
        ),
        migrations.CreateModel(
            name='Export',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.CharField(default=transcripts.models.export.new_export_ref, editable=False, max_length=22, unique=True)),
                ('requested_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='asked for')),
                ('reason', models.CharField(blank=True, default='', max_length=500, verbose_name='purpose')),
                ('query', models.TextField(blank=True, default='', verbose_name='search')),
                ('profile', models.CharField(choices=[('full', 'full: everything, with internal notes'), ('external', 'external: without notes and whatever else is internal'), ('subject', 'subject access: for the visitor themselves; other people are redacted'), ('training', 'training: pseudonyms, and addresses, telephone and card numbers masked')], default='full', max_length=8, verbose_name='profile')),
                ('formats', models.JSONField(default=transcripts.models.export.usual_formats, verbose_name='formats')),
                ('only_new', models.BooleanField(default=False, help_text='Leaves out what an earlier export of this stream has brought, once its receipt was confirmed.', verbose_name='only what is new')),
                ('stream', models.CharField(blank=True, default='', help_text='Where it goes, such as “archive”.', max_length=80, verbose_name='stream')),
                ('volume_bytes', models.PositiveBigIntegerField(default=1000000000, verbose_name='size of a volume')),
                ('bates_prefix', models.CharField(blank=True, default='', max_length=20, validators=[django.core.validators.RegexValidator('^[A-Z0-9_-]{0,20}$', 'Capital letters, digits, - and _ only.')], verbose_name='Bates prefix')),
                ('bates_next', models.PositiveBigIntegerField(default=1, editable=False, verbose_name='next Bates number')),
                ('state', models.CharField(choices=[('selecting', 'being counted'), ('waiting', 'waits for a second person'), ('queued', 'about to begin'), ('running', 'running'), ('paused', 'paused'), ('done', 'done'), ('warned', 'done with warnings'), ('refused', 'refused'), ('cancelled', 'cancelled'), ('failed', 'stopped by an error'), ('expired', 'removed after its time')], default='selecting', max_length=10, verbose_name='state')),
                ('wish', models.CharField(blank=True, default='', editable=False, max_length=6)),
                ('failure', models.CharField(blank=True, default='', editable=False, max_length=200, verbose_name='error')),
                ('snapshot_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='as of')),
                ('conversations', models.PositiveIntegerField(default=0, editable=False, verbose_name='conversations')),
                ('records', models.PositiveBigIntegerField(default=0, editable=False, verbose_name='records')),
                ('position', models.PositiveIntegerField(default=0, editable=False)),
                ('working_at', models.PositiveIntegerField(default=0, editable=False)),
                ('warnings', models.PositiveIntegerField(default=0, editable=False, verbose_name='warnings')),
                ('in_foreground', models.BooleanField(default=False, editable=False)),
                ('lease', models.CharField(blank=True, default='', editable=False, max_length=22)),
                ('lease_until', models.DateTimeField(blank=True, editable=False, null=True)),
                ('decided_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='decided')),
                ('started_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='begun')),
                ('finished_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='finished')),
                ('expires_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='kept until')),
                ('manifest_sha256', models.CharField(blank=True, default='', editable=False, max_length=64)),
                ('acknowledged_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='receipt confirmed')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
                ('matter', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='exports', to='transcripts.matter', verbose_name='matter')),
                ('requested_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked for by')),
            ],
            options={
                'verbose_name': 'export',
                'verbose_name_plural': 'exports',
            },
        ),
        migrations.CreateModel(
            name='ExportItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField()),
                ('conversation_id', models.BigIntegerField()),
                ('ref', models.CharField(max_length=22)),
                ('group_id', models.BigIntegerField()),
                ('closed_at', models.DateTimeField(null=True)),
                ('last', models.PositiveIntegerField(verbose_name='last record')),
                ('head', models.CharField(max_length=64)),
                ('state', models.CharField(choices=[('pending', 'to come'), ('done', 'exported'), ('skipped', 'left out')], default='pending', max_length=8)),
                ('reason', models.CharField(blank=True, default='', max_length=40, verbose_name='why left out')),
                ('export', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='items', to='transcripts.export')),
            ],
            options={
                'verbose_name': 'exported conversation',
                'verbose_name_plural': 'exported conversations',
            },
        ),
        migrations.CreateModel(
            name='ExportPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='number')),
                ('first_position', models.PositiveIntegerField()),
                ('last_position', models.PositiveIntegerField()),
                ('place', models.CharField(max_length=200)),
                ('size', models.PositiveBigIntegerField(verbose_name='size in bytes')),
                ('sha256', models.CharField(max_length=64)),
                ('manifest_sha256', models.CharField(max_length=64)),
                ('bates_first', models.CharField(blank=True, default='', max_length=40)),
                ('bates_last', models.CharField(blank=True, default='', max_length=40)),
                ('state', models.CharField(choices=[('stored', 'ready'), ('fetched', 'fetched'), ('removed', 'removed')], default='stored', max_length=8, verbose_name='state')),
                ('served', models.PositiveBigIntegerField(default=0)),
                ('line', models.CharField(blank=True, default='', max_length=22)),
                ('begun_at', models.DateTimeField(blank=True, null=True, verbose_name='fetching began')),
                ('fetched_at', models.DateTimeField(blank=True, null=True, verbose_name='fetched')),
                ('export', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='transcripts.export')),
            ],
            options={
                'verbose_name': 'volume',
                'verbose_name_plural': 'volumes',
            },
        ),
        migrations.CreateModel(
            name='ExportWarning',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('part', models.PositiveIntegerField(verbose_name='volume')),
                ('position', models.PositiveIntegerField(default=0)),
                ('kind', models.CharField(choices=[('missing', 'the file is missing'), ('changed', 'the file is not the one that was recorded'), ('gone', 'the conversation is no longer there'), ('broken', 'the conversation could not be written in this format')], max_length=8, verbose_name='kind')),
                ('conversation', models.CharField(max_length=22, verbose_name='conversation')),
                ('record', models.PositiveIntegerField(default=0, verbose_name='record')),
                ('expected', models.CharField(blank=True, default='', max_length=64)),
                ('found', models.CharField(blank=True, default='', max_length=64)),
                ('format', models.CharField(blank=True, default='', max_length=20, verbose_name='format')),
                ('export', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='warning_rows', to='transcripts.export')),
            ],
            options={
                'verbose_name': 'warning',
                'verbose_name_plural': 'warnings',
                'ordering': ['part', 'position', 'record'],
            },
        ),
        migrations.AddIndex(
            model_name='export',
            index=models.Index(fields=['-requested_at'], name='export_newest'),
        ),
        migrations.AddIndex(
            model_name='export',
            index=models.Index(condition=models.Q(('state__in', ('selecting', 'queued', 'running'))), fields=['requested_at'], name='export_to_do'),
        ),
        migrations.AddIndex(
            model_name='exportitem',
            index=models.Index(fields=['conversation_id', 'last'], name='export_of_conversation'),
        ),
        migrations.AddConstraint(
            model_name='exportitem',
            constraint=models.UniqueConstraint(fields=('export', 'position'), name='export_position'),
        ),
        migrations.AddConstraint(
            model_name='exportpart',
            constraint=models.UniqueConstraint(fields=('export', 'number'), name='export_part_number'),
        ),
        migrations.AddIndex(
            model_name='record',
            index=models.Index(condition=models.Q(('kind', 'file')), fields=['conversation', 'number'], name='record_files'),
        ),
    ]
