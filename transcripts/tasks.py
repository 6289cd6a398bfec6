"""The periodic jobs. Each delegates to one action, is safe to repeat, and is its own sweep."""

from celery import shared_task

from transcripts.actions.retaining.running import run
from transcripts.actions.retaining.telling import send_due


@shared_task
def keep_and_destroy() -> int:
    """What is due is put away, what was put away long enough is destroyed, what was agreed comes into force."""
    return run()


@shared_task
def send_retention_mails() -> int:
    """The compliance people are told."""
    return send_due()
