from celery import shared_task

from accounts.actions.password_mails import send_due
from accounts.actions.sign_ins import sweep_sign_ins
from accounts.directory.extra import sync_directories


@shared_task
def send_password_mails() -> int:
    """Every few seconds: what asks for a mail only writes a row."""
    return send_due()


@shared_task
def look_at_directories() -> int:
    """Every ten minutes: people whom a directory no longer lets in are switched off here."""
    return sync_directories()


@shared_task
def forget_sign_ins() -> int:
    """Every hour: sessions that ran out by themselves are no longer listed."""
    return sweep_sign_ins()
