from typing import ClassVar

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("transcripts", "0002_log"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations: ClassVar = [
        migrations.CreateModel(
            name='Matter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=40, unique=True, verbose_name='number')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('note', models.TextField(blank=True, default='', max_length=2000, verbose_name='note')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='opened')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='closed')),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'matter',
                'verbose_name_plural': 'matters',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='Purpose',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('session', models.CharField(editable=False, help_text="SHA-256 of the session's key.", max_length=64)),
                ('reason', models.CharField(blank=True, default='', max_length=300, verbose_name='reason')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='said')),
                ('matter', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='purposes', to='transcripts.matter')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'purpose',
                'verbose_name_plural': 'purposes',
            },
        ),
        migrations.CreateModel(
            name='AskedSearch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('query', models.TextField(blank=True, default='', verbose_name='search')),
                ('conversations', models.PositiveIntegerField(default=0, verbose_name='conversations')),
                ('texts', models.PositiveIntegerField(default=0, verbose_name='hits')),
                ("first", models.JSONField(default=list, help_text="The newest of what was found then, by id: the first page.")),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='at')),
                ('purpose', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='searches', to='transcripts.purpose')),
            ],
            options={
                'verbose_name': 'search',
                'verbose_name_plural': 'searches',
            },
        ),
        migrations.CreateModel(
            name='SavedSearch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('version', models.PositiveIntegerField(default=1, verbose_name='version')),
                ('query', models.TextField(blank=True, default='', verbose_name='search')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='saved')),
                ('conversations', models.PositiveIntegerField(default=0, verbose_name='conversations then')),
                ('texts', models.PositiveIntegerField(default=0, verbose_name='hits then')),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('matter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='searches', to='transcripts.matter')),
            ],
            options={
                'verbose_name': 'saved search',
                'verbose_name_plural': 'saved searches',
                'ordering': ['name', '-version'],
            },
        ),
        migrations.AddConstraint(
            model_name='purpose',
            constraint=models.CheckConstraint(condition=models.Q(('matter__isnull', False), models.Q(('reason', ''), _negated=True), _connector='OR'), name='purpose_says_something'),
        ),
        migrations.AddIndex(
            model_name='askedsearch',
            index=models.Index(fields=['purpose', '-id'], name='asked_by_purpose'),
        ),
        migrations.AddConstraint(
            model_name='savedsearch',
            constraint=models.UniqueConstraint(fields=('matter', 'name', 'version'), name='search_version_once'),
        ),
    ]
