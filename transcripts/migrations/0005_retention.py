import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
        ('routing', '0001_initial'),
        ('chatdesk', '0001_initial'),
        ('transcripts', '0004_exports'),
    ]

    operations = [
        migrations.CreateModel(
            name='RetentionClock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seen_at', models.DateTimeField()),
                ('stopped_at', models.DateTimeField(null=True)),
                ('jumped_to', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='KeptByHand',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('until', models.DateTimeField(verbose_name='until')),
                ('reason', models.CharField(max_length=300, verbose_name='why')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('conversation', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='kept_by_hand', to='chatdesk.conversation')),
            ],
        ),
        migrations.CreateModel(
            name='RetentionRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('begun_at', models.DateTimeField(verbose_name='begun')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='ended')),
                ('is_open', models.BooleanField(default=True)),
                ('cursor', models.BigIntegerField(default=0)),
                ('examined', models.PositiveIntegerField(default=0, verbose_name='looked at')),
                ('quarantined', models.PositiveIntegerField(default=0, verbose_name='put away')),
            ],
            options={
                'verbose_name': 'retention run',
                'verbose_name_plural': 'retention runs',
                'ordering': ['-pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_open', True)), fields=('is_open',), name='one_retention_run')],
            },
        ),
        migrations.CreateModel(
            name='Disposition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.CharField(db_index=True, max_length=22)),
                ('data', models.CharField(default='text', max_length=20)),
                ('state', models.CharField(choices=[('quarantined', 'put away, can be brought back'), ('destroying', 'being destroyed'), ('pending', 'to be tried again'), ('destroyed', 'destroyed'), ('restored', 'brought back'), ('cancelled', 'not due any more')], default='quarantined', max_length=11, verbose_name='state')),
                ('policy', models.CharField(max_length=40, verbose_name='policy')),
                ('due_at', models.DateTimeField(verbose_name='due')),
                ('quarantined_at', models.DateTimeField(verbose_name='put away')),
                ('destroy_at', models.DateTimeField(verbose_name='to be destroyed')),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('error', models.CharField(blank=True, default='', max_length=200)),
                ('ended_at', models.DateTimeField(null=True)),
                ('reason', models.CharField(blank=True, default='', max_length=300, verbose_name='why')),
                ('conversation', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='dispositions', to='chatdesk.conversation')),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('run', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='dispositions', to='transcripts.retentionrun')),
            ],
            options={
                'verbose_name': 'disposition',
                'verbose_name_plural': 'dispositions',
                'ordering': ['destroy_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Tombstone',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.CharField(max_length=22, unique=True)),
                ('group_slug', models.CharField(max_length=40, verbose_name='group')),
                ('destroyed_at', models.DateTimeField(verbose_name='destroyed')),
                ('facts', models.JSONField()),
                ('leaf', models.BigIntegerField(help_text='Its place in the log of the site.', null=True)),
                ('stored_at', models.DateTimeField(help_text='When it was written to the storage as well.', null=True)),
                ('disposition', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tombstones', to='transcripts.disposition')),
            ],
            options={
                'verbose_name': 'tombstone',
                'verbose_name_plural': 'tombstones',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verb', models.CharField(max_length=30)),
                ('target', models.CharField(blank=True, default='', max_length=64)),
                ('before', models.JSONField(null=True)),
                ('after', models.JSONField(null=True)),
                ('forecast', models.JSONField(default=dict)),
                ('reason', models.CharField(max_length=300, verbose_name='why')),
                ('state', models.CharField(choices=[('waiting', 'waits for a second person'), ('delayed', 'approved, begins later'), ('done', 'in force'), ('refused', 'refused'), ('withdrawn', 'withdrawn'), ('failed', 'could not be done')], default='waiting', max_length=9, verbose_name='state')),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='asked')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided')),
                ('effective_at', models.DateTimeField(blank=True, null=True, verbose_name='begins')),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked by')),
                ('decider', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
            ],
            options={
                'verbose_name': 'proposal',
                'verbose_name_plural': 'proposals',
                'ordering': ['-pk'],
                'indexes': [models.Index(models.F('effective_at'), condition=models.Q(('state', 'delayed')), name='proposal_due')],
                'constraints': [models.CheckConstraint(condition=models.Q(('decider__isnull', True), models.Q(('decider', models.F('author')), _negated=True), ('state', 'withdrawn'), _connector='OR'), name='nobody_approves_their_own')],
            },
        ),
        migrations.CreateModel(
            name='RetentionMail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('due_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('letter', models.CharField(max_length=30)),
                ('facts', models.JSONField(default=dict)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('sent_at', models.DateTimeField(default=None, null=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(models.F('due_at'), condition=models.Q(('sent_at', None)), name='retention_mail_due')],
            },
        ),
        migrations.CreateModel(
            name='RetentionPolicy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('data', models.CharField(default='text', max_length=20, verbose_name='what')),
                ('kind', models.CharField(blank=True, default='', max_length=12, verbose_name='kind of conversation')),
                ('keep_days', models.PositiveIntegerField(blank=True, help_text='Nothing is deleted earlier, whatever another policy says.', null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(36500)], verbose_name='keep at least, days')),
                ('delete_days', models.PositiveIntegerField(blank=True, help_text='Empty: this policy deletes nothing.', null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(36500)], verbose_name='delete after, days')),
                ('anchor', models.CharField(choices=[('closed', 'the end of the conversation'), ('last', 'its last entry')], default='closed', max_length=8, verbose_name='counted from')),
                ('export_first', models.BooleanField(default=False, help_text='Nothing goes before an export that holds it was confirmed as received.', verbose_name='export before deleting')),
                ('note', models.CharField(blank=True, default='', max_length=300, verbose_name='why')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='changed')),
                ('group', models.ForeignKey(blank=True, help_text='Empty: all groups. Of a chat that was in several, the longest counts.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='retention_policies', to='routing.group', verbose_name='routing group')),
            ],
            options={
                'verbose_name': 'retention policy',
                'verbose_name_plural': 'retention policies',
                'ordering': [models.OrderBy(models.F('group__name'), nulls_first=True), 'data', 'kind'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('group', None)), fields=('data', 'kind'), name='one_policy_for_all'), models.UniqueConstraint(condition=models.Q(('group__isnull', False)), fields=('group', 'data', 'kind'), name='one_policy_a_group')],
            },
        ),
        migrations.AddIndex(
            model_name='disposition',
            index=models.Index(condition=models.Q(('state__in', ('quarantined', 'destroying', 'pending'))), fields=['destroy_at', 'id'], name='disposition_due'),
        ),
        migrations.AddConstraint(
            model_name='disposition',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ('quarantined', 'destroying', 'pending'))), fields=('conversation', 'data'), name='one_disposition_at_a_time'),
        ),
        migrations.AddIndex(
            model_name='tombstone',
            index=models.Index(models.F('id'), condition=models.Q(('stored_at', None)), name='tombstone_unstored'),
        ),
    ]
