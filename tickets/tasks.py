"""The periodic jobs. Each delegates to one action, is safe to repeat, and is its own sweep."""

from celery import shared_task

from tickets import fetching
from tickets.actions import followups, outbox, pickup, processing, sending, tickets


@shared_task
def process_incoming() -> int:
    """Kept mails that nobody has worked off yet."""
    return processing.process_due()


@shared_task
def fetch_mailboxes() -> int:
    """What waits in the mailboxes that are fetched."""
    return fetching.fetch_all()


@shared_task
def queue_mails() -> int:
    """What the other side has not read becomes mail."""
    return outbox.queue_due()


@shared_task
def send_mails() -> int:
    """What is due is handed to a server."""
    return sending.send_due()


@shared_task
def expire_boxes() -> int:
    """Pick-up boxes whose time is up."""
    return pickup.expire_boxes()


@shared_task
def tend_tickets() -> int:
    """What was left becomes a ticket, and tickets follow what was said."""
    return tickets.ensure_left() + tickets.follow_what_was_said()


@shared_task
def remind() -> int:
    """Promises: kept by their answers, spoken of when they are due, and their contacts forgotten in time."""
    return followups.keep_answered() + followups.remind_due() + followups.forget_due()
