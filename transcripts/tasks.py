"""The periodic jobs. Each delegates to one action, is safe to repeat, and is its own sweep."""

from celery import shared_task

from transcripts.actions import watching
from transcripts.actions.exporting.running import run_due
from transcripts.actions.exporting.shipping import ship_due
from transcripts.actions.exporting.tidying import tidy
from transcripts.actions.heads import sign_due
from transcripts.actions.holding import follow_all
from transcripts.actions.locking import holding as lock_holding
from transcripts.actions.locking.keeping import keep_due
from transcripts.actions.locking.lengthening import lengthen_due
from transcripts.actions.locking.removing import remove_due
from transcripts.actions.posting import post_due
from transcripts.actions.requesting.tending import tend
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


@shared_task
def begin_records() -> int:
    """Conversations from before there were records, and closed ones without a seal."""
    return watching.begin_due()


@shared_task
def check_records() -> int:
    """A share of all conversations, in turn."""
    return watching.check_share()


@shared_task
def run_exports() -> int:
    """New exports are counted, and those that may run are written; also what a lost worker left."""
    return run_due()


@shared_task
def ship_exports() -> int:
    """Finished volumes go into the buckets that were named for them."""
    return ship_due()


@shared_task
def tidy_exports() -> int:
    """Volumes whose time is over leave the storage."""
    return tidy()


@shared_task
def sign_head() -> int:
    """A signed head of the log, when one is due."""
    return sign_due()


@shared_task
def post_heads() -> int:
    """Heads go where this desk can't change them."""
    return post_due()


@shared_task
def follow_holds() -> int:
    """What is new is found by the legal holds in force."""
    return follow_all()


@shared_task
def keep_locked_copies() -> int:
    """Conversations that ended go where they are locked."""
    return keep_due()


@shared_task
def tend_locked_copies() -> int:
    """The storage hears of legal holds and of longer policies; what nobody can read goes when its lock lets go."""
    return lock_holding.follow() + lengthen_due() + remove_due()


@shared_task
def tend_requests() -> int:
    """Requests of people: what was erased, what wakes, what is due, what is forgotten."""
    return tend()
