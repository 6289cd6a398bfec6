"""The periodic jobs. Each delegates to one action, is safe to repeat, and is its own sweep."""

from celery import shared_task

from chatdesk.actions.files import sweep_erased, sweep_unfinished
from chatdesk.actions.invitations import end_overdue
from chatdesk.actions.waiting import send_due_notices, tend
from routing.actions import sweep


@shared_task
def sweep_leases() -> int:
    """Chats of people who vanished go back to the queue, and whatever waits is assigned."""
    return len(sweep())


@shared_task
def tend_waiting() -> int:
    """Who waits is told and asked what is due; holds and silent chats end."""
    return tend()


@shared_task
def send_mail_notices() -> int:
    """Who asked to be told by mail of an answer is told."""
    return send_due_notices()


@shared_task
def sweep_files() -> int:
    """Uploads that never finished are removed, row and bytes; of erased files the bytes."""
    return sweep_unfinished() + sweep_erased()


@shared_task
def sweep_invitations() -> int:
    """Offers that nobody answered in time end, and who made them is told."""
    return end_overdue()
