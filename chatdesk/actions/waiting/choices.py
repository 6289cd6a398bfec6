"""Keep waiting, leave a message, be told by mail: asked after a while, and taken by the visitor."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F, Q
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from chatdesk.actions.entries import closed, post_entry
from chatdesk.actions.waiting.silences import waiting
from chatdesk.contact import check_address
from chatdesk.language import for_everybody
from chatdesk.models import Conversation, Kind, MailNotice, WaitChoice
from chatdesk.protocol import Code, Refused
from chatdesk.realtime import publish
from chatdesk.waiting import can_tell_by_mail
from routing.actions import queue
from routing.errors import RoutingError
from routing.locks import deciding
from routing.models import Group, Outcome, Request

AT_ONCE = 200
MOST_DOUBLINGS = 8


def offer_choices(groups: Collection[int], now: datetime) -> int:
    """Ask who has waited long enough; how many were asked."""
    asking = Group.objects.filter(pk__in=groups, choice_seconds__gt=0)
    return sum(_offer(group, now) for group in asking)


def _offer(group: Group, now: datetime) -> int:
    begun = F("request__waiting_since")  # what was asked and answered before a transfer counts no longer
    unasked = Q(choice=None) | Q(choice__offered_at=None) | Q(choice__offered_at__lt=begun)
    unanswered = Q(choice=None) | Q(choice__due_at=None) | Q(choice__due_at__lt=begun)
    first = unanswered & Q(request__waiting_since__lte=now - timedelta(seconds=group.choice_seconds))
    again = Q(choice__due_at__lte=now, choice__due_at__gte=begun)
    due = waiting(group, now).filter(unasked, first | again)
    found = list(due.values_list("pk", flat=True)[:AT_ONCE])
    for conversation_id in found:
        WaitChoice.objects.update_or_create(conversation_id=conversation_id, defaults={"offered_at": now})
        publish("state", conversation_id)
    return len(found)


def choose(conversation_id: int, choice: str, email: str | None = None) -> None:
    """What the visitor would rather do: `wait`, `message` or `mail` (with an address).

    Waiting on asks again after twice the time; from a message it leads back into the queue. Raises Refused
    (`state.conflict`, `conversation.closed`, `form.incomplete`), and then nothing has changed.
    """
    with deciding() as now:
        rows = Conversation.objects.select_related("request", "group", "button", "choice")
        conversation = rows.get(pk=conversation_id)
        step = CHOICES.get((conversation.standing, choice))
        if step is None:
            raise Refused(Code.INVALID, _("There is no such choice."))
        step(conversation, email or "", now)
        publish("state", conversation.pk)


def _keep_waiting(conversation: Conversation, _email: str, now: datetime) -> None:
    kept = min(_times_kept(conversation) + 1, MOST_DOUBLINGS)
    due = now + timedelta(seconds=conversation.request.group.choice_seconds * 2**kept)
    answer = {"offered_at": None, "due_at": due, "times_kept": kept}
    WaitChoice.objects.update_or_create(conversation=conversation, defaults=answer)


def _times_kept(conversation: Conversation) -> int:
    """In this wait: what was chosen in an earlier one counts no longer."""
    choice: WaitChoice | None = getattr(conversation, "choice", None)
    if choice is None or choice.due_at is None or choice.due_at < conversation.request.waiting_since:
        return 0
    return choice.times_kept


def _leave_message(conversation: Conversation, _email: str, _now: datetime) -> None:
    queue.end(conversation.request_id, outcome=Outcome.MESSAGE)
    words = gettext_lazy("This is kept as a message. Somebody will answer it here.")
    post_entry(conversation, None, for_everybody(words), kind=Kind.NOTICE)


def _leave_message_by_mail(conversation: Conversation, email: str, now: datetime) -> None:
    _ask_for_mail(conversation, email, now)
    _leave_message(conversation, email, now)


def _ask_for_mail(conversation: Conversation, email: str, now: datetime) -> None:
    if not can_tell_by_mail(conversation.group):
        raise Refused(Code.CONFLICT, _("This desk does not send mail. Come back to this page to see the answer."))
    check_address(email)
    wish = {"address": email, "language": get_language() or settings.LANGUAGE_CODE, "asked_at": now, "due_at": now}
    fresh = {"state": MailNotice.State.WAITING, "tries": 0}
    MailNotice.objects.update_or_create(conversation=conversation, defaults=wish | fresh)


def _queue_again(conversation: Conversation, _email: str, _now: datetime) -> None:
    WaitChoice.objects.filter(conversation=conversation).delete()

    def link(request: Request) -> None:
        Conversation.objects.filter(pk=conversation.pk).update(request=request)

    try:
        queue.enqueue(conversation.group, link, language=conversation.request.language)
    except RoutingError as error:
        words = _("Nobody can be waited for just now. Your message is kept, and will be answered here.")
        raise Refused(Code.CONFLICT, words) from error


def _stay(_conversation: Conversation, _email: str, _now: datetime) -> None:
    """Asked twice: it is what was wanted."""


def _too_late(_conversation: Conversation, _email: str, _now: datetime) -> None:
    raise Refused(Code.CONFLICT, _("Somebody is with you now: go on writing."))


def _over(_conversation: Conversation, _email: str, _now: datetime) -> None:
    raise closed()


Step = Callable[[Conversation, str, datetime], None]
CHOICES: dict[tuple[str, str], Step] = {
    ("waiting", "wait"): _keep_waiting,
    ("waiting", "message"): _leave_message,
    ("waiting", "mail"): _leave_message_by_mail,
    ("message", "wait"): _queue_again,
    ("message", "message"): _stay,
    ("message", "mail"): _ask_for_mail,
    **{("active", choice): _too_late for choice in ("wait", "message", "mail")},
    **{("closed", choice): _over for choice in ("wait", "message", "mail")},
}
