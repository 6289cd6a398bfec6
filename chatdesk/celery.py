"""Celery for production: the broker carries only the word that a job is due; what is to be done is in the database."""

import os

from celery import Celery

from chatdesk.schedule import SECONDS

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chatdesk.settings")

app = Celery("chatdesk")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    name: {"task": name, "schedule": seconds, "options": {"expires": seconds}} for name, seconds in SECONDS.items()
}
