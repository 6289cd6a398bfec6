"""The periodic jobs. Each delegates to one action, is safe to repeat, and is its own sweep."""

from celery import shared_task

from chatdesk.actions.files import sweep_unfinished
from routing.actions.presence import sweep


@shared_task
def sweep_leases() -> int:
    """Chats of people who vanished go back to the queue, and whatever waits is assigned."""
    return len(sweep())


@shared_task
def sweep_files() -> int:
    """Uploads that never finished are removed, row and bytes."""
    return sweep_unfinished()
