from celery import shared_task

from accounts.actions.password_mails import send_due


@shared_task
def send_password_mails() -> int:
    """Every few seconds: what asks for a mail only writes a row."""
    return send_due()
