from celery import shared_task

from routing.actions.absence_mails import send_due
from routing.actions.absences import watch


@shared_task
def watch_absences() -> int:
    """Find open groups with nobody there, and send what is due about them."""
    watch()
    return send_due()
